import type { SessionId, WallMicros } from '#lib/base/brand.ts';
import type { Direction } from '#lib/base/direction.ts';
import type { CaptureEnd, CaptureMeta } from '#lib/protocol/capture.ts';

/**
 * What a capture hands to the recorder, in the order it happened. Written by a spool's single writer, read by its recorder.
 * A change here is a change of the spool's file format: raise `SPOOL_FORMAT` in `segment.ts`.
 */
export type SpoolRecord =
  | WriterStartRecord
  | SessionOpenRecord
  | MessageRecord
  | SessionCloseRecord
  | WatermarkRecord
  | LossRecord;

/** A writer took over the spool. Every session that was open before it is lost: its tap died without closing it. */
export interface WriterStartRecord {
  readonly kind: 'writer_start';
  readonly at: WallMicros;
  readonly writerId: string;
}

/** A capture begins. */
export interface SessionOpenRecord {
  readonly kind: 'session_open';
  readonly sessionId: SessionId;
  /** Null where an import knows no time. */
  readonly at: WallMicros | null;
  readonly capture: CaptureMeta;
}

/** One whole message of the wire, secrets already masked. */
export interface MessageRecord {
  readonly kind: 'message';
  readonly sessionId: SessionId;
  /** 1, 2, 3 … per session, given on receipt: a hole is a loss. */
  readonly seq: number;
  /** When the capture received it; null where an import knows no time. */
  readonly at: WallMicros | null;
  readonly direction: Direction;
  /** The frame's opcode. A text frame may still hold bytes that are not UTF-8. */
  readonly format: 'text' | 'binary';
  readonly payload: Uint8Array;
  /** Length of the message on the wire, before masking or dropping of audio. */
  readonly wireBytes: number;
  /** How many secrets were replaced by the mask. */
  readonly masked: number;
  /** True where the spool was so full that the audio inside the payload was left out. */
  readonly audioDropped: boolean;
}

/** A capture has ended. */
export interface SessionCloseRecord {
  readonly kind: 'session_close';
  readonly sessionId: SessionId;
  readonly at: WallMicros | null;
  readonly end: CaptureEnd;
}

/** Once a second while sessions are open: nothing happened in them up to `at` beyond what was recorded. */
export interface WatermarkRecord {
  readonly kind: 'watermark';
  readonly at: WallMicros;
  readonly sessionIds: readonly SessionId[];
}

/** Messages of a session that were relayed but could not be recorded. Their `seq`s are skipped. */
export interface LossRecord {
  readonly kind: 'loss';
  readonly sessionId: SessionId;
  readonly at: WallMicros;
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly bytes: number;
  readonly cause: LossCause;
}

export type LossCause = 'spool_full' | 'spool_failed' | 'buffer_full';
