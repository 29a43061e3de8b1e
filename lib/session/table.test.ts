import { describe, expect, it } from 'vitest';
import type { Entity } from './table.ts';
import { addRow, grow, MAX_LIVE, MAX_UNITS, openTable, takeChanged, touch } from './table.ts';

function entity(seq: number, open: boolean): Entity {
  return { row: { firstSeq: seq, lastSeq: seq }, changed: false, open, units: 0 };
}

describe('a table of live rows', () => {
  it('hands out each changed row once per take', () => {
    const table = openTable<string, Entity>();
    const first = entity(1, true);
    addRow(table, 'a', first);
    touch(table, first, 2);
    expect(takeChanged(table)).toEqual([first]);
    expect(takeChanged(table)).toEqual([]);
    touch(table, first, 3);
    expect(takeChanged(table)).toEqual([first]);
    expect(first.row.lastSeq).toBe(3);
  });

  it('lets the oldest closed rows leave when it is full, and remembers them', () => {
    const table = openTable<string, Entity>();
    for (let index = 0; index <= MAX_LIVE; index += 1) addRow(table, `k${index}`, entity(index, index === 0));
    expect(table.live.size).toBeLessThanOrEqual(MAX_LIVE);
    expect(table.live.has('k0')).toBe(true);
    expect(table.live.has('k1')).toBe(false);
    expect(table.gone.has('k1')).toBe(true);
    expect(table.count).toBe(MAX_LIVE + 1);
  });

  it('stays bounded when nothing is ever closed', () => {
    const table = openTable<string, Entity>();
    for (let index = 0; index < MAX_LIVE * 4; index += 1) addRow(table, `k${index}`, entity(index, true));
    expect(table.live.size).toBeLessThanOrEqual(MAX_LIVE);
    expect(table.gone.size).toBeLessThanOrEqual(MAX_LIVE * 2);
  });

  it('lets rows leave when their texts grow too long together', () => {
    const table = openTable<string, Entity>();
    for (let index = 0; index < 40; index += 1) {
      const one = entity(index, false);
      addRow(table, `k${index}`, one);
      grow(table, one, MAX_UNITS / 20);
    }
    expect(table.units).toBeLessThanOrEqual(MAX_UNITS);
    expect(table.live.has('k39')).toBe(true);
  });
});
