const WIDTH = 1440;
const HEIGHT = 900;
const LANE_HEIGHT = 50;
const LANES = HEIGHT / LANE_HEIGHT;
const PIECES_PER_LANE = 6;
const HUES = ['fill-client', 'fill-server', 'fill-item', 'fill-server', 'fill-tool'];

interface Piece {
  readonly key: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly hue: string;
}

/** Decoration: the lanes of a call behind the card, quiet where the text is and towards the edges. */
export function ScopeBackdrop() {
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="xMidYMid slice"
      className="pointer-events-none absolute inset-0 size-full opacity-45 dark:opacity-35 [mask-image:radial-gradient(ellipse_60%_70%_at_center,transparent_40%,black_85%,transparent_130%)]"
    >
      {LANE_LINES.map((y) => (
        <line key={y} x1="0" x2={WIDTH} y1={y} y2={y} className="stroke-line-strong" strokeWidth="0.75" strokeDasharray="1 5" />
      ))}
      {PIECES.map(({ key, x, y, width, hue }) => (
        <rect key={key} x={x} y={y} width={width} height="6" rx="3" className={hue} />
      ))}
    </svg>
  );
}

const LANE_LINES = Array.from({ length: LANES }, (_, lane) => (lane + 0.5) * LANE_HEIGHT);
const PIECES = LANE_LINES.flatMap((line, lane) =>
  Array.from({ length: PIECES_PER_LANE }, (_, index) => placePiece(line, lane, index)),
);

/** Every third piece is a dot, as of a single event; the strides make a picture that looks like a call and never changes. */
function placePiece(line: number, lane: number, index: number): Piece {
  const width = (lane + index) % 3 === 0 ? 6 : 24 + ((lane * 61 + index * 97) % 130);
  return {
    key: `${lane} ${index}`,
    x: (lane * 173 + index * 241) % WIDTH,
    y: line - 3,
    width,
    hue: HUES[lane % HUES.length] as string,
  };
}
