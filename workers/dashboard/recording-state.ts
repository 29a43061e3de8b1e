import { get } from 'node:http';
import { z } from 'zod';
import type { RecordingState } from '#lib/live/contract.ts';
import type { Store } from '#lib/store/connect.ts';
import { countLostMessages } from '#lib/store/count-lost-messages.ts';

const TIMEOUT_MS = 1000;
const MAX_ANSWER_BYTES = 64 * 1024;

/** What the recorder says at `/state`; what it leaves out is not known. */
const RECORDER_STATE = z.object({
  behindMs: z.number().nullable().default(null),
  spoolBytes: z.number().nullable().default(null),
  spoolMaxBytes: z.number().nullable().default(null),
});
type RecorderState = z.infer<typeof RECORDER_STATE>;

const SILENT: RecorderState = { behindMs: null, spoolBytes: null, spoolMaxBytes: null };

/** How far the recording is behind the wire, now. Never rejects: what does not answer is part of the answer. */
export async function readRecordingState(store: Store, recorderPort: number): Promise<RecordingState> {
  const [recorder, lost] = await Promise.all([
    askRecorder(recorderPort).catch(() => SILENT),
    countLostMessages(store).catch(() => null),
  ]);
  return { ...recorder, databaseReachable: lost !== null, lostMessages: lost ?? 0 };
}

function askRecorder(port: number): Promise<RecorderState> {
  return new Promise((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port, path: '/state', timeout: TIMEOUT_MS }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
        if (body.length > MAX_ANSWER_BYTES) request.destroy(new Error('The answer is too long.'));
      });
      response.on('error', reject);
      response.on('end', () => resolve(parseAnswer(body)));
    });
    request.on('timeout', () => request.destroy(new Error('The recorder does not answer.')));
    request.on('error', reject);
  });
}

function parseAnswer(body: string): RecorderState {
  try {
    const parsed = RECORDER_STATE.safeParse(JSON.parse(body));
    return parsed.success ? parsed.data : SILENT;
  } catch {
    return SILENT;
  }
}
