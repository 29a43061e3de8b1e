/** Pieces of a call as the timeline draws it: x, lane, length and the party it comes from, in units of the drawing. */
const PIECES: readonly (readonly [x: number, lane: number, length: number, hue: string])[] = [
  [40, 0, 150, 'fill-client'],
  [250, 1, 210, 'fill-server'],
  [420, 2, 60, 'fill-tool'],
  [520, 1, 240, 'fill-server'],
  [700, 0, 120, 'fill-client'],
  [800, 3, 10, 'fill-error'],
  [860, 1, 190, 'fill-server'],
  [1010, 2, 90, 'fill-tool'],
  [1130, 0, 170, 'fill-client'],
  [1290, 1, 130, 'fill-server'],
];
const LANES = 4;
const LANE_HEIGHT = 90;

/** Decoration: the lanes of a call behind the card, fading towards the edges. */
export function ScopeBackdrop() {
  const height = LANES * LANE_HEIGHT;
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 1440 ${height}`}
      preserveAspectRatio="xMidYMid slice"
      className="pointer-events-none absolute inset-0 size-full opacity-25 [mask-image:radial-gradient(ellipse_at_center,transparent_22%,black_60%,transparent_100%)]"
    >
      {Array.from({ length: LANES }, (_, lane) => (lane + 0.5) * LANE_HEIGHT).map((y) => (
        <line key={y} x1="0" x2="1440" y1={y} y2={y} className="stroke-line-strong" strokeDasharray="2 6" />
      ))}
      {PIECES.map(([x, lane, length, hue]) => (
        <rect key={x} x={x} y={(lane + 0.5) * LANE_HEIGHT - 9} width={length} height="18" rx="5" className={hue} />
      ))}
    </svg>
  );
}
