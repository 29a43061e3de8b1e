import OpenAI, { AzureOpenAI } from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { encodeAudio } from '#workers/simulator/audio-format.ts';
import { makeRandom } from '#workers/simulator/random.ts';
import { speak } from '#workers/simulator/speech.ts';
import { hashEveryMessage, printReport } from './clients-hashes.ts';

/**
 * An application on the `openai` package: a typed turn with a tool call, then a spoken turn. Arguments: base URL, and `azure` for the
 * package's Azure client. Nothing else differs from an application that talks to the provider itself.
 */
const [baseURL = '', provider = 'openai'] = process.argv.slice(2);
const messages = hashEveryMessage();
const types: string[] = [];
const texts: string[] = [];
let sessionId = '';

const rt =
  provider === 'azure'
    ? await OpenAIRealtimeWS.azure(
        new AzureOpenAI({ baseURL, apiKey: 'azure-test-key', apiVersion: 'v1', deployment: 'gpt-realtime' }),
      )
    : new OpenAIRealtimeWS({ model: 'gpt-realtime' }, new OpenAI({ apiKey: 'sk-test', baseURL }));

const finished = new Promise<void>((resolve, reject) => {
  rt.on('error', reject);
  rt.on('event', (event) => types.push(event.type));
  rt.on('session.created', (event) => {
    sessionId = (event.session as { id?: string }).id ?? '';
    rt.send({
      type: 'session.update',
      session: {
        type: 'realtime',
        instructions: 'Be brief.',
        audio: {
          input: {
            transcription: { model: 'gpt-4o-transcribe' },
            turn_detection: { type: 'server_vad', silence_duration_ms: 300 },
          },
        },
        tools: [
          {
            type: 'function',
            name: 'get_weather',
            description: 'Weather of a city.',
            parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
          },
        ],
      },
    });
  });
  rt.on('session.updated', () => {
    rt.send({
      type: 'conversation.item.create',
      item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'What is the weather in Zürich 🌦?' }] },
    });
    rt.send({ type: 'response.create' });
  });
  rt.on('response.done', ({ response }) => {
    const [item] = response.output ?? [];
    if (item?.type === 'function_call') {
      rt.send({
        type: 'conversation.item.create',
        item: { type: 'function_call_output', call_id: item.call_id ?? '', output: '{"sky":"clear"}' },
      });
      rt.send({ type: 'response.create' });
    } else if (!types.includes('input_audio_buffer.speech_started')) {
      sendSpeech();
    } else {
      resolve();
    }
  });
  rt.on('response.output_audio_transcript.done', (event) => texts.push(event.transcript));
  rt.on('conversation.item.input_audio_transcription.completed', (event) => texts.push(event.transcript));
});

function sendSpeech(): void {
  const said = encodeAudio(speak('Thank you very much for that.', { pitchHz: 130, random: makeRandom('openai') }), 'pcm16');
  const call = Buffer.concat([said, Buffer.alloc(48 * 600)]);
  for (let at = 0; at < call.length; at += 4800) {
    rt.send({ type: 'input_audio_buffer.append', audio: call.subarray(at, at + 4800).toString('base64') });
  }
}

await finished;
const closed = new Promise((resolve) => rt.socket.once('close', resolve));
rt.close();
await closed;
printReport({ messages, types, sessionId, texts });
