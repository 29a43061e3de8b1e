'use client';

import { Bar, BarChart, Brush } from 'recharts';
import type { ChartProps } from './chart-frame.tsx';
import { ChartAxes, ChartFrame, chartData } from './chart-frame.tsx';
import { CHART_MARGIN } from './series.ts';

interface BarsChartProps<Row> extends ChartProps<Row> {
  /** Told the first and the last row of the part that was chosen; without it there is no brush. */
  readonly onBrush?: (first: number, last: number) => void;
}

/** Bars over an axis of rows, stacked where the series say so. */
export function BarsChart<Row>({ onBrush, ...chart }: BarsChartProps<Row>) {
  const { rows, series } = chart;
  return (
    <ChartFrame {...chart}>
      <BarChart data={chartData(chart)} margin={CHART_MARGIN} barCategoryGap="18%" accessibilityLayer={false}>
        <ChartAxes {...chart} cursor={{ fill: 'var(--hover)' }} />
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
    </ChartFrame>
  );
}
