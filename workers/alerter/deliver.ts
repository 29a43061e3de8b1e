import { Webhook } from 'standardwebhooks';
import type { Channel } from '#lib/alerts/alert-rule.ts';
import type { DeliveryAttempt, DeliveryState } from '#lib/alerts/incident.ts';
import type { WallMicros } from '#lib/base/brand.ts';
import { coerceError, DeltascopeError } from '#lib/base/errors.ts';
import type { Store } from '#lib/store/connect.ts';
import { findDelivery } from '#lib/store/find-delivery.ts';
import { findChannel } from '#lib/store/list-channels.ts';
import { recordAttempt } from '#lib/store/record-attempt.ts';
import { postMessage } from './post-message.ts';

const TIMEOUT_MS = 10_000;

export interface DeliverOptions {
  readonly store: Store;
  readonly allowPrivate: boolean;
  readonly deliveryId: string;
  /** Whether no further attempt will be made. */
  readonly isLast: boolean;
  readonly stop: AbortSignal;
}

/** What became of a request. */
interface Outcome {
  readonly status: number | null;
  readonly error: string | null;
  /** Whether another attempt could end otherwise. */
  readonly isFinal: boolean;
}

/**
 * Makes one attempt at a delivery and keeps what became of it. A delivery that has arrived is not sent again: a repeated job is harmless.
 * @returns the state that the delivery is in now; null where there is nothing to send
 */
export async function deliver({
  store,
  allowPrivate,
  deliveryId,
  isLast,
  stop,
}: DeliverOptions): Promise<(DeliveryAttempt & { state: DeliveryState }) | null> {
  const delivery = await findDelivery(store, deliveryId);
  if (delivery === null || delivery.state !== 'pending') return null;
  const startedMs = Date.now();
  const channel = await findChannel(store, delivery.channelId);
  const signal = AbortSignal.any([stop, AbortSignal.timeout(TIMEOUT_MS)]);
  const { status, error, isFinal } =
    channel === null
      ? { status: null, error: 'The channel is gone.', isFinal: true }
      : await send(channel, delivery, startedMs, { allowPrivate, signal });
  const attempt = { at: (startedMs * 1000) as WallMicros, status, error, durationMs: Date.now() - startedMs };
  const state = error === null ? 'delivered' : isFinal || isLast ? 'failed' : 'pending';
  await recordAttempt(store, delivery.id, attempt, state);
  return { ...attempt, state };
}

async function send(
  channel: Channel,
  { id, body }: { readonly id: string; readonly body: string },
  nowMs: number,
  options: { readonly allowPrivate: boolean; readonly signal: AbortSignal },
): Promise<Outcome> {
  try {
    const headers = { 'content-type': 'application/json', 'user-agent': 'Deltascope', ...signatureOf(channel, id, body, nowMs) };
    const status = await postMessage({ url: channel.url, body, headers, ...options });
    const isTaken = status >= 200 && status < 300;
    return { status, error: isTaken ? null : `The receiver answered ${status}.`, isFinal: false };
  } catch (thrown) {
    return describeFailure(coerceError(thrown));
  }
}

/** The headers of Standard Webhooks. The id names the message, not the attempt. */
function signatureOf({ secret }: Channel, deliveryId: string, body: string, nowMs: number): Record<string, string> {
  if (secret === null) return {};
  const id = `msg_${deliveryId}`;
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(nowMs / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, new Date(nowMs), body),
  };
}

/** Names the kind of failure only: an error's own text may hold the address, which may hold a secret. */
function describeFailure(error: Error): Outcome {
  if (error instanceof DeltascopeError) return { status: null, error: `${error.code}: ${error.message}`, isFinal: true };
  if (error.name === 'TimeoutError' || error.name === 'AbortError') {
    return { status: null, error: 'The receiver did not answer in time.', isFinal: false };
  }
  const code = (error as NodeJS.ErrnoException).code ?? error.name;
  return { status: null, error: `The receiver could not be reached (${code}).`, isFinal: false };
}
