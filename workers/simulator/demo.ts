import { coerceError, DeltascopeError } from '#lib/base/errors.ts';
import type { SimulatorDialect } from './dialect.ts';
import { playScenario } from './play.ts';
import type { Scenario } from './scenario.ts';
import { readScenario } from './scenario.ts';
import { findSessionLink } from './session-link.ts';
import { makeWireId } from './wire-ids.ts';

export interface DemoOptions {
  /** Where the tap listens, e.g. `ws://127.0.0.1:4100`. */
  readonly tapUrl: string;
  /** Where the dashboard shows the sessions; left out, no links are printed. */
  readonly dashboardUrl?: string;
  /** Password of the dashboard, where it has one. */
  readonly dashboardPassword?: string;
  /** Name under which the tap knows the simulator. */
  readonly upstream?: string;
  /** Key to show where the tap demands one. */
  readonly captureKey?: string;
  /** 1 is real time. */
  readonly pace?: number;
  /** Receives one line for people at a time. */
  log(line: string): void;
}

interface DemoCall {
  readonly scenario: string;
  readonly dialect: SimulatorDialect;
}

/** What is played, the longest calls first, so that the last ones end together. */
const CALLS: readonly DemoCall[] = [
  { scenario: 'spoken-turn', dialect: 'ga' },
  { scenario: 'spoken-turn', dialect: 'beta' },
  { scenario: 'barge-in', dialect: 'ga' },
  { scenario: 'malformed-tool-output', dialect: 'ga' },
  { scenario: 'stalled-response', dialect: 'ga' },
  { scenario: 'abandoned-tool-call', dialect: 'ga' },
  { scenario: 'barge-in', dialect: 'azure-ga' },
  { scenario: 'early-interruption', dialect: 'ga' },
  { scenario: 'tool-call', dialect: 'ga' },
  { scenario: 'webrtc-sideband', dialect: 'ga' },
  { scenario: 'idle-after-tool-output', dialect: 'ga' },
  { scenario: 'unconfirmed-update', dialect: 'ga' },
  { scenario: 'text-turn', dialect: 'ga' },
  { scenario: 'twilio-chat-tools', dialect: 'ga' },
  { scenario: 'azure-preview-tool', dialect: 'azure-preview' },
  { scenario: 'mcp-call', dialect: 'ga' },
  { scenario: 'failed-response', dialect: 'ga' },
  { scenario: 'rejected-update', dialect: 'azure-preview' },
  { scenario: 'silent-audio', dialect: 'ga' },
  { scenario: 'lost-delta', dialect: 'ga' },
  { scenario: 'ignored-settings', dialect: 'azure-ga' },
  { scenario: 'retired-beta', dialect: 'beta' },
];

/** Callers at once: the sessions page shows several open sessions, and all is over within a minute. */
const CALLERS = 7;

/** Plays every scenario through the tap in real time. Returns how many calls failed; each failure is one printed line. */
export async function runDemo(options: DemoOptions): Promise<number> {
  options.log(`Playing ${CALLS.length} calls through the tap at ${options.tapUrl} (${CALLERS} at a time, less than a minute).`);
  const waiting = [...CALLS];
  const failures = await Promise.all(Array.from({ length: CALLERS }, () => playInTurn(waiting, options)));
  const failed = failures.reduce((sum, count) => sum + count, 0);
  const where = options.dashboardUrl === undefined ? '' : ` Look at them: ${options.dashboardUrl}/sessions`;
  options.log(`${CALLS.length - failed} of ${CALLS.length} calls played.${where}`);
  return failed;
}

async function playInTurn(waiting: DemoCall[], options: DemoOptions): Promise<number> {
  let failed = 0;
  for (let call = waiting.shift(); call !== undefined; call = waiting.shift()) {
    if (!(await playOne(call, options))) failed += 1;
  }
  return failed;
}

async function playOne({ scenario: name, dialect }: DemoCall, options: DemoOptions): Promise<boolean> {
  const scenario = readScenario(name);
  const title = `${name} (${dialect})`;
  options.log(`▸ ${title}: ${scenario.summary}`);
  try {
    const startedAt = performance.now();
    const key = options.captureKey === undefined ? {} : { 'x-deltascope-key': options.captureKey };
    const headers = {
      'x-simulator-scenario': name,
      'x-deltascope-tags': `demo=true,scenario=${name},dialect=${dialect}`,
      ...key,
    };
    const url = scenarioUrl(options, { scenario, dialect });
    const call = await playScenario({ scenario, dialect, url, headers, pace: options.pace ?? 1 });
    const { clientToServer, serverToClient } = call.messages;
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    options.log(`✓ ${title}: ${clientToServer.length} messages sent, ${serverToClient.length} received in ${seconds} s`);
    const link = await findSessionLink(options, call.providerSession);
    if (link !== null) options.log(`  ${link}`);
    return true;
  } catch (thrown) {
    const error = coerceError(thrown);
    options.log(`✗ ${title}: ${error instanceof DeltascopeError ? error.toSentence() : error.message}`);
    return false;
  }
}

/** Where a scenario is played through the tap: the path that makes its dialect, and of a call the sideband. */
export function scenarioUrl(
  { tapUrl, upstream = 'simulator' }: Pick<DemoOptions, 'tapUrl' | 'upstream'>,
  { scenario, dialect }: { readonly scenario: Scenario; readonly dialect: SimulatorDialect },
): string {
  const target = scenario.provider.mediaTrack ? `call_id=${makeWireId('rtc')}` : `model=${scenario.model}`;
  const paths: Record<SimulatorDialect, string> = {
    ga: `/up/${upstream}/v1/realtime?${target}`,
    beta: `/up/${upstream}/v1/realtime?model=gpt-4o-realtime-preview`,
    'azure-preview': `/azure/${upstream}/openai/realtime?api-version=2025-04-01-preview&deployment=gpt-realtime`,
    'azure-ga': `/azure/${upstream}/openai/v1/realtime?${target}`,
  };
  return `${tapUrl.replace(/\/$/, '')}${paths[dialect]}`;
}
