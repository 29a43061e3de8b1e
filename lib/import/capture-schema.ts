import { z } from 'zod';
import type { CaptureMeta } from '#lib/protocol/capture.ts';

const texts = z.record(z.string(), z.string());

/** Shape of the capture in an export's first line: it comes from a file, so it is checked before it is believed. */
export const CAPTURE_SCHEMA: z.ZodType<CaptureMeta> = z.object({
  mode: z.enum(['relay', 'sideband', 'ingest', 'import']),
  transport: z.enum(['websocket', 'webrtc', 'sip', 'sse', 'unknown']),
  upstream: z.string().nullable(),
  upstreamKind: z.enum(['openai', 'azure-openai', 'azure-voice-live', 'xai', 'qwen', 'compatible', 'simulator']).nullable(),
  path: z.string().nullable(),
  query: texts,
  requestHeaders: texts,
  responseHeaders: texts,
  subprotocol: z.string().nullable(),
  tags: texts,
  clock: z.enum(['wall', 'relative', 'none']),
  source: z.object({ file: z.string(), sha256: z.string(), format: z.string(), index: z.number() }).nullable(),
});
