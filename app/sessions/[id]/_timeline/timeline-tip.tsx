import type { Playback } from '#lib/session/timeline-spans.ts';
import { formatBytes, formatCount, formatDuration } from '../../../_ui/format.ts';
import { offsetText } from '../_events/offset-text.ts';
import type { Hit } from './hit-test.ts';
import type { Bar, Scene } from './scene.ts';
import { lastKnown } from './scene.ts';

interface TimelineTipProps {
  readonly scene: Scene;
  readonly hit: Hit;
  readonly x: number;
  readonly y: number;
}

/** What the pointer is on, beside the pointer. */
export function TimelineTip({ scene, hit, x, y }: TimelineTipProps) {
  const lines = hit.kind === 'event' ? describeEvent(scene, hit.index) : describeBar(scene, hit.bar);
  return (
    <div
      role="presentation"
      className="pointer-events-none absolute z-10 max-w-80 rounded-md border bg-surface px-2 py-1.5 text-2xs shadow-pop"
      style={{ top: y + 14, ...(x > window.innerWidth / 2 ? { right: `calc(100% - ${x - 12}px)` } : { left: x + 12 }) }}
    >
      <div className="truncate font-medium font-mono text-ink">{lines.title}</div>
      <div className="text-muted">{lines.detail}</div>
    </div>
  );
}

function describeEvent({ log }: Scene, index: number) {
  const lost = log.lostBefore(index);
  const audio = log.audioBytes[index] as number;
  const parts = [
    `#${log.seq[index]}`,
    log.timed ? offsetText(log.offsetMs(index)) : '',
    formatBytes(log.byteLength[index] as number),
    audio > 0 ? `${formatBytes(audio)} audio` : '',
    lost > 0 ? `${formatCount(lost)} messages before it were not recorded` : '',
  ];
  return { title: titleOf(log.kindAt(index).type), detail: parts.filter(Boolean).join(' · ') };
}

function describeBar({ log }: Scene, bar: Bar) {
  const length = lastKnown(bar) - bar.from;
  const parts = [
    bar.detail ?? '',
    bar.detail !== null
      ? ''
      : log.timed
        ? `${offsetText(bar.from / 1000)} · ${formatDuration(length / 1000)}`
        : `#${bar.seq} to #${bar.toSeq}`,
    bar.look === 'open' ? 'still going on' : '',
    bar.look === 'unclosed' ? 'no end seen' : '',
    bar.mark === null || !log.timed ? '' : `${bar.markLabel} after ${formatDuration((bar.mark - bar.from) / 1000)}`,
    bar.playback === null ? '' : describePlayback(bar.playback),
  ];
  const index = log.indexOfSeq(bar.seq);
  return {
    title: bar.label.slice(0, 200) || (index < 0 ? '' : titleOf(log.kindAt(index).type)),
    detail: parts.filter(Boolean).join(' · '),
  };
}

function describePlayback({ startX, endX, cutX }: Playback): string {
  const all = `${formatDuration((endX - startX) / 1000)} of audio`;
  return cutX === null ? all : `heard ${formatDuration((cutX - startX) / 1000)} of ${all}`;
}

function titleOf(type: string): string {
  return type === '' ? 'unreadable message' : type.slice(0, 120);
}
