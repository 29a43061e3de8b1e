'use client';

import { Area, AreaChart } from 'recharts';
import type { ChartProps } from './chart-frame.tsx';
import { ChartAxes, ChartFrame, chartData } from './chart-frame.tsx';
import { CHART_MARGIN } from './series.ts';

/** More rows than these have no dots. */
const MOST_DOTS = 40;

/** Lines over an axis of rows; few rows have dots, and a line goes on over rows without a figure. */
export function LinesChart<Row>(chart: ChartProps<Row>) {
  const { rows, series } = chart;
  return (
    <ChartFrame {...chart}>
      <AreaChart data={chartData(chart)} margin={CHART_MARGIN} accessibilityLayer={false}>
        <ChartAxes {...chart} cursor={{ stroke: 'var(--line-strong)' }} />
        {series.map(({ name, colour }) => (
          <Area
            key={name}
            dataKey={name}
            stroke={colour}
            strokeWidth={1.75}
            fill={colour}
            fillOpacity={0.08}
            connectNulls
            isAnimationActive={false}
            dot={rows.length <= MOST_DOTS ? { r: 2.5, fill: colour, fillOpacity: 1, strokeWidth: 0 } : false}
            activeDot={{ r: 3.5, strokeWidth: 0 }}
          />
        ))}
      </AreaChart>
    </ChartFrame>
  );
}
