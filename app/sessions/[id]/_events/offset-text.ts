import { formatOffset } from '../../../_ui/format.ts';

/** `12.430 s`, `2:05.118`: a position within the session that stands alone, with its unit where it has one. */
export function offsetText(ms: number | null): string {
  const text = formatOffset(ms);
  return ms === null || text.includes(':') ? text : `${text} s`;
}
