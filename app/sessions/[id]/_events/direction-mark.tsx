import type { Direction } from '#lib/base/direction.ts';

const LOOKS = {
  client_to_server: { path: 'M2 9.5 6 2.5l4 7Z', className: 'fill-client', label: 'Client to server' },
  server_to_client: { path: 'M2 2.5h8l-4 7Z', className: 'fill-server', label: 'Server to client' },
  unknown: { path: 'M2.5 6 6 2.5 9.5 6 6 9.5Z', className: 'fill-neutral', label: 'Direction unknown' },
} as const;

/** Who spoke, by shape and colour: the client's messages point up, the server's down. */
export function DirectionMark({ direction }: { readonly direction: Direction }) {
  const look = LOOKS[direction];
  return (
    <svg viewBox="0 0 12 12" className="size-2.5 shrink-0" role="img" aria-label={look.label}>
      <path d={look.path} className={look.className} />
    </svg>
  );
}
