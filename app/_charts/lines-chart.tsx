'use client';

import type { ReactNode } from 'react';
import { Area, AreaChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { ChartTip } from './chart-tip.tsx';
import { Legend } from './legend.tsx';
import type { Series } from './series.ts';
import { AXIS, CHART_MARGIN } from './series.ts';

interface LinesChartProps<Row> {
  readonly rows: readonly Row[];
  readonly labelOf: (row: Row) => string | number;
  readonly series: readonly Series<Row>[];
  readonly format: (value: number) => string;
  /** On the axis, where `format` would be too long. */
  readonly formatAxis?: (value: number) => string;
  readonly formatTick?: (label: string | number) => string;
  readonly formatLabel?: (label: unknown) => ReactNode;
  readonly height?: number;
  readonly label: string;
}

/** Lines over an axis of rows; few rows have dots, and a line goes on over rows without a figure. */
export function LinesChart<Row>(props: LinesChartProps<Row>) {
  const { rows, labelOf, series, format, formatAxis = format, formatTick, formatLabel, height = 190, label } = props;
  const data = rows.map((row) => ({
    label: labelOf(row),
    ...Object.fromEntries(series.map((each) => [each.name, each.of(row)])),
  }));
  const tickText = (value: string | number) => (formatTick === undefined ? String(value) : formatTick(value));
  return (
    <figure aria-label={label} className="pb-2">
      {series.length > 1 ? <Legend series={series} /> : null}
      <ResponsiveContainer width="100%" height={height} minWidth={0}>
        <AreaChart data={data} margin={CHART_MARGIN} accessibilityLayer={false}>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis dataKey="label" {...AXIS} tickFormatter={tickText} minTickGap={28} />
          <YAxis {...AXIS} width={52} tickFormatter={formatAxis} />
          <Tooltip
            cursor={{ stroke: 'var(--line-strong)' }}
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
              dot={rows.length <= 40 ? { r: 2.5, fill: colour, fillOpacity: 1, strokeWidth: 0 } : false}
              activeDot={{ r: 3.5, strokeWidth: 0 }}
            />
          ))}
        </AreaChart>
      </ResponsiveContainer>
    </figure>
  );
}
