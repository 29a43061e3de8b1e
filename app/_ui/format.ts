/** Figures as people read them: short, of even width, never a false precision. Pure; unknown values are an en dash. */

const NONE = '–';
const day = new Intl.DateTimeFormat('en-US', { month: 'short', day: 'numeric', timeZone: 'UTC' });
const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `12,345`. */
export function formatCount(value: number): string {
  return whole.format(value);
}

/** `847`, `12.3k`, `4.1M`, `1.2B`. */
export function formatShort(value: number): string {
  if (value < 10_000) return whole.format(value);
  if (value < 1_000_000) return `${trim(value / 1000)}k`;
  if (value < 1_000_000_000) return `${trim(value / 1_000_000)}M`;
  return `${trim(value / 1_000_000_000)}B`;
}

/** `1 turn`, `12.3k turns`; with another `format` also `12,345 events`. */
export function formatPlural(value: number, noun: string, format = formatShort): string {
  return `${format(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** `1 session`, `1,234 sessions`; `100+ sessions` where more are to come. */
export function formatHeld(count: number, noun: string, more: boolean): string {
  return more ? `${formatCount(count)}+ ${noun}s` : formatPlural(count, noun, formatCount);
}

/** `312 B`, `6.4 kB`, `1.2 MB` (powers of 1000). */
export function formatBytes(value: number): string {
  if (value < 1000) return `${value} B`;
  if (value < 1_000_000) return `${trim(value / 1000)} kB`;
  if (value < 1_000_000_000) return `${trim(value / 1_000_000)} MB`;
  return `${trim(value / 1_000_000_000)} GB`;
}

/** A span of milliseconds: `0.4 ms`, `320 ms`, `4.12 s`, `2:05`, `1:02:05`. */
export function formatDuration(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return NONE;
  const size = Math.abs(ms);
  if (size === 0) return '0 ms';
  if (size < 10) return `${ms.toFixed(1)} ms`;
  if (size < 1000) return `${Math.round(ms)} ms`;
  if (size < 60_000) return `${(ms / 1000).toFixed(size < 10_000 ? 2 : 1)} s`;
  return formatClock(ms);
}

/** `2:05`, `1:02:05`. */
export function formatClock(ms: number): string {
  const seconds = Math.floor(Math.abs(ms) / 1000);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = String(seconds % 60).padStart(2, '0');
  const text = hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
  return ms < 0 ? `-${text}` : text;
}

/** Position within a session: `12.430`, `2:05.118`. */
export function formatOffset(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return NONE;
  const sign = ms < 0 ? '-' : '';
  const size = Math.abs(ms);
  if (size < 60_000) return `${sign}${(size / 1000).toFixed(3)}`;
  const fraction = String(Math.floor(size % 1000)).padStart(3, '0');
  return `${sign}${formatClock(size)}.${fraction}`;
}

/** `$0.0042`, `$1.27`; null is a price that is not known. */
export function formatCost(usd: number | null): string {
  if (usd === null) return NONE;
  if (usd === 0) return '$0';
  if (usd < 0.0001) return '<$0.0001';
  return `$${usd.toFixed(usd < 1 ? 4 : 2)}`;
}

/** `now`, `12s`, `5m`, `3h`, `2d`: how long before `nowMs` a moment was. */
export function formatAgo(thenMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.round((nowMs - thenMs) / 1000));
  if (seconds < 5) return 'now';
  if (seconds < 60) return `${seconds}s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h ago`;
  if (seconds < 86_400 * 60) return `${Math.floor(seconds / 86_400)}d ago`;
  return new Date(thenMs).toISOString().slice(0, 10);
}

/** `2026-11-20 22:04:31.118 UTC`. */
export function formatExact(ms: number): string {
  return `${new Date(ms).toISOString().replace('T', ' ').replace('Z', '')} UTC`;
}

/** `$0.05`, `$0.10`: a cost on an axis, all of its `ticks` with as many decimals as one of them needs. */
export function formatCostTick(usd: number, ticks: readonly number[]): string {
  const decimals = decimalsOf(ticks);
  return usd === 0 ? '$0' : `$${usd.toFixed(decimals === 0 ? 0 : Math.max(2, decimals))}`;
}

/** `0.5 s`, `1.0 s`, or `200 ms`: a duration on an axis, all of its `ticks` in one unit and with as many decimals as one of them needs. */
export function formatDurationTick(ms: number, ticks: readonly number[]): string {
  const [unit, unitMs] = Math.max(...ticks) < 1000 ? ['ms', 1] : ['s', 1000];
  return `${(ms / unitMs).toFixed(decimalsOf(ticks.map((tick) => tick / unitMs)))} ${unit}`;
}

/** How many decimals tell round values apart. */
function decimalsOf(values: readonly number[]): number {
  return Math.max(0, ...values.map((value) => (String(Number(value.toFixed(6))).split('.')[1] ?? '').length));
}

/** `12%`, `0.4%`: a share of 1. */
export function formatPercent(share: number | null): string {
  if (share === null || !Number.isFinite(share)) return NONE;
  const percent = share * 100;
  return percent > 0 && percent < 10 ? `${percent.toFixed(1).replace(/\.0$/, '')}%` : `${Math.round(percent)}%`;
}

/** `Nov 21`: a day of UTC. */
export function formatDay(ms: number | string): string {
  return day.format(Number(ms));
}

/** `14:00`, of UTC. */
export function formatHour(ms: number | string): string {
  return new Date(Number(ms)).toISOString().slice(11, 16);
}

/** `Nov 21, 14:00`, of UTC. */
export function formatMoment(ms: number): string {
  return `${formatDay(ms)}, ${formatHour(ms)}`;
}

function trim(value: number): string {
  return value < 100 ? value.toFixed(1).replace(/\.0$/, '') : whole.format(value);
}
