import type { SessionView } from '#lib/session/view.ts';

/** How a session came here: what the handshake said, what it was captured from. */
export function CaptureFacts({ session }: { readonly session: SessionView }) {
  const facts: readonly (readonly [name: string, value: string | null])[] = [
    ['Session', session.id],
    ['Provider’s session', session.providerSessionId],
    ['Provider’s call', session.providerCallId],
    ['Captured by', session.captureMode],
    ['Upstream', session.upstream],
    ['Path', session.path],
    ...Object.entries(session.query).map(([name, value]) => [`?${name}`, value] as const),
    ...Object.entries(session.requestHeaders).map(([name, value]) => [name, value] as const),
    ['File', session.sourceFile],
    ['SHA-256 of it', session.sourceSha256],
    ['Close', describeClose(session)],
  ];
  return (
    <details open className="max-h-[34vh] shrink-0 overflow-auto bg-surface px-4 py-2.5">
      <summary className="font-medium text-xs">Capture</summary>
      <dl className="mt-2 grid gap-x-8 gap-y-1 text-xs md:grid-cols-2">
        {facts.map(([name, value]) =>
          value === null ? null : (
            <div key={name} className="grid grid-cols-[9rem_1fr] gap-3">
              <dt className="truncate text-faint">{name.slice(0, 100)}</dt>
              <dd className="font-mono text-2xs leading-5 [overflow-wrap:anywhere]">{value.slice(0, 500)}</dd>
            </div>
          ),
        )}
      </dl>
    </details>
  );
}

function describeClose({ closeCode, closeReason, endedBy }: SessionView): string | null {
  const parts = [closeCode, closeReason, endedBy === null ? null : `by ${endedBy}`].filter(
    (part) => part !== null && part !== '',
  );
  return parts.length === 0 ? null : parts.join(' · ');
}
