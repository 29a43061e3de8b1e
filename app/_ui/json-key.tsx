/** The key before a value. */
export function JsonKey({ name }: { readonly name: string | null }) {
  if (name === null) return null;
  return (
    <>
      <span className="text-muted">{name.length > 200 ? `${name.slice(0, 200)}…` : name}</span>
      <span className="text-faint">: </span>
    </>
  );
}
