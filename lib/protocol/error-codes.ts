import type { Json } from '#lib/base/json.ts';
import { stringAt } from '#lib/base/json.ts';
import { keptId } from '#lib/base/kept-id.ts';
import errorFile from './data/error-codes.json' with { type: 'json' };

/**
 * What an error means for the session. `fatal`: over or useless. `turn`: one turn is lost. `race`: harmless when rare, client
 * and server crossed. `configuration`: the client must change what it sends.
 */
export type ErrorClass = 'fatal' | 'turn' | 'race' | 'configuration';

/** A provider's error code, explained. */
export interface ProviderError {
  readonly code: string;
  /** What the message holds where a server gives no code, or one of its own. */
  readonly says?: readonly string[];
  readonly class: ErrorClass;
  readonly meaning: string;
  /** What to do about it. */
  readonly hint?: string;
  /** False where trying again cannot help. */
  readonly retry?: boolean;
  /** Set where only this client event gets the code, though the error names neither it nor a parameter. */
  readonly answers?: string;
  /** Set where only one provider uses the code. */
  readonly provider?: string;
  /** Set where only one dialect uses the code. */
  readonly dialect?: string;
}

/** Every known code. */
export const PROVIDER_ERRORS: readonly ProviderError[] = errorFile.errors as readonly ProviderError[];

const BY_CODE = new Map(PROVIDER_ERRORS.map((error) => [error.code, error]));

/** The explanation of a provider's code, or null where it is not known. */
export function explainError(code: string | null): ProviderError | null {
  return code === null ? null : (BY_CODE.get(code) ?? null);
}

const BY_WORDS = PROVIDER_ERRORS.flatMap(({ code, says = [] }) => says.map((words) => ({ words, code })));

/** The code of an error, by its message where servers are known to give none, or one of their own. */
export function codeOf(error: Json | undefined): string | null {
  const message = stringAt(error, 'message')?.toLowerCase() ?? '';
  return BY_WORDS.find(({ words }) => message.includes(words))?.code ?? stringAt(error, 'code') ?? null;
}

/** What LocalAI puts in place of the event that an error is about. */
const NO_CAUSE = 'event_TODO';

/** Id of the client event that an error says it is about, as `keptId` leaves it; undefined where it names none. */
export function causeOf(error: Json | undefined): string | undefined {
  const cause = stringAt(error, 'event_id') ?? stringAt(error, 'client_event_id');
  return cause === NO_CAUSE || cause === undefined ? undefined : keptId(cause);
}

/** Whether an error tells of client and server having crossed: no item and no configuration is refused by that. */
export function isRace(error: Json | undefined): boolean {
  return explainError(codeOf(error))?.class === 'race';
}

/** Whether an error must be about something else than a configuration, whatever event it names: some clients use one id for all they send. */
export function sparesConfig(error: Json | undefined): boolean {
  if (/^(item|response|content_index|audio_end_ms|previous_item)(_id)?([.[]|$)/.test(stringAt(error, 'param') ?? '')) return true;
  return isRace(error);
}

/** Whether an error refuses a configuration: it complains of a field of the session, or has a code that only an update gets. */
export function refusesConfig(error: Json | undefined): boolean {
  const param = stringAt(error, 'param') ?? '';
  if (param === 'session' || param.startsWith('session.')) return true;
  return explainError(codeOf(error))?.answers === 'session.update';
}
