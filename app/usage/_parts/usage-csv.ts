import type { UsageGroup, UsageRow } from '#lib/session/sums.ts';

/** Usage as a table of RFC 4180, with every figure that there is. */
export function usageCsv(rows: readonly UsageRow[], group: UsageGroup): string {
  const names = Object.keys(rows[0] ?? {}).filter((name) => name !== 'key') as (keyof UsageRow)[];
  const lines = rows.map((row) => [quote(row.key ?? ''), ...names.map((name) => String(row[name]))].join(','));
  return `${[[group, ...names].join(','), ...lines].join('\r\n')}\r\n`;
}

/** Models and tags come from the wire: quoted always, and never a formula for a spreadsheet. */
function quote(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}
