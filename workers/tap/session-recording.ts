import type { SessionId } from '#lib/base/brand.ts';
import type { CaptureEnd, CaptureMeta } from '#lib/protocol/capture.ts';
import type { LossRecord } from '#lib/spool/record.ts';
import { wallMicros } from './clock.ts';
import { sessionIdBytes } from './frames.ts';
import type { RecordChannel } from './record-channel.ts';
import type { TapCounters } from './tap-metrics.ts';

/** What the relay calls for each session; each call is cheap and never throws. */
export interface SessionRecording {
  readonly clientMessage: (data: Buffer, isBinary: boolean) => void;
  readonly serverMessage: (data: Buffer, isBinary: boolean) => void;
  end(end: CaptureEnd): void;
}

/**
 * Records one session: gives `seq`, stamps the time, and where the channel has no room counts the range that is lost until there
 * is room again, so that no gap is silent.
 */
export function startRecording(
  id: SessionId,
  capture: CaptureMeta,
  channel: RecordChannel,
  counters: TapCounters,
): SessionRecording {
  const idBytes = sessionIdBytes(id);
  let seq = 0;
  let loss: LossRecord | null = null;

  const settleLoss = (): void => {
    if (loss) channel.addRecord(loss);
    loss = null;
  };
  const lose = (bytes: number): void => {
    counters.unrecorded += 1;
    if (loss) loss = { ...loss, toSeq: seq, bytes: loss.bytes + bytes };
    else loss = { kind: 'loss', sessionId: id, at: wallMicros(), fromSeq: seq, toSeq: seq, bytes, cause: 'buffer_full' };
  };
  const add = (payload: Buffer, isBinary: boolean, isFromServer: boolean): void => {
    seq += 1;
    const at = wallMicros();
    const isTaken = !loss && channel.addMessage({ sessionId: idBytes, seq, at, isFromServer, isBinary, payload });
    if (isTaken) return;
    if (!loss || !channel.hasRoomFor(payload.byteLength)) {
      lose(payload.byteLength);
      return;
    }
    settleLoss();
    if (!channel.addMessage({ sessionId: idBytes, seq, at, isFromServer, isBinary, payload })) lose(payload.byteLength);
  };

  channel.addRecord({ kind: 'session_open', sessionId: id, at: wallMicros(), capture });
  return {
    clientMessage(data, isBinary) {
      counters.clientMessages += 1;
      counters.clientBytes += data.byteLength;
      add(data, isBinary, false);
    },
    serverMessage(data, isBinary) {
      counters.serverMessages += 1;
      counters.serverBytes += data.byteLength;
      add(data, isBinary, true);
    },
    end(end) {
      settleLoss();
      channel.addRecord({ kind: 'session_close', sessionId: id, at: wallMicros(), end });
    },
  };
}

/** The same for a session that the application wants unrecorded: it is counted, nothing of it is kept. */
export function skipRecording(counters: TapCounters): SessionRecording {
  return {
    clientMessage(data) {
      counters.clientMessages += 1;
      counters.clientBytes += data.byteLength;
    },
    serverMessage(data) {
      counters.serverMessages += 1;
      counters.serverBytes += data.byteLength;
    },
    end() {},
  };
}
