import { WebSocket } from 'ws';
import type { MessageRecord } from '#workers/simulator/message-record.ts';
import { emptyRecord, hashMessage } from '#workers/simulator/message-record.ts';

/**
 * Hashes every message that this process sends or receives over the `ws` package, which both SDKs use in Node. Call it before an
 * SDK connects; the SDK's own code stays as it is.
 */
export function hashEveryMessage(): MessageRecord {
  const record = emptyRecord();
  const { send, emit } = WebSocket.prototype;
  WebSocket.prototype.send = function (this: WebSocket, data: string | Buffer, ...rest: never[]) {
    record.clientToServer.push(hashMessage(data));
    return (send as (...given: unknown[]) => void).call(this, data, ...rest);
  } as typeof send;
  WebSocket.prototype.emit = function (this: WebSocket, name: string | symbol, ...given: unknown[]) {
    if (name === 'message') record.serverToClient.push(hashMessage(given[0] as Buffer));
    return (emit as (...all: unknown[]) => boolean).call(this, name, ...given);
  } as typeof emit;
  return record;
}

/** What a client process prints when it is through. */
export interface ClientReport {
  readonly messages: MessageRecord;
  /** Types of the server's events, in order, as the SDK handed them out. */
  readonly types: readonly string[];
  readonly sessionId: string;
  /** Texts that the SDK understood: answers and transcripts. */
  readonly texts: readonly string[];
}

/** Hands the report to the test that started this process. */
export function printReport(report: ClientReport): void {
  process.stdout.write(JSON.stringify(report));
}
