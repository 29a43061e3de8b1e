import { expect, test } from 'vitest';
import { foldScript } from '#tests/support/fold-session.ts';
import { script } from '#tests/support/script.ts';
import { conversationLines } from './conversation-lines.ts';

const USER =
  '{"item":{"type":"message","role":"user","status":"completed","content":[{"type":"input_audio","transcript":null}]}}';
const ASSISTANT = '{"item":{"type":"message","role":"assistant","status":"in_progress"}}';

test('speech stands where it began, and an interruption with the speech that was one', () => {
  const lines = conversationLines(
    foldScript(
      script(`
        0     s>c  input_audio_buffer.speech_started  i1 audio_start_ms=0
        900   s>c  input_audio_buffer.speech_stopped  i1 audio_end_ms=900
        905   s>c  input_audio_buffer.committed       i1
        910   s>c  conversation.item.added            i1 ${USER}
        920   s>c  response.created                   r1
        930   s>c  response.output_item.added         r1 i2 ${ASSISTANT}
        1500  s>c  input_audio_buffer.speech_started  i3 audio_start_ms=1500
        1520  s>c  response.done                      r1 {"response":{"status":"cancelled","status_details":{"reason":"turn_detected"}}}
        2500  s>c  input_audio_buffer.speech_stopped  i3 audio_end_ms=2500
        2505  s>c  input_audio_buffer.committed       i3
        2510  s>c  conversation.item.added            i3 ${USER}`),
    ),
  );
  expect(lines.map((line) => `${line.seq} ${line.kind === 'speech' ? line.speaker : line.kind}`)).toEqual([
    '1 user',
    '6 assistant',
    '7 cancelled',
    '7 user',
  ]);
});
