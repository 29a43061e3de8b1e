import { readEnv } from '#lib/config/env.ts';

/** Whether the dashboard asks for a password, by this process's settings. */
export function hasPassword(): boolean {
  return readEnv().DELTASCOPE_PASSWORD !== undefined;
}
