import { expect, test } from 'vitest';
import { splitHeard } from './heard-text.ts';

test.each([
  // 24 letters; half of the audio is 12 of them: most of "three" (8 to 13) was heard.
  ['one two three four five.', 500, 1000, ['one two three ', 'four five.']],
  // 40 % are 9.6 letters: most of "three" was not.
  ['one two three four five.', 400, 1000, ['one two ', 'three four five.']],
  ['one two three four five.', 0, 1000, ['', 'one two three four five.']],
  ['Unbroken', 400, 1000, ['', 'Unbroken']],
  // 12 characters without a blank; half of them are 6: が (5 to 6) was heard, いい (6 to 8) was not. 40 % of 6 are 2.4: 世界 (2 to 4) was not.
  ['今日は天気がいいですね。', 500, 1000, ['今日は天気が', 'いいですね。']],
  ['你好世界再见', 400, 1000, ['你好', '世界再见']],
])('%s, heard %d of %d ms', (text, heardMs, audioMs, [heard, unheard]) => {
  expect(splitHeard(text as string, heardMs as number, audioMs as number)).toEqual({ heard, unheard });
});

test.each([
  ['one two', null, 1000],
  ['one two', 1000, 1000],
  // The end of the last word: nothing that anybody missed.
  ['one two', 990, 1000],
  ['one two', 400, 0],
])('%s, heard %d of %d ms: all of it, as far as one knows', (text, heardMs, audioMs) => {
  expect(splitHeard(text, heardMs, audioMs)).toBeNull();
});
