/** Messages that nobody should send and somebody will: fixed cases, and any number of seeded ones. */

export interface HostileMessage {
  readonly name: string;
  readonly payload: Uint8Array;
  readonly format: 'text' | 'binary';
}

const MIB = 1024 ** 2;

/** Event types whose fields the reducers read. */
const TYPES = [
  'session.created',
  'session.updated',
  'session.update',
  'conversation.item.created',
  'conversation.item.added',
  'conversation.item.done',
  'conversation.item.create',
  'conversation.item.truncated',
  'conversation.item.input_audio_transcription.delta',
  'conversation.item.input_audio_transcription.completed',
  'input_audio_buffer.append',
  'input_audio_buffer.speech_started',
  'input_audio_buffer.speech_stopped',
  'input_audio_buffer.committed',
  'response.create',
  'response.created',
  'response.output_item.added',
  'response.output_item.done',
  'response.content_part.added',
  'response.output_text.delta',
  'response.output_text.done',
  'response.output_audio.delta',
  'response.output_audio_transcript.delta',
  'response.function_call_arguments.delta',
  'response.function_call_arguments.done',
  'response.done',
  'rate_limits.updated',
  'error',
] as const;

const FIELDS = [
  'event_id',
  'response_id',
  'item_id',
  'call_id',
  'output_index',
  'content_index',
  'delta',
  'audio',
  'text',
  'transcript',
  'arguments',
  'session',
  'response',
  'item',
  'part',
  'error',
  'usage',
  'audio_start_ms',
  'audio_end_ms',
  'previous_item_id',
  'rate_limits',
  'name',
] as const;

/** JSON texts of a wrong type or an impossible size. */
const VALUES = [
  'null',
  'true',
  '-1',
  '0',
  '1e200000',
  '-1e308',
  '1.7976931348623157e308',
  '9007199254740993',
  '2147483648',
  '""',
  '"\\u0000"',
  '"a\\u0000b"',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"\u2028"',
  '[]',
  '[[[]]]',
  '{}',
  '{"id":{}}',
  '{"id":"\\u0000"}',
  '{"":""}',
  '{"__proto__":{"x":1}}',
  '{"constructor":null}',
  '[null,1,"a",{}]',
  '{"output":[{"id":7,"content":"x"}],"status":[],"usage":{"total_tokens":"many"}}',
  '{"id":"item_x","type":"message","content":[{"type":5,"text":{"a":1}}]}',
  '{"usage":{"input_tokens":-1e300,"output_tokens":1e999}}',
  '"\'; drop table event; --"',
  '"{1,2,NULL}"',
  '"\\\\"',
  '"\\""',
  '"﷽𒐫🏳️‍🌈"',
] as const;

/** The cases that are known to hurt, one by one. */
export function hostileCases(): readonly HostileMessage[] {
  const huge = 'x'.repeat(16 * MIB);
  return [
    text('NUL escaped in an id', '{"type":"response.created","event_id":"a\\u0000b","response":{"id":"r\\u0000"}}'),
    text('NUL bytes in the text', '{"type":"a\0b"}'),
    text('lone surrogates', '{"type":"error","event_id":"\\ud800","error":{"message":"\\udfff \\ud83d"}}'),
    text(
      'an id of 16 MiB',
      `{"type":"response.output_text.delta","event_id":"${huge}","response_id":"${huge}","item_id":"i","delta":"x"}`,
    ),
    text('a type of 1 MiB', `{"type":"${'t'.repeat(MIB)}"}`),
    text('a number beyond all', '{"type":"response.done","response":{"id":"r","usage":{"total_tokens":1e200000}}}'),
    text(
      'a configuration with NUL and surrogates',
      '{"type":"session.updated","session":{"instructions":"\\u0000\\ud800","\\u0000":{"\\udc00":1e400}}}',
    ),
    text('deep arrays', '['.repeat(100_000) + ']'.repeat(100_000)),
    text('a deep configuration', `{"type":"session.updated","session":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`),
    text(
      'a configuration below the limit of depth',
      `{"type":"session.updated","session":${'{"a":'.repeat(150)}1${'}'.repeat(150)}}`,
    ),
    text('metadata of 6 MiB', `{"type":"response.created","response":{"id":"rm","metadata":{"k":"${'m'.repeat(6 * MIB)}"}}}`),
    text('not JSON', 'GET / HTTP/1.1'),
    text('nothing', ''),
    text('a bare number', '42'),
    text('a bare string with NUL', '"\\u0000"'),
    text('no type', '{"event_id":"e"}'),
    text('a type that is no text', '{"type":{"type":"type"}}'),
    text(
      'a prototype',
      '{"type":"session.created","__proto__":{"type":"x"},"session":{"__proto__":{"id":"y"},"id":"__proto__"}}',
    ),
    text('audio that is no base64', '{"type":"response.output_audio.delta","delta":"%%%not base64%%%"}'),
    text(
      'audio with line breaks',
      `{"type":"response.output_audio.delta","delta":"${'QUJD'.repeat(50)}\\n${'QUJD'.repeat(50)}"}`,
    ),
    text('audio twice', `{"delta":"${'QUJD'.repeat(50)}","type":"response.output_audio.delta","copy":"${'QUJD'.repeat(50)}"}`),
    { name: 'not UTF-8', payload: Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0xc3, 0x28, 0x7d]), format: 'text' },
    { name: 'a binary frame', payload: Buffer.from([0, 1, 2, 255]), format: 'binary' },
    { name: 'an empty binary frame', payload: new Uint8Array(), format: 'binary' },
  ];
}

/** Every field of every event, one after the other, with a value of a wrong type. */
export function wrongTypes(): readonly HostileMessage[] {
  return TYPES.flatMap((type) =>
    FIELDS.flatMap((field) =>
      VALUES.map((value) => text(`${type} with ${field} = ${value}`, `{"type":"${type}","${field}":${value}}`)),
    ),
  );
}

/** `count` messages put together from the above at random; the same for the same seed. */
export function seededHostility(seed: number, count: number): readonly HostileMessage[] {
  const random = seededRandom(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const value = (depth: number): string => {
    const kind = random();
    if (kind < 0.55 || depth > 4) return pick(VALUES);
    const inner = Array.from({ length: Math.floor(random() * 4) }, () => `${JSON.stringify(pick(FIELDS))}:${value(depth + 1)}`);
    if (kind < 0.8) return `{${inner.join(',')}}`;
    return kind < 0.9 ? `[${value(depth + 1)},${value(depth + 1)}]` : JSON.stringify(`id_${Math.floor(random() * 5)}`);
  };
  return Array.from({ length: count }, (_, index) => {
    const fields = Array.from({ length: Math.floor(random() * 6) }, () => `"${pick(FIELDS)}":${value(0)}`);
    const whole = `{"type":"${pick(TYPES)}"${fields.map((field) => `,${field}`).join('')}}`;
    const kind = random();
    const payload = Buffer.from(kind < 0.05 ? whole.slice(0, Math.floor(random() * whole.length)) : whole);
    if (kind > 0.95) payload[Math.floor(random() * payload.length)] = Math.floor(random() * 256);
    return { name: `seed ${seed}, message ${index}`, payload, format: kind > 0.05 && kind < 0.07 ? 'binary' : 'text' };
  });
}

/** mulberry32: numbers in [0, 1) that depend on nothing but the seed. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function text(name: string, message: string): HostileMessage {
  return { name, payload: Buffer.from(message), format: 'text' };
}
