'use client';

import type { ReactNode } from 'react';
import { useCallback } from 'react';
import { CartesianGrid, ResponsiveContainer, Tooltip, useYAxisTicks, XAxis, YAxis } from 'recharts';
import { ChartTip } from './chart-tip.tsx';
import { Legend } from './legend.tsx';
import type { Series } from './series.ts';
import { AXIS } from './series.ts';

/** What every chart over an axis of rows is given. */
export interface ChartProps<Row> {
  readonly rows: readonly Row[];
  readonly labelOf: (row: Row) => string | number;
  readonly series: readonly Series<Row>[];
  readonly format: (value: number) => string;
  /** On the axis, where `format` would be too long, or uneven from one of its `ticks` to the next. */
  readonly formatAxis?: (value: number, ticks: readonly number[]) => string;
  readonly formatTick?: (label: string | number) => string;
  readonly formatLabel?: (label: unknown) => ReactNode;
  readonly height?: number;
  readonly label: string;
}

/** The rows as the chart library wants them: a label, and a figure per series under its name. */
export function chartData<Row>({ rows, labelOf, series }: Pick<ChartProps<Row>, 'rows' | 'labelOf' | 'series'>) {
  return rows.map((row) => ({
    label: labelOf(row),
    ...Object.fromEntries(series.map((each) => [each.name, each.of(row)])),
  }));
}

interface ChartFrameProps extends Pick<ChartProps<never>, 'label' | 'height'> {
  readonly series: readonly { readonly name: string; readonly colour: string }[];
  readonly children: ReactNode;
}

/** The names of the series above a chart, and room for it. */
export function ChartFrame({ label, height = 190, series, children }: ChartFrameProps) {
  return (
    <figure aria-label={label} className="pb-2">
      {series.length > 1 ? <Legend series={series} /> : null}
      <ResponsiveContainer width="100%" height={height} minWidth={0}>
        {children}
      </ResponsiveContainer>
    </figure>
  );
}

interface ChartAxesProps extends Pick<ChartProps<never>, 'format' | 'formatAxis' | 'formatTick' | 'formatLabel'> {
  /** How the place under the pointer is marked. */
  readonly cursor: { readonly fill: string } | { readonly stroke: string };
}

/** Grid, axes and tip of a chart. */
export function ChartAxes({ format, formatAxis = format, formatTick = String, formatLabel, cursor }: ChartAxesProps) {
  const ticks = (useYAxisTicks() ?? []).map((tick) => Number(tick.value)).join();
  const formatValue = useCallback(
    (value: number) => formatAxis(value, ticks === '' ? [value] : ticks.split(',').map(Number)),
    [formatAxis, ticks],
  );
  const labelText = formatLabel ?? ((value: unknown) => formatTick(value as string));
  return (
    <>
      <CartesianGrid vertical={false} stroke="var(--line)" />
      <XAxis dataKey="label" {...AXIS} tickFormatter={formatTick} minTickGap={28} />
      <YAxis {...AXIS} width={64} tickFormatter={formatValue} />
      <Tooltip
        cursor={cursor}
        isAnimationActive={false}
        content={({ active, label, payload }) => (
          <ChartTip active={active} label={label} payload={payload as never} format={format} formatLabel={labelText} />
        )}
      />
    </>
  );
}
