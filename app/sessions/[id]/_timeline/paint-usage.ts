import type { UsageStep } from '#lib/session/timeline-usage.ts';
import { formatCost, formatShort } from '../../../_ui/format.ts';
import type { LaneBox } from './lanes.ts';
import type { Paint } from './paint.ts';
import { toX } from './scale.ts';

/** What was used so far as a step line: cost or, where no price is known, tokens; the sum stands at its end. */
export function paintUsage({ context, palette, view, frame }: Paint, box: LaneBox, steps: readonly UsageStep[]): void {
  const last = steps.at(-1);
  if (last === undefined) return;
  const priced = last.sumCostUsd > 0;
  const sumOf = (step: UsageStep) => (priced ? step.sumCostUsd : step.sumTokens);
  const bottom = box.top + box.height;
  const topOf = (step: UsageStep) => bottom - (sumOf(step) / Math.max(sumOf(last), Number.EPSILON)) * (box.height - 2);
  const right = frame.left + frame.width;
  context.fillStyle = palette.item;
  context.strokeStyle = palette.item;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(toX(view, frame, 0), bottom);
  for (const [index, step] of steps.entries()) {
    const x = toX(view, frame, step.x);
    const next = steps[index + 1];
    const until = next === undefined ? right : toX(view, frame, next.x);
    const y = topOf(step);
    context.lineTo(x, index === 0 ? bottom : topOf(steps[index - 1] as UsageStep));
    context.lineTo(x, y);
    context.lineTo(until, y);
    context.globalAlpha = 0.12;
    context.fillRect(x, y, until - x, bottom - y);
    context.globalAlpha = 1;
  }
  context.stroke();
  const text = `responses ${priced ? formatCost(last.sumCostUsd) : `${formatShort(last.sumTokens)} tokens`}`;
  context.font = `11px ${palette.font}`;
  context.textBaseline = 'middle';
  const width = context.measureText(text).width;
  const [end, middle] = [toX(view, frame, last.x), bottom - box.height / 2 + 1];
  const left = Math.max(end + 6 + width < right ? end + 6 : end - width - 6, frame.left + 4);
  context.fillStyle = palette.surface;
  context.fillRect(left - 3, middle - 7, width + 6, 14);
  context.fillStyle = palette.muted;
  context.fillText(text, left, middle);
}
