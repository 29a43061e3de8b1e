import type { SessionMicros } from '#lib/base/brand.ts';
import type { Direction } from '#lib/base/direction.ts';
import type { Json } from '#lib/base/json.ts';
import type { CaptureMode, Transport } from '#lib/protocol/capture.ts';
import type { DecodedEvent } from '#lib/protocol/decode.ts';
import type { Dialect, Provider } from '#lib/protocol/dialect.ts';
import type { EventType } from '#lib/protocol/generated/event-types.ts';
import type { Severity } from '#lib/session/view.ts';

/**
 * What a rule is. A rule is a pure reducer over the events of one session: state in, event in, state and findings out.
 * It has no clock: time moves only by stored records, which the engine turns into `clock` inputs (`wakeAt`).
 */

/** The one scale of the project, worst first. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const satisfies readonly Severity[];

/** Room for the values of a finding, in characters. */
export const MAX_VALUES = 16_384;

/** Orders the worst first; equals stay as they were. */
export function bySeverity(left: { readonly severity: Severity }, right: { readonly severity: Severity }): number {
  return SEVERITIES.indexOf(left.severity) - SEVERITIES.indexOf(right.severity);
}

/** What is known of a session while its events pass by. */
export interface SessionFacts {
  readonly provider: Provider;
  readonly dialect: Dialect;
  readonly transport: Transport;
  readonly mode: CaptureMode;
}

/** What reaches a rule. */
export type RuleInput =
  /** An event of a type that it consumes. */
  | {
      readonly kind: 'event';
      readonly seq: number;
      /** Null where the recording knows no times: rules that need them stay quiet. */
      readonly at: SessionMicros | null;
      readonly direction: Direction;
      readonly event: DecodedEvent;
    }
  /** The moment that it asked to be woken at. */
  | { readonly kind: 'clock'; readonly at: SessionMicros }
  /** Messages are missing here, or the connection was made anew: what was open may have gone on or ended unseen. */
  | { readonly kind: 'gap'; readonly seq: number; readonly why: 'loss' | 'reconnect' };

/** An event as a rule gets it. */
export type EventInput = Extract<RuleInput, { kind: 'event' }>;

/** One thing that a rule found. The engine adds session, rule and version. */
export interface Finding {
  /** Tells two findings of one rule in one session apart; the same in every replay. */
  readonly key: string;
  /** Overrides the rule's own severity, e.g. where a gap is known and expected. */
  readonly severity?: Severity;
  /** Which of the rule's texts describes it; unset for `default`. */
  readonly variant?: string;
  /** The messages that prove it, in order; a page jumps to them. Never empty. */
  readonly evidence: readonly number[];
  readonly at: SessionMicros | null;
  /** What the texts of the rule name, e.g. `{ responseId: 'resp_1' }`. */
  readonly values: Readonly<Record<string, Json>>;
}

/** What a step gives back. */
export interface Step<State> {
  readonly state: State;
  readonly findings?: readonly Finding[];
  /** Session time at which to be woken; null to sleep; unset to leave as it is. */
  readonly wakeAt?: SessionMicros | null;
}

/** One option of a rule, with its bounds. */
export interface RuleOption {
  readonly default: number;
  readonly min: number;
  /** One sentence, with the unit. */
  readonly says: string;
}

/** The words for one kind of finding. `{name}` is filled from the finding's values. */
export interface RuleText {
  readonly title: string;
  readonly why: string;
  readonly fix: string;
}

/** What is known of a rule without running it. */
export interface RuleMeta<Options extends Readonly<Record<string, number>> = Readonly<Record<string, number>>> {
  /** Noun in the failing state; also the name of the file, the doc and the fixtures. */
  readonly id: string;
  /** Raised when the meaning of a finding changes. */
  readonly version: number;
  readonly severity: Severity;
  /** Canonical types that reach `step`; all others do not. */
  readonly consumes: readonly EventType[];
  readonly options: { readonly [Name in keyof Options]: RuleOption };
  /** By variant; `default` where a finding names none. */
  readonly texts: Readonly<Record<string, RuleText>>;
}

/** How the session ended when a rule looks back for the last time. */
export interface RuleEnd {
  readonly at: SessionMicros | null;
  readonly lastSeq: number;
}

/** A rule. `State` is plain JSON: it is stored with the session's checkpoint and compared in tests. */
export interface Rule<
  State extends Json = Json,
  Options extends Readonly<Record<string, number>> = Readonly<Record<string, number>>,
> {
  readonly meta: RuleMeta<Options>;
  init(): State;
  step(state: State, input: RuleInput, options: Options, facts: SessionFacts): Step<State>;
  /** What was still open when the session ended. */
  end?(state: State, end: RuleEnd, options: Options, facts: SessionFacts): readonly Finding[];
}
