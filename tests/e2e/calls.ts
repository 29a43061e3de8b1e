import type { Stack } from '#tests/support/stack.ts';
import type { PlayedCall } from '#workers/simulator/play.ts';
import { playScenario } from '#workers/simulator/play.ts';
import { readScenario } from '#workers/simulator/scenario.ts';

/** Plays a call of the simulator through the stack's tap; `tag` makes its session findable. */
export function playCall(stack: Stack, scenario: string, tag: string, pace = 1): Promise<PlayedCall> {
  return playScenario({
    scenario: readScenario(scenario),
    dialect: 'ga',
    url: `ws://${stack.tap}/up/simulator/v1/realtime?model=gpt-realtime`,
    headers: { 'x-simulator-scenario': scenario, 'x-deltascope-tags': `test=${tag}` },
    pace,
  });
}

/** Messages that the tap has relayed since it started, both ways. */
export async function relayedMessages(stack: Stack): Promise<number> {
  const response = await fetch(`http://${stack.tap}/metrics`);
  const text = await response.text();
  const counts = [...text.matchAll(/^deltascope_tap_messages_total\{[^}]*\} (\d+)/gm)].map((match) => Number(match[1]));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** The id of the session with a tag, once it is recorded. */
export async function findTagged(stack: Stack, tag: string): Promise<string | null> {
  const response = await fetch(`${stack.dashboardUrl}/api/v1/sessions?q=${encodeURIComponent(`test=${tag}`)}`);
  const page = (await response.json()) as { sessions: { id: string }[] };
  return page.sessions[0]?.id ?? null;
}
