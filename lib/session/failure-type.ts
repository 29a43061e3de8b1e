/** Whether an event reports a failure by its type, whatever of: of the connection, a response, a transcription, a tool. */
export function isFailureType(canonicalType: string): boolean {
  return canonicalType === 'error' || canonicalType.endsWith('.failed');
}
