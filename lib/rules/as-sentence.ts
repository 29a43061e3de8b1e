/** A message of a provider with the full stop that ours need behind it. */
export function asSentence(message: string): string {
  return /[.!?]$/.test(message.trimEnd()) ? message : `${message}.`;
}
