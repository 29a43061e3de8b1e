import { renderAnomaly } from '#lib/rules/render.ts';
import type { TimelineLayout } from '#lib/session/timeline-layout.ts';
import { layoutTimeline } from '#lib/session/timeline-layout.ts';
import type { Playback, Span } from '#lib/session/timeline-spans.ts';
import type { UsageStep } from '#lib/session/timeline-usage.ts';
import type { AnomalyView, Severity } from '#lib/session/view.ts';
import { formatCost, formatCount } from '../../../_ui/format.ts';
import type { EventLog } from '../_live/event-log.ts';
import type { SessionSnapshot } from '../_live/session-data.ts';
import type { LaneId, LaneStack } from './lanes.ts';
import { ALL_LANES, stackLanes } from './lanes.ts';
import type { Palette } from './palette.ts';

/** How a bar is drawn: `open` is still going on; of an `unclosed` one no end is recorded. */
export type BarLook = 'plain' | 'cancelled' | 'failed' | 'open' | 'unclosed';

/** A bar on a lane, in axis values. */
export interface Bar {
  readonly from: number;
  readonly to: number;
  /** Up to where messages speak of it. Where `look` is `unclosed`, nothing is known of it behind. */
  readonly known: number;
  /** The message that a click selects. */
  readonly seq: number;
  readonly toSeq: number;
  readonly row: number;
  readonly look: BarLook;
  readonly label: string;
  readonly colour: keyof Palette;
  /** A moment inside it worth a mark: the first audio of a response, the output of a call. */
  readonly mark: number | null;
  readonly markLabel: string;
  readonly playback: Playback | null;
  /** What a tip says of it in place of where it begins and how long it is. */
  readonly detail: string | null;
}

/** Up to where it is known of a bar that it lasted. */
export function lastKnown({ look, known, to }: Bar): number {
  return look === 'unclosed' ? known : to;
}

/** The bars of a lane and how many rows they share. */
export interface BarLane {
  readonly bars: readonly Bar[];
  readonly rows: number;
}

/** Where an anomaly lies: one bar from the first to the last message that proves it, and a place for each of them. */
export interface AnomalyMark {
  readonly bar: Bar;
  readonly severity: Severity;
  readonly evidence: readonly { readonly seq: number; readonly x: number }[];
}

/** Everything the canvases draw, in axis values; made anew when the data changes, not when the view moves. */
export interface Scene {
  readonly log: EventLog;
  readonly bars: Readonly<Partial<Record<LaneId, BarLane>>>;
  readonly links: TimelineLayout['links'];
  readonly anomalies: readonly AnomalyMark[];
  readonly usage: readonly UsageStep[];
  readonly lanes: LaneStack;
  /** Where the axis ends: with the session or, while it is open, with its newest message. */
  readonly end: number;
}

const MOST_ROWS = 3;

/** Which lanes a scene has: those that say something, every one, or those that somebody chose. */
export type LaneChoice = 'telling' | 'every' | readonly LaneId[];

/** Makes the scene of a session. */
export function makeScene(log: EventLog, parts: SessionSnapshot, choice: LaneChoice): Scene {
  const layout = layoutTimeline(log.timeline, parts);
  const source = { log, live: parts.session.status === 'open' };
  const anomalies = parts.anomalies.map((anomaly) => anomalyMark(log, anomaly));
  const texts = new Map(layout.transcripts.map((mark) => [mark.itemId, mark.text]));
  const bars = {
    speech: toLane(
      layout.speech.map((span) => bar(span, source, { colour: 'client', label: texts.get(span.itemId ?? '') ?? '' })),
    ),
    responses: toLane(layout.responses.map((span) => responseBar(span, source))),
    items: toLane(
      layout.items.map((span) => bar(span, source, { colour: itemColour(span), label: texts.get(span.id) ?? span.type })),
    ),
    tools: toLane(layout.tools.map((span) => toolBar(span, source))),
    anomalies: toLane(anomalies.map((mark) => mark.bar)),
    usage: toLane(layout.usage.map((step, index) => usageBar(step, layout.usage[index + 1]?.x ?? layout.endX))),
  };
  const voice = isVoice(parts);
  const lanes =
    choice === 'every'
      ? ALL_LANES
      : stackLanes((id) => (choice === 'telling' ? isWorthALane(id, bars, voice) : choice.includes(id)));
  return { log, links: layout.links, anomalies, bars, usage: layout.usage, lanes, end: layout.endX };
}

/** The shortest bar that a message lies in: its response's, item's, call's or speech's. Steps of usage and spans of evidence are no such bars. */
export function barAround({ bars }: Pick<Scene, 'bars'>, seq: number): Bar | undefined {
  const lanes = [bars.speech, bars.responses, bars.items, bars.tools];
  return lanes
    .flatMap((lane) => lane?.bars ?? [])
    .filter((bar) => bar.seq <= seq && bar.toSeq >= seq && bar.to > bar.from)
    .sort((left, right) => left.to - left.from - (right.to - right.from))[0];
}

/**
 * Whether a lane of a session that is over says something. In a voice session an empty lane of speech or audio does: nobody was heard.
 * Events, responses, errors and anomalies always have their place.
 */
function isWorthALane(id: LaneId, bars: Scene['bars'], voice: boolean): boolean {
  switch (id) {
    case 'audio':
      return voice;
    case 'speech':
      return voice || (bars.speech?.bars.length ?? 0) > 0;
    case 'items':
    case 'tools':
    case 'usage':
      return (bars[id]?.bars.length ?? 0) > 0;
    default:
      return true;
  }
}

function isVoice({ session, responses }: SessionSnapshot): boolean {
  return session.counts.audioBytes > 0 || responses.some((response) => response.modalities.includes('audio'));
}

function usageBar({ x, seq, ordinal, tokens, costUsd, sumTokens, sumCostUsd }: UsageStep, until: number): Bar {
  return {
    ...PLAIN,
    from: x,
    to: until,
    known: until,
    seq,
    toSeq: seq,
    label: `response ${ordinal}: ${formatCount(tokens)} tokens${costUsd === null ? '' : `, ${formatCost(costUsd)}`}`,
    detail: `so far ${formatCount(sumTokens)} tokens${sumCostUsd === 0 ? '' : `, ${formatCost(sumCostUsd)}`}`,
    colour: 'item',
  };
}

const PLAIN = { row: 0, look: 'plain', mark: null, markLabel: '', playback: null, detail: null } as const;

function toLane(bars: readonly Bar[]): BarLane {
  const rows = bars.reduce((most, each) => Math.max(most, each.row + 1), 1);
  return { bars, rows: Math.min(rows, MOST_ROWS) };
}

/** Whose bars they are, and whether more of them may come. */
interface Source {
  readonly log: EventLog;
  readonly live: boolean;
}

type Extra = Pick<Bar, 'colour' | 'label'> & Partial<Bar>;

function bar(span: Span, { log, live }: Source, extra: Extra): Bar {
  return {
    ...PLAIN,
    from: span.x0,
    to: span.x1,
    known: span.open ? log.positionOfSeq(span.toSeq) : span.x1,
    seq: span.fromSeq,
    toSeq: span.toSeq,
    row: span.row % MOST_ROWS,
    look: span.open ? (live ? 'open' : 'unclosed') : 'plain',
    ...extra,
  };
}

function responseBar(span: TimelineLayout['responses'][number], source: Source): Bar {
  const failed = span.status === 'failed' || span.status === 'incomplete';
  return bar(span, source, {
    colour: failed ? 'error' : 'server',
    label:
      span.status === 'completed'
        ? `response ${span.ordinal}`
        : span.open && !source.live
          ? 'no end seen'
          : [span.status.replace('_', ' '), span.reason].filter(Boolean).join(' · '),
    mark: span.firstAudioX ?? span.firstOutputX,
    markLabel: span.firstAudioX === null ? 'first output' : 'first audio',
    playback: span.playback,
    ...(failed ? { look: 'failed' } : span.status === 'cancelled' ? { look: 'cancelled' } : {}),
  });
}

function toolBar(span: TimelineLayout['tools'][number], source: Source): Bar {
  const failed = span.status === 'failed' || span.status === 'cancelled';
  return bar(span, source, {
    colour: failed ? 'error' : 'tool',
    label: span.name ?? span.callId,
    mark: span.outputX ?? span.calledX,
    markLabel: span.outputX === null ? 'called' : 'output',
    ...(failed ? { look: 'failed' } : {}),
  });
}

function itemColour(span: TimelineLayout['items'][number]): keyof Palette {
  if (span.role === 'user') return 'client';
  if (span.role === 'assistant') return 'server';
  return span.type.startsWith('function_call') || span.type.startsWith('mcp') ? 'tool' : 'item';
}

/** The colour of a severity on the canvases; the pages use the same tokens. */
const SEVERITY_COLOURS: Readonly<Record<Severity, keyof Palette>> = {
  critical: 'error',
  high: 'error',
  medium: 'warn',
  low: 'item',
  info: 'neutral',
};

function anomalyMark(log: EventLog, anomaly: AnomalyView): AnomalyMark {
  const evidence = anomaly.evidence.map((seq) => ({ seq, x: log.positionOfSeq(seq) }));
  const [first, last] = [evidence[0], evidence.at(-1)];
  const bar: Bar = {
    ...PLAIN,
    from: first?.x ?? 0,
    to: last?.x ?? 0,
    known: last?.x ?? 0,
    seq: first?.seq ?? anomaly.fromSeq,
    toSeq: last?.seq ?? anomaly.toSeq,
    label: `${anomaly.severity}: ${renderAnomaly(anomaly).title}`,
    colour: SEVERITY_COLOURS[anomaly.severity],
  };
  return { bar, severity: anomaly.severity, evidence };
}
