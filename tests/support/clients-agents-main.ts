import { RealtimeAgent, RealtimeSession, tool } from '@openai/agents-realtime';
import { z } from 'zod';
import { encodeAudio } from '#workers/simulator/audio-format.ts';
import { makeRandom } from '#workers/simulator/random.ts';
import { speak } from '#workers/simulator/speech.ts';
import { hashEveryMessage, printReport } from './clients-hashes.ts';

/**
 * An application on `@openai/agents-realtime`: an agent with a tool, a typed turn and a spoken one. Argument: the WebSocket URL,
 * which is all that differs from an application that talks to the provider itself.
 */
const [url = ''] = process.argv.slice(2);
const messages = hashEveryMessage();
const types: string[] = [];
const texts: string[] = [];
let sessionId = '';
let toolCalls = 0;

const getWeather = tool({
  name: 'get_weather',
  description: 'Weather of a city.',
  parameters: z.object({ city: z.string() }),
  execute: async ({ city }) => {
    toolCalls += 1;
    return `clear in ${city}`;
  },
});
const agent = new RealtimeAgent({ name: 'Test agent', instructions: 'Be brief.', tools: [getWeather] });
const session = new RealtimeSession(agent, { transport: 'websocket', model: 'gpt-realtime' });

const finished = new Promise<void>((resolve, reject) => {
  session.on('error', ({ error }) => reject(new Error(JSON.stringify(error))));
  let spoken = false;
  let transcribed = false;
  let retrieved = false;
  let answered = false;
  session.on('transport_event', (event) => {
    types.push(event.type);
    if (event.type === 'session.created') sessionId = event['session'].id;
    if (event.type === 'response.output_audio_transcript.done') texts.push(event['transcript']);
    if (event.type === 'conversation.item.input_audio_transcription.completed') transcribed = true;
    if (event.type === 'response.done' && toolCalls > 0 && event['response'].output[0]?.type === 'message') {
      if (spoken) answered = true;
      else sendSpeech();
      spoken = true;
    }
    // The SDK retrieves an item after its transcription; nothing is under way any more once that and the answer have come.
    if (event.type === 'conversation.item.retrieved' && transcribed) retrieved = true;
    if (answered && retrieved) resolve();
  });
});

function sendSpeech(): void {
  const said = encodeAudio(speak('Thank you, goodbye for now.', { pitchHz: 130, random: makeRandom('agents') }), 'pcm16');
  for (const part of [said, Buffer.alloc(48 * 900)]) {
    session.sendAudio(part.buffer.slice(part.byteOffset, part.byteOffset + part.byteLength) as ArrayBuffer);
  }
}

await session.connect({ apiKey: 'sk-test', url });
session.sendMessage('What is the weather in Zürich 🌦?');
await finished;
session.close();
printReport({ messages, types, sessionId, texts });
