import { setTimeout as sleep } from 'node:timers/promises';
import { arrayAt, stringAt } from '#lib/base/json.ts';

const LOOKS = 10;
const BETWEEN_MS = 200;

/**
 * Where the dashboard shows a session, found by the provider's id of it: the tap tells its clients nothing. Null where nobody
 * answers or the session does not appear within two seconds; the demo goes on without a link.
 */
export async function findSessionLink(
  { dashboardUrl, dashboardPassword }: { readonly dashboardUrl?: string; readonly dashboardPassword?: string },
  providerSession: string | null,
): Promise<string | null> {
  if (dashboardUrl === undefined || providerSession === null) return null;
  const login = Buffer.from(`demo:${dashboardPassword ?? ''}`).toString('base64');
  for (let look = 0; look < LOOKS; look += 1) {
    const sessions = await listSessions(dashboardUrl, dashboardPassword === undefined ? {} : { authorization: `Basic ${login}` });
    if (sessions === null) return null;
    const id = stringAt(
      sessions.find((session) => stringAt(session, 'providerSessionId') === providerSession),
      'id',
    );
    if (id !== undefined) return `${dashboardUrl}/sessions/${id}`;
    await sleep(BETWEEN_MS);
  }
  return null;
}

async function listSessions(dashboardUrl: string, headers: Record<string, string>): Promise<ReturnType<typeof arrayAt> | null> {
  try {
    const response = await fetch(`${dashboardUrl}/api/v1/sessions?limit=50`, { headers });
    return response.ok ? arrayAt(await response.json(), 'sessions') : null;
  } catch {
    return null;
  }
}
