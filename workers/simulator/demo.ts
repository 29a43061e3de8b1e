import { coerceError, DeltascopeError } from '#lib/base/errors.ts';
import type { SimulatorDialect } from './dialect.ts';
import { playScenario } from './play.ts';
import { readScenario } from './scenario.ts';
import { findSessionLink } from './session-link.ts';

export interface DemoOptions {
  /** Where the tap listens, e.g. `ws://127.0.0.1:4100`. */
  readonly tapUrl: string;
  /** Where the dashboard shows the sessions; left out, no links are printed. */
  readonly dashboardUrl?: string;
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

/** Three callers at once, so that the sessions page shows several open sessions. */
const CALLERS: readonly (readonly DemoCall[])[] = [
  [
    { scenario: 'text-turn', dialect: 'ga' },
    { scenario: 'tool-call', dialect: 'azure-preview' },
  ],
  [
    { scenario: 'spoken-turn', dialect: 'ga' },
    { scenario: 'barge-in', dialect: 'azure-ga' },
  ],
  [
    { scenario: 'barge-in', dialect: 'ga' },
    { scenario: 'tool-call', dialect: 'ga' },
    { scenario: 'spoken-turn', dialect: 'beta' },
  ],
];

/** Plays every scenario through the tap in real time. Returns how many calls failed; each failure is one printed line. */
export async function runDemo(options: DemoOptions): Promise<number> {
  const calls = CALLERS.flat().length;
  options.log(`Playing ${calls} calls through the tap at ${options.tapUrl} (three at a time, about 30 s).`);
  const failures = await Promise.all(CALLERS.map((list) => playInTurn(list, options)));
  const failed = failures.reduce((sum, count) => sum + count, 0);
  const where = options.dashboardUrl === undefined ? '' : ` Look at them: ${options.dashboardUrl}/sessions`;
  options.log(`${calls - failed} of ${calls} calls played.${where}`);
  return failed;
}

async function playInTurn(calls: readonly DemoCall[], options: DemoOptions): Promise<number> {
  let failed = 0;
  for (const call of calls) if (!(await playOne(call, options))) failed += 1;
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
    const call = await playScenario({ scenario, dialect, url: demoUrl(options, dialect), headers, pace: options.pace ?? 1 });
    const { clientToServer, serverToClient } = call.messages;
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    options.log(`✓ ${title}: ${clientToServer.length} messages sent, ${serverToClient.length} received in ${seconds} s`);
    const link = await findSessionLink(options.dashboardUrl, call.providerSession);
    if (link !== null) options.log(`  ${link}`);
    return true;
  } catch (thrown) {
    const error = coerceError(thrown);
    options.log(`✗ ${title}: ${error instanceof DeltascopeError ? error.toSentence() : error.message}`);
    return false;
  }
}

function demoUrl({ tapUrl, upstream = 'simulator' }: DemoOptions, dialect: SimulatorDialect): string {
  const paths: Record<SimulatorDialect, string> = {
    ga: `/up/${upstream}/v1/realtime?model=gpt-realtime`,
    beta: `/up/${upstream}/v1/realtime?model=gpt-4o-realtime-preview`,
    'azure-preview': `/azure/${upstream}/openai/realtime?api-version=2025-04-01-preview&deployment=gpt-realtime`,
    'azure-ga': `/azure/${upstream}/openai/v1/realtime?model=gpt-realtime`,
  };
  return `${tapUrl.replace(/\/$/, '')}${paths[dialect]}`;
}
