/** Ends the process's current work when a promise of our own code is broken; `sentence` says which. */
export function assert(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw new Error(`Broken promise: ${sentence}`);
}

/** Closes a switch over a union: the compiler proves that no member was forgotten. */
export function assertUnreachable(value: never): never {
  throw new Error(`Unreachable value: ${String(value)}`);
}
