import type { Activity } from '#lib/session/sums.ts';
import { formatCost, formatCount, formatDuration, formatPercent, formatShort } from '../_ui/format.ts';
import { FigureTile } from './figure-tile.tsx';

interface FiguresProps {
  readonly now: Activity | null;
  readonly before: Activity | null;
}

/** The figures of a span against those of the span before. */
export function Figures({ now, before }: FiguresProps) {
  const count = (of: (activity: Activity) => number) => ({
    now: now === null ? 0 : of(now),
    before: before === null ? 0 : of(before),
  });
  const maybe = (of: (activity: Activity) => number | null) => ({
    now: now === null ? null : of(now),
    before: before === null ? null : of(before),
  });
  const tokens = count((each) => each.totalTokens);
  return (
    <dl className="grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-5">
      <FigureTile name="Sessions" {...count((each) => each.sessions)} format={formatCount} href="/sessions" />
      <FigureTile name="Responses" {...count((each) => each.responses)} format={formatCount} />
      <FigureTile
        name="Cancelled by speech"
        meaning="Share of responses cut off because the caller spoke (turn_detected)"
        {...maybe((each) => share(each.turnDetected, each.responses))}
        format={formatPercent}
        good="less"
        detail={now === null ? '' : `${formatCount(now.turnDetected)} turn_detected`}
      />
      <FigureTile
        name="Missing deltas"
        meaning="Streams whose deltas never came; known gaps of a provider do not count"
        {...count((each) => each.missingDeltas)}
        format={formatCount}
        good="less"
        isFailure
        href="/anomalies?rule=missing-delta&severity=critical,high,medium,low"
      />
      <FigureTile
        name="Failed responses"
        {...count((each) => each.failed)}
        format={formatCount}
        good="less"
        isFailure
        href="/anomalies?rule=failed-response"
      />
      <FigureTile
        name="Voice to voice, median"
        meaning="From the end of the caller’s speech to the first audio of the answer"
        {...maybe((each) => each.voiceP50Ms)}
        format={formatDuration}
        good="less"
      />
      <FigureTile
        name="Voice to voice, p95"
        meaning="95 of 100 answers begin within it"
        {...maybe((each) => each.voiceP95Ms)}
        format={formatDuration}
        good="less"
      />
      <FigureTile
        name="Tokens"
        {...tokens}
        format={formatShort}
        detail={
          now === null
            ? ''
            : `${formatShort(now.inputTokens)} in, ${formatShort(now.cachedTokens)} of it cached, ${formatShort(now.outputTokens)} out`
        }
        href="/usage"
      />
      <FigureTile name="Cost" meaning="By list prices" {...count((each) => each.costUsd)} format={formatCost} href="/usage" />
      <FigureTile
        name="Wasted cost"
        meaning="What cancelled responses cost, by list prices"
        {...count((each) => each.wastedUsd)}
        format={formatCost}
        good="less"
        detail={now === null || now.costUsd === 0 ? '' : `${formatPercent(now.wastedUsd / now.costUsd)} of the cost`}
      />
    </dl>
  );
}

function share(part: number, all: number): number | null {
  return all === 0 ? null : part / all;
}
