/** A type as it stood on the wire, its last part set off, so that `….delta` and `….done` are told apart at a glance. */
export function EventType({ type }: { readonly type: string }) {
  if (type === '') return <span className="text-error italic">unreadable</span>;
  const short = type.length > 120 ? `${type.slice(0, 120)}…` : type;
  const cut = short.lastIndexOf('.');
  if (cut === -1) return <span>{short}</span>;
  return (
    <span>
      <span className="text-muted">{short.slice(0, cut + 1)}</span>
      {short.slice(cut + 1)}
    </span>
  );
}
