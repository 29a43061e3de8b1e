import type { SessionId } from '#lib/base/brand.ts';
import { DeltascopeError } from '#lib/base/errors.ts';
import { detectEnd } from '#lib/rules/detector.ts';
import { closeSession } from '#lib/session/fold.ts';
import type { Store } from '#lib/store/connect.ts';
import { findSession } from '#lib/store/find-session.ts';
import { replaceFindings } from './replace-findings.ts';
import { restoreStoredSession } from './restore-sessions.ts';

/**
 * Runs the rules of this version over a stored session, as if it were recorded now, and puts what they find in the place of what was
 * found before.
 * @returns how many anomalies it has now
 * @throws DeltascopeError DS_CLI_SESSION_UNKNOWN, or DS_STORE_SESSION_OPEN while it is still recorded: its recorder detects
 */
export async function redetectSession(store: Store, id: SessionId): Promise<number> {
  const view = await findSession(store, id);
  if (view?.status === 'open') throw new DeltascopeError('DS_STORE_SESSION_OPEN', `Session ${id} is still being recorded.`);
  const restored = view === null ? null : await restoreStoredSession(store, id);
  if (view === null || restored === null) throw new DeltascopeError('DS_CLI_SESSION_UNKNOWN', `There is no session ${id}.`);
  const { state, rules } = restored.session;
  closeSession(state, { at: view.endedAt, status: view.status, end: null });
  const anomalies = [...restored.anomalies, ...detectEnd(rules, state)];
  await replaceFindings(store, state, anomalies);
  return anomalies.length;
}
