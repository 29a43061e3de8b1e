import type { SessionId, WallMicros } from '#lib/base/brand.ts';
import type { Direction } from '#lib/base/direction.ts';
import type { CaptureEnd, CaptureMeta, CaptureMode, Transport, UpstreamKind } from '#lib/protocol/capture.ts';
import { formatExportedEnd, formatExportedMessage, formatExportedSession } from './export-format.ts';

/** What an export needs to know of a stored session; a session row of the store fits. */
export interface SessionToExport {
  readonly id: SessionId;
  readonly status: string;
  readonly startedAt: WallMicros | null;
  readonly endedAt: WallMicros | null;
  readonly clock: CaptureMeta['clock'];
  readonly endedBy: CaptureEnd['by'];
  readonly closeCode: number | null;
  readonly closeReason: string | null;
  readonly httpStatus: number | null;
  readonly endDetail: string | null;
  readonly captureMode: string;
  readonly transport: string;
  readonly upstream: string | null;
  readonly provider: string;
  readonly path: string | null;
  readonly query: Readonly<Record<string, string>>;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** One stored message with its body. */
export interface EventToExport {
  readonly row: {
    readonly seq: number;
    readonly at: WallMicros | null;
    readonly direction: Direction;
    readonly byteLength: number;
    readonly format: 'json' | 'text' | 'binary';
    readonly flags: readonly string[];
  };
  readonly payload: Uint8Array;
}

/** The parts of an export, in order. */
export type PartToExport =
  | { readonly kind: 'session'; readonly session: SessionToExport }
  | { readonly kind: 'event'; readonly event: EventToExport }
  | { readonly kind: 'end'; readonly session: SessionToExport };

/** Upstream kinds that are also names of providers; of others the stream itself tells who answered. */
const KINDS: readonly UpstreamKind[] = ['openai', 'azure-openai', 'azure-voice-live', 'xai', 'qwen', 'simulator'];

/** The lines of an export, each with its line feed. */
export async function* exportLines(parts: AsyncIterable<PartToExport>): AsyncGenerator<string> {
  for await (const part of parts) yield `${exportLine(part)}\n`;
}

function exportLine(part: PartToExport): string {
  switch (part.kind) {
    case 'session':
      return formatExportedSession({ id: part.session.id, startedAt: part.session.startedAt, capture: captureOf(part.session) });
    case 'event':
      return formatExportedMessage(messageOf(part.event));
    case 'end':
      return formatExportedEnd({ at: part.session.endedAt, end: endOf(part.session) });
  }
}

function captureOf(session: SessionToExport): CaptureMeta {
  return {
    mode: session.captureMode as CaptureMode,
    transport: session.transport as Transport,
    upstream: session.upstream,
    upstreamKind: KINDS.find((kind) => kind === session.provider) ?? null,
    path: session.path,
    query: session.query,
    requestHeaders: session.requestHeaders,
    responseHeaders: {},
    subprotocol: null,
    tags: session.tags,
    clock: session.clock,
    source: null,
  };
}

function messageOf({ row, payload }: EventToExport) {
  return {
    seq: row.seq,
    at: row.at,
    direction: row.direction,
    format: row.format === 'binary' ? ('binary' as const) : ('text' as const),
    payload,
    isJsonObject: row.format === 'json',
    wireBytes: row.byteLength,
    masked: row.flags.includes('masked'),
    audioDropped: row.flags.includes('audio_dropped'),
  };
}

/** Lost and open sessions have no end of their own. */
function endOf(session: SessionToExport): CaptureEnd | null {
  const { status } = session;
  if (status !== 'ended' && status !== 'refused' && status !== 'failed') return null;
  return {
    how: status === 'ended' && session.endedBy === null && session.captureMode === 'import' ? 'imported' : status,
    by: session.endedBy,
    code: session.closeCode,
    reason: session.closeReason,
    httpStatus: session.httpStatus,
    detail: session.endDetail,
  };
}
