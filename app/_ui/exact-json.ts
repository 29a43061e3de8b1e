/** A number whose text does not survive being a JavaScript number, e.g. `1e200000` or a 20-digit id. */
export class ExactNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What {@link parseExact} returns: JSON with the few numbers that JavaScript cannot hold kept as text. */
export type ExactJson = null | boolean | number | string | ExactNumber | ExactJson[] | { [key: string]: ExactJson };

/** Parses JSON for showing it: no number changes its digits (where the engine tells their source). Throws as JSON.parse does. */
export function parseExact(text: string): ExactJson {
  return JSON.parse(text, (_key, value: unknown, context?: { readonly source?: string }) => {
    if (typeof value !== 'number' || context?.source === undefined) return value;
    return keepsDigits(value, context.source) ? value : new ExactNumber(context.source);
  }) as ExactJson;
}

function keepsDigits(value: number, source: string): boolean {
  if (String(value) === source) return true;
  return Number.isFinite(value) && source.replace(/[^0-9]/g, '').length <= 15;
}
