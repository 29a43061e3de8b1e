import { expect, test } from 'vitest';
import { eventRows, SCRIPT_START } from '#tests/support/fold-session.ts';
import { script } from '#tests/support/script.ts';
import { EventLog } from '../_live/event-log.ts';
import { Density } from './density.ts';

test('two pieces of audio that arrive at once do not make all the others look silent', () => {
  const log = new EventLog({ clock: 'wall', startedAt: SCRIPT_START });
  const times = [...Array.from({ length: 100 }, (_, index) => (index + 1) * 100), 10_001];
  const audio = Buffer.alloc(4800).toString('base64');
  log.append(eventRows(script(times.map((ms) => `${ms}  c>s  input_audio_buffer.append  {"audio":"${audio}"}`).join('\n'))));
  const density = new Density();
  // 10 s on 1000 pixels: a piece every 10 columns is 480 bytes in each; the last column has a whole piece of 4800 more.
  density.measure(log, { from: 0, to: 10_010_000 }, { left: 0, width: 1001 });
  expect(Math.max(...density.clientAudio)).toBeGreaterThan(4800);
  expect(density.mostClientAudio).toBeLessThan(600);
});
