import type { CaptureMode, Transport } from './capture.ts';
import type { Group } from './catalogue-entry.ts';
import familyFile from './data/families.json' with { type: 'json' };
import type { DecodedEvent, EventKeys } from './decode.ts';
import type { Provider } from './dialect.ts';
import type { Path } from './path.ts';
import { compilePath, readPath } from './path.ts';

/** Something that may be missing or odd without being a fault. */
export type Allowance =
  | 'no_delta'
  | 'no_start'
  | 'no_done'
  | 'no_ids'
  | 'late_done'
  | 'duplicate_start'
  | 'duplicate_delta'
  | 'duplicate_done'
  | 'mismatch'
  | 'invalid_json';

/** Circumstances in which an allowance holds; all that are named must hold. */
export interface Circumstances {
  readonly provider?: readonly Provider[];
  readonly transport?: readonly Transport[];
  readonly mode?: readonly CaptureMode[];
  /** Status of the response that the events belong to. */
  readonly status?: readonly string[];
  /** The item was truncated. */
  readonly truncated?: boolean;
  /** The session has ended. */
  readonly ended?: boolean;
  /** The response stands outside the conversation. */
  readonly outOfBand?: boolean;
}

/** One known exception, with its reason. */
export interface FamilyException {
  readonly allows: Allowance;
  readonly when?: Circumstances;
  readonly note: string;
}

/** Events that belong together: pieces and what closes them (`stream`), or a beginning and its end (`pair`). */
export interface Family {
  readonly name: string;
  readonly group: Group;
  readonly kind: 'stream' | 'pair';
  /** Canonical types of the pieces, or of the beginning. */
  readonly starts: readonly string[];
  readonly deltaPath: string | null;
  /** Canonical types that close it. */
  readonly ends: readonly string[];
  /** Where the closing event repeats the whole; null where it does not. */
  readonly donePath: string | null;
  /** `text`: the whole is the pieces put together. `json`: and it is JSON once the response completed. `none`: not comparable. */
  readonly equal: 'text' | 'json' | 'none';
  /** Later events that repeat the whole, as `type:path`. */
  readonly alsoEqual: readonly string[];
  readonly key: readonly (keyof typeof KEY_FIELDS)[];
  readonly exceptions: readonly FamilyException[];
}

const KEY_FIELDS = {
  response: 'responseId',
  item: 'itemId',
  call: 'callId',
  outputIndex: 'outputIndex',
  contentIndex: 'contentIndex',
} as const satisfies Record<string, keyof EventKeys>;

/** Every family of every group. */
export const FAMILIES: readonly Family[] = familyFile.families as readonly Family[];

/** The part that an event plays in a family. */
export interface FamilyPart {
  readonly family: Family;
  readonly part: 'start' | 'end';
}

const STREAMS = indexParts('stream');
const PAIRS = indexParts('pair');

function indexParts(kind: Family['kind']): Map<string, FamilyPart> {
  const parts = new Map<string, FamilyPart>();
  for (const family of FAMILIES) {
    if (family.kind !== kind) continue;
    for (const type of family.starts) parts.set(`${family.group} ${type}`, { family, part: 'start' });
    for (const type of family.ends)
      if (!parts.has(`${family.group} ${type}`)) parts.set(`${family.group} ${type}`, { family, part: 'end' });
  }
  return parts;
}

/** The stream family of an event: `start` is a piece (delta), `end` is what closes it; null for other events. */
export function streamOf(event: DecodedEvent): FamilyPart | null {
  return event.entry === null ? null : (STREAMS.get(`${event.entry.group} ${event.canonicalType}`) ?? null);
}

/** The pair that an event begins or ends; null for other events. */
export function pairOf(event: DecodedEvent): FamilyPart | null {
  return event.entry === null ? null : (PAIRS.get(`${event.entry.group} ${event.canonicalType}`) ?? null);
}

/** What makes two events parts of the same text: their group, family and ids. An absent id counts as one value. */
export function familyKey(event: DecodedEvent, family: Family): string {
  let key = `${family.group} ${family.name}`;
  for (const name of family.key) key += ` ${String(event.keys[KEY_FIELDS[name]] ?? '-')}`;
  return key;
}

const PATHS = new Map<string, Path>();

/** The piece that a delta carries, or null. */
export function deltaText(event: DecodedEvent, family: Family): string | null {
  return textAt(event, family.deltaPath);
}

/** Whether a piece of a text brings nothing: Azure sends a lone empty one in place of arguments. Audio is empty where the tap had to drop it. */
export function isEmptyPiece(event: DecodedEvent, { family, part }: FamilyPart): boolean {
  return part === 'start' && family.donePath !== null && deltaText(event, family) === '';
}

/** The whole that a closing event repeats, or null. */
export function doneText(event: DecodedEvent, family: Family): string | null {
  return textAt(event, family.donePath);
}

function textAt(event: DecodedEvent, path: string | null): string | null {
  if (path === null) return null;
  const compiled = PATHS.get(path) ?? compilePath(path);
  PATHS.set(path, compiled);
  const value = readPath(event.body, compiled);
  return typeof value === 'string' ? value : null;
}

/** What is known of the session and response when a rule asks whether something is a fault. */
export interface FamilyContext {
  readonly provider: Provider;
  readonly transport: Transport;
  readonly mode: CaptureMode;
  readonly status: string | null;
  readonly truncated: boolean;
  readonly ended: boolean;
  readonly outOfBand: boolean;
}

/** The exception that makes `allowance` legitimate here, or null if it is a fault. */
export function exceptionFor(family: Family, allowance: Allowance, context: FamilyContext): FamilyException | null {
  return family.exceptions.find((one) => one.allows === allowance && holds(one.when ?? {}, context)) ?? null;
}

function holds(when: Circumstances, context: FamilyContext): boolean {
  return (
    (when.provider?.includes(context.provider) ?? true) &&
    (when.transport?.includes(context.transport) ?? true) &&
    (when.mode?.includes(context.mode) ?? true) &&
    (when.status?.includes(context.status ?? '') ?? true) &&
    (when.truncated ?? context.truncated) === context.truncated &&
    (when.ended ?? context.ended) === context.ended &&
    (when.outOfBand ?? context.outOfBand) === context.outOfBand
  );
}
