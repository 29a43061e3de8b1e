/** Which event types carry a response's growing output, by canonical name; both Realtime and Responses. */

/** Deltas of what a listener or reader gets: these make the first output of a response. */
export const TEXT_DELTAS = [
  'response.output_text.delta',
  'response.output_audio_transcript.delta',
  'response.audio_transcript.delta',
  'response.audio.transcript.delta',
  'response.text.delta',
  'response.refusal.delta',
  'response.reasoning_text.delta',
] as const;

/** Summaries of reasoning: text of an item too, counted apart from its content. */
export const SUMMARY_DELTAS = ['response.reasoning_summary_text.delta'] as const;

/** Audio of a response. */
export const AUDIO_DELTAS = ['response.output_audio.delta', 'response.audio.delta'] as const;

/** Growing input of a call: arguments, code, a command. */
export const ARGUMENT_DELTAS = [
  'response.function_call_arguments.delta',
  'response.mcp_call_arguments.delta',
  'response.custom_tool_call_input.delta',
  'response.code_interpreter_call_code.delta',
  'response.shell_call_command.delta',
] as const;

/** The closing events of the text families. */
export const TEXT_DONES = [
  'response.output_text.done',
  'response.output_audio_transcript.done',
  'response.audio_transcript.done',
  'response.audio.transcript.done',
  'response.text.done',
  'response.refusal.done',
  'response.reasoning_text.done',
] as const;

/** The closing events of reasoning summaries. */
export const SUMMARY_DONES = ['response.reasoning_summary_text.done'] as const;

/** The closing events of calls' input. */
export const ARGUMENT_DONES = [
  'response.function_call_arguments.done',
  'response.mcp_call_arguments.done',
  'response.custom_tool_call_input.done',
  'response.code_interpreter_call_code.done',
  'response.shell_call_command.done',
] as const;
