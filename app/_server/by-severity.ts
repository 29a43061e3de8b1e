import { SEVERITIES } from '#lib/rules/rule.ts';
import type { Severity } from '#lib/session/view.ts';

interface Weighed {
  readonly severity: Severity;
}

/** The worst first; equals stay as they were. */
export function bySeverity(left: Weighed, right: Weighed): number {
  return SEVERITIES.indexOf(left.severity) - SEVERITIES.indexOf(right.severity);
}
