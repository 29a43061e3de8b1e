import { expect, test } from 'vitest';
import { cutAudio } from './raw-audio.ts';

const AUDIO = Buffer.alloc(300, 9).toString('base64');

function rebuilt(text: string, base64: string): string | null {
  const cut = cutAudio(Buffer.from(text), text, base64);
  if (cut === null) return null;
  const rest = Buffer.from(cut.rest).toString();
  return rest.slice(0, cut.offset) + Buffer.from(cut.audio).toString('base64') + rest.slice(cut.offset);
}

test.each([
  ['at the end', `{"type":"x","delta":"${AUDIO}"}`],
  ['at the beginning', `{"delta":"${AUDIO}","type":"x"}`],
  ['behind characters of several bytes', `{"note":"é音🏳️‍🌈","delta":"${AUDIO}"}`],
  ['twice', `{"delta":"${AUDIO}","again":"${AUDIO}"}`],
])('audio %s is cut out and put back exactly', (_, text) => {
  expect(rebuilt(text, AUDIO)).toBe(text);
});

test.each([
  ['base64 that is escaped in the text', `{"delta":"${AUDIO.replaceAll('J', '\\u004a')}"}`, AUDIO],
  ['base64 without its padding', `{"delta":"${'QUJD'.repeat(40)}QQ"}`, `${'QUJD'.repeat(40)}QQ`],
  ['base64 whose last bits are not zero', `{"delta":"${'QUJD'.repeat(40)}QR=="}`, `${'QUJD'.repeat(40)}QR==`],
  ['base64 of the other alphabet', `{"delta":"${'_-_-'.repeat(40)}"}`, '_-_-'.repeat(40)],
  ['what is no base64 at all', `{"delta":"${'no audio '.repeat(40)}"}`, 'no audio '.repeat(40)],
  ['audio too short to be worth a row', '{"delta":"QUJD"}', 'QUJD'],
])('%s stays in the text', (_, text, base64) => {
  expect(rebuilt(text, base64)).toBeNull();
});
