'use client';

import { Bar, BarChart, Brush } from 'recharts';
import type { ChartProps } from './chart-frame.tsx';
import { ChartAxes, ChartFrame, chartData } from './chart-frame.tsx';
import { CHART_MARGIN } from './series.ts';

/** A part of the rows that a person chooses below the chart. */
interface ChosenPart {
  /** Indices of its first and last row. */
  readonly first: number;
  readonly last: number;
  readonly onChange: (first: number, last: number) => void;
}

interface BarsChartProps<Row> extends ChartProps<Row> {
  /** Without it there is no brush. */
  readonly part?: ChosenPart;
}

/** Bars over an axis of rows, stacked where the series say so. */
export function BarsChart<Row>({ part, ...chart }: BarsChartProps<Row>) {
  const { series } = chart;
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
        {part === undefined ? null : (
          <Brush
            dataKey="label"
            ariaLabel="Edge of the part that the page is about"
            height={22}
            stroke="var(--line-strong)"
            fill="var(--raised)"
            travellerWidth={7}
            tickFormatter={() => ''}
            startIndex={part.first}
            endIndex={part.last}
            onChange={({ startIndex, endIndex }) => part.onChange(startIndex ?? part.first, endIndex ?? part.last)}
          />
        )}
      </BarChart>
    </ChartFrame>
  );
}
