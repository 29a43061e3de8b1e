'use client';

import type { ReactNode } from 'react';
import { Bar, BarChart, Brush, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { ChartTip } from './chart-tip.tsx';
import { Legend } from './legend.tsx';
import type { Series } from './series.ts';
import { AXIS, CHART_MARGIN } from './series.ts';

interface BarsChartProps<Row> {
  readonly rows: readonly Row[];
  readonly labelOf: (row: Row) => string | number;
  readonly series: readonly Series<Row>[];
  readonly format: (value: number) => string;
  /** On the axis, where `format` would be too long. */
  readonly formatAxis?: (value: number) => string;
  readonly formatTick?: (label: string | number) => string;
  readonly formatLabel?: (label: unknown) => ReactNode;
  /** Told the first and the last row of the part that was chosen; without it there is no brush. */
  readonly onBrush?: (first: number, last: number) => void;
  readonly height?: number;
  readonly label: string;
}

/** Bars over an axis of rows, stacked where the series say so. */
export function BarsChart<Row>(props: BarsChartProps<Row>) {
  const { rows, labelOf, series, format, formatAxis = format, formatTick, formatLabel, onBrush, height = 190, label } = props;
  const data = rows.map((row) => ({
    label: labelOf(row),
    ...Object.fromEntries(series.map((each) => [each.name, each.of(row)])),
  }));
  const tickText = (value: string | number) => (formatTick === undefined ? String(value) : formatTick(value));
  return (
    <figure aria-label={label} className="pb-2">
      {series.length > 1 ? <Legend series={series} /> : null}
      <ResponsiveContainer width="100%" height={height} minWidth={0}>
        <BarChart data={data} margin={CHART_MARGIN} barCategoryGap="18%" accessibilityLayer={false}>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis dataKey="label" {...AXIS} tickFormatter={tickText} minTickGap={28} />
          <YAxis {...AXIS} width={52} tickFormatter={formatAxis} />
          <Tooltip
            cursor={{ fill: 'var(--hover)' }}
            isAnimationActive={false}
            content={({ active, label: at, payload }) => (
              <ChartTip
                active={active}
                label={at}
                payload={payload as never}
                format={format}
                formatLabel={formatLabel ?? ((value) => tickText(value as string))}
              />
            )}
          />
          {series.map(({ name, colour, stack }) => (
            <Bar
              key={name}
              dataKey={name}
              fill={colour}
              maxBarSize={28}
              isAnimationActive={false}
              {...(stack === undefined ? {} : { stackId: stack })}
            />
          ))}
          {onBrush === undefined ? null : (
            <Brush
              dataKey="label"
              height={22}
              stroke="var(--line-strong)"
              fill="var(--raised)"
              travellerWidth={7}
              tickFormatter={() => ''}
              onChange={({ startIndex, endIndex }) => onBrush(startIndex ?? 0, endIndex ?? rows.length - 1)}
            />
          )}
        </BarChart>
      </ResponsiveContainer>
    </figure>
  );
}
