import { describe, expect, it } from 'vitest';
import { appendText, boundJson, boundText, CUT_MARK, MAX_TEXT, wasCut, wireWord } from './wire-text.ts';

describe('texts from the wire', () => {
  it('are cut with a mark that says so, once', () => {
    const full = appendText('x'.repeat(MAX_TEXT - 1), 'yz');
    expect(full).toBe(`${'x'.repeat(MAX_TEXT - 1)}y${CUT_MARK}`);
    expect(appendText(full, 'more')).toBe(full);
    expect(boundText('y'.repeat(MAX_TEXT + 1))).toHaveLength(MAX_TEXT + CUT_MARK.length);
  });

  it('as words are null where there is no text', () => {
    expect([wireWord(1), wireWord(null), wireWord(''), wireWord('done')]).toEqual([null, null, null, 'done']);
  });

  it('inside JSON are bounded together, and keys cannot reach a prototype', () => {
    const copy = boundJson(JSON.parse('{"__proto__":{"x":1},"n":1e999,"big":"y"}'));
    expect(JSON.stringify(copy)).toBe('{"__proto__":{"x":1},"n":null,"big":"y"}');
    const large = JSON.stringify(boundJson(Array.from({ length: 1000 }, () => 'z'.repeat(10_000))));
    expect(large.length).toBeLessThan(MAX_TEXT * 1.1);
    expect(large).toContain(CUT_MARK);
    expect([wasCut(boundJson({ a: 'z' })), wasCut(boundJson({ a: 'z'.repeat(MAX_TEXT), b: 1 }))]).toEqual([false, true]);
  });
});
