import { Webhook } from 'standardwebhooks';
import type { Channel } from '#lib/alerts/alert-rule.ts';
import type { DeliveryAttempt, DeliveryState } from '#lib/alerts/incident.ts';
import type { WallMicros } from '#lib/base/brand.ts';
import { coerceError, DeltascopeError } from '#lib/base/errors.ts';
import type { Store } from '#lib/store/connect.ts';
import type { DeliveryRow } from '#lib/store/find-delivery.ts';
import { findDelivery } from '#lib/store/find-delivery.ts';
import { findChannel } from '#lib/store/list-channels.ts';
import { recordAttempt } from '#lib/store/record-attempt.ts';
import { updateChannel } from '#lib/store/write-channel.ts';
import type { Logger } from '#workers/shared/logger.ts';
import { postMessage } from './post-message.ts';

const TIMEOUT_MS = 10_000;
/** A receiver may not put a message off for longer. */
const MAX_RETRY_AFTER_MS = 3_600_000;
/** By Standard Webhooks the receiver wants no further message: its channel is turned off. */
const GONE = 410;

export interface DeliverOptions {
  readonly store: Store;
  readonly allowPrivate: boolean;
  readonly log: Logger;
  readonly deliveryId: string;
  /** Whether no further attempt will be made. */
  readonly isLast: boolean;
}

/** An attempt, and what it left behind. */
export interface Delivered extends DeliveryAttempt {
  readonly state: DeliveryState;
  /** How long the receiver asks to be left alone; null where it does not say. */
  readonly retryAfterMs: number | null;
}

/** What became of a request. */
interface Outcome {
  readonly status: number | null;
  readonly error: string | null;
  /** Whether no other attempt could end otherwise. */
  readonly isFinal: boolean;
  readonly retryAfterMs: number | null;
}

/**
 * Makes one attempt at a delivery and keeps what became of it. A delivery that has arrived is not sent again: a repeated job is harmless.
 * A request that is under way is waited for, also when the alerter is told to end: its receiver may have taken the message already.
 * @returns null where there is nothing to send
 */
export async function deliver({ store, allowPrivate, log, deliveryId, isLast }: DeliverOptions): Promise<Delivered | null> {
  const delivery = await findDelivery(store, deliveryId);
  if (delivery === null || delivery.state !== 'pending') return null;
  const startedMs = Date.now();
  const channel = await findChannel(store, delivery.channelId);
  const { status, error, isFinal, retryAfterMs } = await sendThrough(channel, delivery, startedMs, allowPrivate);
  if (channel !== null && status === GONE) {
    await updateChannel(store, channel.id, { isEnabled: false });
    log.warn({ channel: channel.id, delivery: delivery.id, status }, 'the receiver is gone for good: its channel is turned off');
  }
  const attempt = { at: (startedMs * 1000) as WallMicros, status, error, durationMs: Date.now() - startedMs };
  const state = error === null ? 'delivered' : isFinal || isLast ? 'failed' : 'pending';
  await recordAttempt(store, delivery.id, attempt, state);
  return { ...attempt, state, retryAfterMs };
}

async function sendThrough(
  channel: Channel | null,
  { id, kind, body }: DeliveryRow,
  nowMs: number,
  allowPrivate: boolean,
): Promise<Outcome> {
  if (channel === null) return giveUp('The channel is gone.');
  // A test goes out all the same: that is how a channel that is off is tried out.
  if (!channel.isEnabled && kind !== 'test') return giveUp('The channel was turned off.');
  try {
    const headers = { 'content-type': 'application/json', 'user-agent': 'Deltascope', ...signatureOf(channel, id, body, nowMs) };
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const { status, retryAfter } = await postMessage({ url: channel.url, body, headers, allowPrivate, signal });
    const error = status >= 200 && status < 300 ? null : `The receiver answered ${status}.`;
    return { status, error, isFinal: status === GONE, retryAfterMs: waitOf(retryAfter, nowMs) };
  } catch (thrown) {
    return describeFailure(coerceError(thrown));
  }
}

/** `Retry-After` as it may be written: seconds, or a date. */
function waitOf(header: string | undefined, nowMs: number): number | null {
  if (header === undefined) return null;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS);
}

function giveUp(error: string): Outcome {
  return { status: null, error, isFinal: true, retryAfterMs: null };
}

function tryAgain(error: string): Outcome {
  return { status: null, error, isFinal: false, retryAfterMs: null };
}

/** The headers of Standard Webhooks, with a signature by each secret. The id names the message, not the attempt. */
function signatureOf({ secret }: Channel, deliveryId: string, body: string, nowMs: number): Record<string, string> {
  if (secret === null) return {};
  const id = `msg_${deliveryId}`;
  const signatures = secret.split(' ').map((each) => new Webhook(each).sign(id, new Date(nowMs), body));
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(nowMs / 1000)),
    'webhook-signature': signatures.join(' '),
  };
}

/** Names the kind of failure only: an error's own text may hold the address, which may hold a secret. */
function describeFailure(error: Error): Outcome {
  if (error instanceof DeltascopeError) return giveUp(`${error.code}: ${error.message}`);
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return tryAgain('The receiver did not answer in time.');
  return tryAgain(`The receiver could not be reached (${(error as NodeJS.ErrnoException).code ?? error.name}).`);
}
