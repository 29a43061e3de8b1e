import type { Field, Fields } from './field-check.ts';

/**
 * What `session.update` and `response.create` may hold in each dialect, as data: anything else is an
 * `unknown_parameter`, which is how the provider answers a client that speaks the other dialect.
 */

const TEXT: Field = { is: 'text' };
const FLAG: Field = { is: 'flag' };
const ANYTHING: Field = { is: 'anything' };
const TOKENS: Field = { is: 'whole', min: 1, max: 4096, orInf: true };
const BETA_FORMAT: Field = { is: 'choice', of: ['pcm16', 'g711_ulaw', 'g711_alaw'] };
const VOICES = ['alloy', 'ash', 'ballad', 'cedar', 'coral', 'echo', 'marin', 'sage', 'shimmer', 'verse'];

const object = (fields: Fields, required: readonly string[] = []): Field => ({ is: 'object', fields, required });

const GA_FORMAT = object({
  type: { is: 'choice', of: ['audio/pcm', 'audio/pcmu', 'audio/pcma'] },
  rate: { is: 'whole', min: 24_000, max: 24_000 },
});

const TURN_DETECTION = object({
  type: { is: 'choice', of: ['server_vad', 'semantic_vad'] },
  threshold: { is: 'number', min: 0, max: 1 },
  prefix_padding_ms: { is: 'whole', min: 0, max: 5000 },
  silence_duration_ms: { is: 'whole', min: 0, max: 10_000 },
  idle_timeout_ms: { is: 'whole', min: 5000, max: 30_000 },
  eagerness: { is: 'choice', of: ['low', 'medium', 'high', 'auto'] },
  create_response: FLAG,
  interrupt_response: FLAG,
});

const FUNCTION_TOOL = {
  type: { is: 'choice', of: ['function', 'mcp'] },
  name: TEXT,
  description: TEXT,
  parameters: ANYTHING,
} as const satisfies Fields;
const MCP_TOOL = {
  server_label: TEXT,
  server_url: TEXT,
  connector_id: TEXT,
  authorization: TEXT,
  headers: ANYTHING,
  allowed_tools: ANYTHING,
  require_approval: ANYTHING,
  server_description: TEXT,
} as const satisfies Fields;

const GA_TOOLS: Field = { is: 'list', of: object({ ...FUNCTION_TOOL, ...MCP_TOOL }) };
const BETA_TOOLS: Field = { is: 'list', of: object(FUNCTION_TOOL) };

const GA_OUTPUT = object({
  format: GA_FORMAT,
  voice: { is: 'text-or-object', fields: { id: TEXT } },
  speed: { is: 'number', min: 0.25, max: 1.5 },
});

const MODALITIES: Field = { is: 'list', of: { is: 'choice', of: ['text', 'audio'] } };

/** The nested session of GA. `modalities` combinations are checked in `session-config.ts`. */
export const GA_SESSION: Fields = {
  type: { is: 'choice', of: ['realtime', 'transcription'] },
  model: TEXT,
  output_modalities: MODALITIES,
  instructions: TEXT,
  audio: object({
    input: object({
      format: GA_FORMAT,
      transcription: object({
        model: TEXT,
        language: TEXT,
        languages: ANYTHING,
        keywords: ANYTHING,
        prompt: TEXT,
        delay: ANYTHING,
      }),
      noise_reduction: object({ type: { is: 'choice', of: ['near_field', 'far_field'] }, strength: ANYTHING }),
      turn_detection: TURN_DETECTION,
    }),
    output: GA_OUTPUT,
  }),
  tools: GA_TOOLS,
  tool_choice: ANYTHING,
  max_output_tokens: TOKENS,
  tracing: ANYTHING,
  truncation: ANYTHING,
  prompt: ANYTHING,
  include: ANYTHING,
  reasoning: ANYTHING,
  parallel_tool_calls: FLAG,
};

/** The flat session of the beta and of Azure's preview. */
export const BETA_SESSION: Fields = {
  model: TEXT,
  modalities: MODALITIES,
  instructions: TEXT,
  voice: { is: 'choice', of: VOICES },
  speed: { is: 'number', min: 0.25, max: 1.5 },
  input_audio_format: BETA_FORMAT,
  output_audio_format: BETA_FORMAT,
  input_audio_transcription: object({ model: TEXT, language: TEXT, prompt: TEXT }),
  input_audio_noise_reduction: object({ type: { is: 'choice', of: ['near_field', 'far_field'] } }),
  turn_detection: TURN_DETECTION,
  tools: BETA_TOOLS,
  tool_choice: ANYTHING,
  temperature: { is: 'number', min: 0.6, max: 1.2 },
  max_response_output_tokens: TOKENS,
};

const SHARED_RESPONSE = {
  conversation: { is: 'choice', of: ['auto', 'none'] },
  input: ANYTHING,
  instructions: TEXT,
  metadata: ANYTHING,
  tool_choice: ANYTHING,
} as const satisfies Fields;

/** The body of `response.create` in GA. */
export const GA_RESPONSE: Fields = {
  ...SHARED_RESPONSE,
  output_modalities: MODALITIES,
  audio: object({ output: GA_OUTPUT }),
  tools: GA_TOOLS,
  max_output_tokens: TOKENS,
  prompt: ANYTHING,
  reasoning: ANYTHING,
  parallel_tool_calls: FLAG,
};

/** The body of `response.create` in the beta. */
export const BETA_RESPONSE: Fields = {
  ...SHARED_RESPONSE,
  modalities: MODALITIES,
  voice: { is: 'choice', of: VOICES },
  output_audio_format: BETA_FORMAT,
  tools: BETA_TOOLS,
  temperature: { is: 'number', min: 0.6, max: 1.2 },
  max_response_output_tokens: TOKENS,
};
