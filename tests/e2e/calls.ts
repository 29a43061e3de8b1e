import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { JsonObject } from '#lib/base/json.ts';
import type { Stack } from '#tests/support/stack.ts';
import type { PlayedCall } from '#workers/simulator/play.ts';
import { playScenario } from '#workers/simulator/play.ts';
import { readScenario } from '#workers/simulator/scenario.ts';

/** Plays a call of the simulator through the stack's tap; `tag` makes its session findable. */
export function playCall(stack: Stack, scenario: string, tag: string, pace: number): Promise<PlayedCall> {
  return playScenario({
    scenario: readScenario(scenario),
    dialect: 'ga',
    url: `ws://${stack.tap}/up/simulator/v1/realtime?model=gpt-realtime`,
    headers: { 'x-simulator-scenario': scenario, 'x-deltascope-tags': `test=${tag}` },
    pace,
  });
}

/** A call that says something only when the test wants it, and lasts as long: no clock decides what a page sees of it. */
export interface HeldCall {
  /** Messages that the caller's end has seen so far, both ways. */
  messages(): number;
  send(event: JsonObject): void;
  /** Types `count` texts and waits until the provider has answered each of them. */
  type(count: number): Promise<void>;
  hangUp(): Promise<void>;
}

const ANSWERS_PER_TEXT = 2;

/** Opens a held call through the stack's tap; `tag` makes its session findable. */
export async function holdCall(stack: Stack, tag: string): Promise<HeldCall> {
  const socket = new WebSocket(`ws://${stack.tap}/up/simulator/v1/realtime?model=gpt-realtime`, {
    headers: { 'x-deltascope-tags': `test=${tag}` },
  });
  let sent = 0;
  let received = 0;
  socket.on('message', () => {
    received += 1;
    socket.emit('counted');
  });
  const untilReceived = async (count: number) => {
    while (received < count) await once(socket, 'counted');
  };
  const send = (event: JsonObject) => {
    socket.send(JSON.stringify(event));
    sent += 1;
  };
  await untilReceived(1);
  return {
    messages: () => sent + received,
    send,
    async type(count) {
      const expected = received + count * ANSWERS_PER_TEXT;
      for (let each = 1; each <= count; each += 1) {
        const item = { type: 'message', role: 'user', content: [{ type: 'input_text', text: `text ${each}` }] };
        send({ type: 'conversation.item.create', item });
      }
      await untilReceived(expected);
    },
    async hangUp() {
      socket.close(1000);
      await once(socket, 'close');
    },
  };
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
