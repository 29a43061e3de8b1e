import type { UsageTotals } from '#lib/protocol/usage.ts';
import { untoldInput, untoldOutput } from '../../../_charts/untold-tokens.ts';
import { EmptyState } from '../../../_ui/empty-state.tsx';
import { formatCost, formatCount } from '../../../_ui/format.ts';
import type { SessionData } from '../_live/session-data.ts';
import { ResponseCharts } from './response-charts.tsx';
import { TabPage } from './tab-page.tsx';

interface UsageLine {
  /** The sum that it is part of, or itself. */
  readonly of: string;
  readonly name: string;
  readonly tokens: number;
  /** Part of the line above it. */
  readonly deep: boolean;
}

/** The sums, each with its parts; kinds that were not told are a part of their own. */
function linesOf(usage: UsageTotals): readonly UsageLine[] {
  const sum = (name: string, tokens: number): UsageLine => ({ of: name, name, tokens, deep: false });
  const part = (of: string, name: string, tokens: number): UsageLine => ({ of, name, tokens, deep: true });
  const untold = (of: string, tokens: number) => (tokens === 0 ? [] : [part(of, 'kind not told', tokens)]);
  return [
    sum('Input', usage.inputTokens),
    part('Input', 'text', usage.inputTextTokens),
    part('Input', 'audio', usage.inputAudioTokens),
    part('Input', 'image', usage.inputImageTokens),
    ...untold('Input', untoldInput(usage)),
    part('Input', 'from the cache', usage.cachedTokens),
    sum('Output', usage.outputTokens),
    part('Output', 'text', usage.outputTextTokens),
    part('Output', 'audio', usage.outputAudioTokens),
    ...untold('Output', untoldOutput(usage)),
    part('Output', 'reasoning', usage.reasoningTokens),
    sum('Transcription', usage.transcriptionTokens),
  ];
}

/** Tokens as the provider reported them, by modality, and what they cost by list prices. */
export function UsageTab({ data }: { readonly data: SessionData }) {
  const { usage, costUsd, costEstimated } = data.session;
  if (usage.totalTokens === 0 && usage.transcriptionTokens === 0 && usage.seconds === 0)
    return (
      <TabPage label="Usage">
        <EmptyState title="No usage was reported">
          {data.responses.length === 0
            ? 'Providers report usage when a response ends; this session has no response.'
            : `${data.responses.length === 1 ? 'The only response reports' : `None of the ${formatCount(data.responses.length)} responses reports`} usage: it did not end, generated nothing, or this provider does not report it.`}
        </EmptyState>
      </TabPage>
    );
  const most = Math.max(usage.inputTokens, usage.outputTokens, 1);
  return (
    <TabPage label="Usage">
      <div className="grid items-start gap-4 p-4 lg:grid-cols-[minmax(20rem,26rem)_1fr]">
        <div>
          <dl className="rounded-lg border bg-surface p-4">
            {linesOf(usage).map(({ of, name, tokens, deep }) => (
              <div key={`${of} ${name}`} className="grid grid-cols-[8rem_1fr_5rem] items-center gap-3 py-1">
                <dt className={deep ? 'pl-4 text-muted' : 'font-medium'}>{name}</dt>
                <dd aria-hidden="true" className="h-1.5 rounded bg-raised">
                  <div
                    className={deep ? 'h-full rounded bg-accent-line' : 'h-full rounded bg-accent'}
                    style={{ width: `${Math.min(100, (tokens / most) * 100)}%` }}
                  />
                </dd>
                <dd className="text-right">{formatCount(tokens)}</dd>
              </div>
            ))}
            <div className="mt-2 flex justify-between border-t pt-3">
              <dt className="font-medium">Cost</dt>
              <dd title="By list prices">
                {costUsd === null ? 'the price of this model is not known' : `${costEstimated ? '≈ ' : ''}${formatCost(costUsd)}`}
              </dd>
            </div>
            {usage.seconds > 0 ? (
              <div className="mt-1 flex justify-between text-muted">
                <dt>Billed by time</dt>
                <dd>{formatCount(Math.round(usage.seconds))} s</dd>
              </div>
            ) : null}
          </dl>
          {data.responses.some((response) => response.usage === null) ? (
            <p className="mt-2 text-faint text-xs">
              {data.responses.filter((response) => response.usage === null).length} of {data.responses.length} responses reported
              no usage.
            </p>
          ) : null}
        </div>
        <ResponseCharts responses={data.responses} />
      </div>
    </TabPage>
  );
}
