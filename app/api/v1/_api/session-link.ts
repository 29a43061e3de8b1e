/** The address of a session's page, at a message of it. */
export function linkTo({ sessionId, seq }: { readonly sessionId: string; readonly seq: number | null }): string {
  return seq === null ? `/sessions/${sessionId}` : `/sessions/${sessionId}?seq=${seq}`;
}
