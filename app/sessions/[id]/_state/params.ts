import { parseAsArrayOf, parseAsFloat, parseAsInteger, parseAsString, parseAsStringLiteral } from 'nuqs';
import { LANE_IDS } from '../_timeline/lanes.ts';
import { TABS } from './tabs.ts';

/** What of the view stands in the URL. Names are short and stay: people keep these links. */
export const tabParser = parseAsStringLiteral(TABS).withDefault('timeline').withOptions({ history: 'push' });

/** The lanes that are shown, where somebody chose them. */
export const lanesParser = parseAsArrayOf(parseAsStringLiteral(LANE_IDS));

export const timelineParsers = {
  /** The selected message. */
  seq: parseAsInteger,
  /** A time in seconds, as the list shows it: selects the message there, and is replaced by its `seq`. */
  t: parseAsFloat,
  q: parseAsString.withDefault(''),
  dir: parseAsStringLiteral(['', 'client', 'server'] as const).withDefault(''),
  types: parseAsArrayOf(parseAsString).withDefault([]),
  /** The part in view: from~to on the axis, in milliseconds or in events; absent for everything. */
  view: parseAsString,
};
