import type { SessionId } from '#lib/base/brand.ts';
import type { LossCause, LossRecord, MessageRecord, SpoolRecord } from './record.ts';

/** More than this many beginnings, ends and losses are not remembered while nothing can be written. */
const MAX_OWED = 100_000;

/**
 * What a writer still has to write once it can: beginnings, ends and losses in their order. Messages that could not be
 * written turn into one loss per unbroken range, so however long the trouble lasts, little is kept.
 */
export class OwedRecords {
  #records: SpoolRecord[] = [];
  /** Where in the list the range of each session stands that the next loss may extend. */
  #open = new Map<SessionId, number>();
  /** Records that were given up because even this list was full. */
  forgotten = 0;

  get isEmpty(): boolean {
    return this.#records.length === 0;
  }

  /** Counts a message as lost. */
  addLost(message: MessageRecord, cause: LossCause, now: LossRecord['at']): void {
    const { sessionId, seq, wireBytes } = message;
    this.#addLoss({ kind: 'loss', sessionId, at: message.at ?? now, fromSeq: seq, toSeq: seq, bytes: wireBytes, cause });
  }

  /** Takes over a record that could not be written. Watermarks are let go: a later one says the same. */
  add(record: SpoolRecord, cause: LossCause, now: LossRecord['at']): void {
    if (record.kind === 'watermark') return;
    if (record.kind === 'message') this.addLost(record, cause, now);
    else if (record.kind === 'loss') this.#addLoss(record);
    else {
      if (record.kind !== 'writer_start') this.#open.delete(record.sessionId);
      this.#push(record);
    }
  }

  /** All that is owed, in order; the list is empty afterwards. */
  takeAll(): SpoolRecord[] {
    const records = this.#records;
    this.#records = [];
    this.#open.clear();
    return records;
  }

  /** What is owed for one session, so that its end can be written after it. */
  takeSession(sessionId: SessionId): SpoolRecord[] {
    if (!this.#open.has(sessionId)) return [];
    const taken: SpoolRecord[] = [];
    const kept: SpoolRecord[] = [];
    for (const record of this.#records) ('sessionId' in record && record.sessionId === sessionId ? taken : kept).push(record);
    this.#records = kept;
    this.#reindex();
    return taken;
  }

  #addLoss(loss: LossRecord): void {
    const index = this.#open.get(loss.sessionId);
    const before = index === undefined ? undefined : (this.#records[index] as LossRecord);
    if (index !== undefined && before && before.toSeq + 1 === loss.fromSeq && before.cause === loss.cause) {
      this.#records[index] = { ...before, toSeq: loss.toSeq, bytes: before.bytes + loss.bytes };
    } else if (this.#push(loss)) this.#open.set(loss.sessionId, this.#records.length - 1);
  }

  #push(record: SpoolRecord): boolean {
    if (this.#records.length >= MAX_OWED) {
      this.forgotten += 1;
      return false;
    }
    this.#records.push(record);
    return true;
  }

  #reindex(): void {
    this.#open.clear();
    this.#records.forEach((record, index) => {
      if (record.kind === 'loss') this.#open.set(record.sessionId, index);
      else if ('sessionId' in record) this.#open.delete(record.sessionId);
    });
  }
}
