/** What a capture knows of the connection itself: where it stands, how it began, how it ended. Types only. */

/** How messages travel between application and provider, as far as the capture can tell. */
export type Transport = 'websocket' | 'webrtc' | 'sip' | 'sse' | 'unknown';

/** Where the capture stands: between the two parties, beside them, or after the fact. */
export type CaptureMode = 'relay' | 'sideband' | 'ingest' | 'import';

/** What an upstream speaks; decides its paths and its exceptions. */
export type UpstreamKind = 'openai' | 'azure-openai' | 'azure-voice-live' | 'xai' | 'qwen' | 'compatible' | 'simulator';

/** What is known of a capture when it begins. Secrets never enter it: headers and query are allowlisted. */
export interface CaptureMeta {
  readonly mode: CaptureMode;
  readonly transport: Transport;
  /** Name of the configured upstream, e.g. `openai`; null for imports. */
  readonly upstream: string | null;
  /** Kind of that upstream, e.g. `openai`, `azure-openai`, `compatible`. */
  readonly upstreamKind: UpstreamKind | null;
  /** Path as the provider sees it, without query. */
  readonly path: string | null;
  readonly query: Readonly<Record<string, string>>;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly subprotocol: string | null;
  readonly tags: Readonly<Record<string, string>>;
  /** Origin of the times: `relative` counts from an unknown start, stored from 1970 on; `none` has no times. */
  readonly clock: 'wall' | 'relative' | 'none';
  readonly source: CaptureSource | null;
}

/** The file an import came from. */
export interface CaptureSource {
  readonly file: string;
  readonly sha256: string;
  readonly format: string;
  /** Which session of the file, counted from 0. */
  readonly index: number;
}

/** How a capture ended. */
export interface CaptureEnd {
  /** `ended`: closed in order. `refused`: the provider answered the handshake with an HTTP status. `failed`: could not be reached. `imported`: end of the file. */
  readonly how: 'ended' | 'refused' | 'failed' | 'imported';
  /** Who closed first. */
  readonly by: 'client' | 'server' | 'tap' | null;
  /** WebSocket close code as seen by the tap; 1005 and 1006 mean that none was sent. */
  readonly code: number | null;
  readonly reason: string | null;
  /** HTTP status of a refusal. */
  readonly httpStatus: number | null;
  /** One sentence for people, e.g. the first 2,000 characters of a refusal's body. */
  readonly detail: string | null;
}
