/** Tokens and seconds of one response, or summed over many, as the provider reported them; absent figures are 0. */
export interface UsageTotals {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly totalTokens: number;
  readonly inputTextTokens: number;
  readonly inputAudioTokens: number;
  readonly inputImageTokens: number;
  readonly cachedTokens: number;
  readonly cachedTextTokens: number;
  readonly cachedAudioTokens: number;
  readonly cachedImageTokens: number;
  readonly outputTextTokens: number;
  readonly outputAudioTokens: number;
  readonly reasoningTokens: number;
  /** Seconds billed by time (Live, transcription by duration). */
  readonly seconds: number;
  /** Tokens billed for input transcription, on top of the responses. */
  readonly transcriptionTokens: number;
}

