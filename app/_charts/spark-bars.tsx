interface SparkBarsProps {
  /** One figure per part of the span, the oldest first. */
  readonly values: readonly number[];
  readonly label: string;
}

const WIDTH = 84;
const HEIGHT = 22;

/** A small trend without axes: how often, day by day. */
export function SparkBars({ values, label }: SparkBarsProps) {
  const most = Math.max(...values, 1);
  const step = WIDTH / Math.max(values.length, 1);
  return (
    <svg role="img" aria-label={label} width={WIDTH} height={HEIGHT} className="shrink-0">
      <title>{label}</title>
      {values.map((value, index) => {
        const height = value === 0 ? 1.5 : Math.max(3, (value / most) * HEIGHT);
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place in the span
            key={index}
            x={index * step}
            y={HEIGHT - height}
            width={Math.max(1, step - 2)}
            height={height}
            rx={1}
            fill={value === 0 ? 'var(--line-strong)' : 'var(--accent)'}
          />
        );
      })}
    </svg>
  );
}
