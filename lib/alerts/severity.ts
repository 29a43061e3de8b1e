import type { Severity } from '#lib/session/view.ts';

/** Higher is worse. */
const RANK: Readonly<Record<Severity, number>> = { critical: 4, high: 3, medium: 2, low: 1, info: 0 };

/** Whether `severity` matters at least as much as `least`. */
export function isAtLeast(severity: Severity, least: Severity): boolean {
  return RANK[severity] >= RANK[least];
}

/** The one of two that matters more. */
export function worseOf(a: Severity, b: Severity): Severity {
  return RANK[b] > RANK[a] ? b : a;
}
