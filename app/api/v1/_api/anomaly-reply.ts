import { renderAnomaly } from '#lib/rules/render.ts';
import type { RuleText } from '#lib/rules/rule.ts';
import type { AnomalyView } from '#lib/session/view.ts';
import type { IsoTimes } from './iso-times.ts';
import { isoTimes } from './iso-times.ts';

/** An anomaly as the API shows it: with its words. */
export function anomalyReply(anomaly: AnomalyView): IsoTimes<AnomalyView> & RuleText {
  return { ...isoTimes(anomaly), ...renderAnomaly(anomaly) };
}
