import { describe, expect, it } from 'vitest';
import { keptId, MAX_ID, storable } from '#lib/base/kept-id.ts';
import { appendText, boundJson, boundText, CUT_MARK, MAX_TEXT, wasCut, wireWord } from './wire-text.ts';

describe('texts from the wire', () => {
  it('lose NUL and lone surrogates, nothing else', () => {
    expect(storable('a\0b\ud800c')).toBe('a\ufffdb\ufffdc');
    expect(storable('😀é')).toBe('😀é');
  });

  it('are cut with a mark that says so, once', () => {
    const full = appendText('x'.repeat(MAX_TEXT - 1), 'yz');
    expect(full).toBe(`${'x'.repeat(MAX_TEXT - 1)}y${CUT_MARK}`);
    expect(appendText(full, 'more')).toBe(full);
    expect(boundText('y'.repeat(MAX_TEXT + 1))).toHaveLength(MAX_TEXT + CUT_MARK.length);
  });

  it('as ids stay themselves when short, and stay different when cut or repaired', () => {
    expect(keptId('item_1')).toBe('item_1');
    const [one, two] = [keptId(`${'a'.repeat(500)}1`), keptId(`${'a'.repeat(500)}2`)];
    expect(one).not.toBe(two);
    expect(one.length).toBeLessThanOrEqual(MAX_ID);
    expect(keptId('a\0')).not.toBe(keptId('a\ud800'));
    expect(keptId('x'.repeat(16 * 1024 * 1024)).length).toBeLessThanOrEqual(MAX_ID);
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
