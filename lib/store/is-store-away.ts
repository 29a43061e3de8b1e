import { classifyFailure, sqlStateOf } from './store-failure.ts';

/** SQLSTATE classes that say that the server is not there, or not able now: connection, resources, shutdown, its system. */
const AWAY_CLASSES = new Set(['08', '53', '57', '58']);

/** Whether a failed read means that the database does not answer; everything else is a mistake of ours. */
export function isStoreAway(error: Error): boolean {
  const state = sqlStateOf(error);
  return state === null ? classifyFailure(error) === 'away' : AWAY_CLASSES.has(state.slice(0, 2));
}
