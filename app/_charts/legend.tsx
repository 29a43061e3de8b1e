/** Names of the series, in their colours; above the chart, where nothing hides it. */
export function Legend({ series }: { readonly series: readonly { readonly name: string; readonly colour: string }[] }) {
  return (
    <ul className="flex flex-wrap gap-x-3 gap-y-0.5 px-4 text-2xs text-muted">
      {series.map(({ name, colour }) => (
        <li key={name} className="flex items-center gap-1.5">
          <span className="size-2 rounded-sm" style={{ background: colour }} aria-hidden="true" />
          {name}
        </li>
      ))}
    </ul>
  );
}
