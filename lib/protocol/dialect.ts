/** Which protocol a stream speaks: decides what its names mean and which rules may be applied to it. */
export type Dialect =
  | 'unknown'
  | 'realtime-ga'
  | 'realtime-beta'
  | 'translation'
  | 'live'
  | 'responses'
  | 'vllm'
  | 'twilio'
  | 'gemini-live'
  | 'nova-sonic';

/** Who answers. Several providers speak the same dialect with exceptions of their own. */
export type Provider =
  | 'unknown'
  | 'openai'
  | 'azure-openai'
  | 'azure-voice-live'
  | 'xai'
  | 'qwen'
  | 'vllm'
  | 'localai'
  | 'twilio'
  | 'google'
  | 'amazon'
  | 'simulator';

/** What is known of a stream so far. `settled`: the stream itself has shown it, the connection's hints no longer matter. */
export interface DialectState {
  readonly dialect: Dialect;
  readonly provider: Provider;
  readonly settled: boolean;
}
