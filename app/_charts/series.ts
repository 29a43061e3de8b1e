/** One quantity of a chart. Colours are the page's tokens, so that both themes follow. */
export interface Series<Row> {
  readonly name: string;
  readonly of: (row: Row) => number | null;
  /** A CSS colour, e.g. `var(--accent)`. */
  readonly colour: string;
  /** Series of one stack lie on each other. */
  readonly stack?: string;
}

/** How axes look in every chart. */
export const AXIS = {
  tickLine: false,
  axisLine: false,
  tick: { fill: 'var(--faint)', fontSize: 11 },
} as const;

export const CHART_MARGIN = { top: 8, right: 20, bottom: 0, left: 0 } as const;
