/** The colours of the canvases: the page's own tokens, read once per theme. */
export interface Palette {
  readonly surface: string;
  readonly raised: string;
  readonly line: string;
  readonly lineStrong: string;
  readonly ink: string;
  readonly muted: string;
  readonly faint: string;
  readonly accent: string;
  readonly accentSoft: string;
  readonly client: string;
  readonly server: string;
  readonly neutral: string;
  readonly tool: string;
  readonly item: string;
  readonly error: string;
  readonly warn: string;
  readonly font: string;
}

const TOKENS = {
  surface: '--surface',
  raised: '--raised',
  line: '--line',
  lineStrong: '--line-strong',
  ink: '--ink',
  muted: '--muted',
  faint: '--faint',
  accent: '--accent',
  accentSoft: '--accent-soft',
  client: '--client',
  server: '--server',
  neutral: '--neutral',
  tool: '--tool',
  item: '--item',
  error: '--error',
  warn: '--warn',
} as const;

/** Reads the tokens that hold for an element. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const colours = Object.fromEntries(Object.entries(TOKENS).map(([name, token]) => [name, style.getPropertyValue(token).trim()]));
  return { ...(colours as Record<keyof typeof TOKENS, string>), font: style.fontFamily };
}
