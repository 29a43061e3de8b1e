import type { WallMicros } from '#lib/base/brand.ts';
import type { Direction } from '#lib/base/direction.ts';
import type { Decoded, DecodedEvent } from '#lib/protocol/decode.ts';
import type { SessionState } from './state.ts';

/** One recorded message, as the reducers take it. */
export interface FoldEvent {
  readonly seq: number;
  readonly at: WallMicros | null;
  readonly direction: Direction;
  /** Length on the wire. */
  readonly byteLength: number;
  /** Decoded audio bytes inside it. */
  readonly audioBytes: number;
  readonly decoded: Decoded;
}

/** Folds one readable message into the state. */
export type Handler = (state: SessionState, event: FoldEvent, decoded: DecodedEvent) => void;

/** Handlers by canonical event type. */
export type Handlers = Readonly<Record<string, Handler>>;
