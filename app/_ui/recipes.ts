/** How one kind of client is pointed at the tap. */
export interface Recipe {
  readonly id: string;
  readonly title: string;
  readonly code: string;
  /** The lines that differ from an application without the tap, counted from 0. */
  readonly changed: readonly number[];
  readonly note: string;
}

/** Where the tap answers: `host:port` for `ws:` and `http:`, and for `wss:` and `https:`. */
export interface Tap {
  readonly plain: string;
  readonly secure: string;
  /** Path of the certificate that vouches for the secure one; null where the operator brought one of their own. */
  readonly caFile: string | null;
  /** The command that first brings the certificate there; null where it is at hand. */
  readonly fetchCa: string | null;
}

/** The recipes for a tap. README.md has most of them, in the same words. */
export function makeRecipes(tap: Tap): readonly Recipe[] {
  return [
    {
      id: 'openai',
      title: 'openai package',
      code: [
        `const client = new OpenAI({`,
        `  baseURL: 'https://${tap.secure}/v1',`,
        `});`,
        `const socket = await OpenAIRealtimeWS.create(client, { model: 'gpt-realtime' });`,
        ...(tap.caFile === null ? [] : ['', `// NODE_EXTRA_CA_CERTS=${quoted(tap.caFile)} node app.js`]),
      ].join('\n'),
      changed: [1],
      note:
        tap.caFile === null
          ? 'This package always dials wss:, which the tap answers with the certificate of DELTASCOPE_TLS_CERT.'
          : [
              'This package always dials wss:, so the tap has a certificate of its own, made on this machine. NODE_EXTRA_CA_CERTS makes Node trust it.',
              ...(tap.fetchCa === null ? [] : [`It is in the container: ${tap.fetchCa} brings it here.`]),
            ].join(' '),
    },
    {
      id: 'agents',
      title: 'Agents SDK',
      code: [`await session.connect({`, `  apiKey,`, `  url: 'ws://${tap.plain}/v1/realtime?model=gpt-realtime',`, `});`].join(
        '\n',
      ),
      changed: [2],
      note: 'RealtimeSession over WebSocket. Only the URL changes.',
    },
    {
      id: 'azure',
      title: 'Azure OpenAI',
      code: [
        `# once, as the tap starts`,
        `DELTASCOPE_UPSTREAMS='{"openai":{"kind":"openai","url":"https://api.openai.com"},`,
        `  "myres":{"kind":"azure-openai","url":"https://myres.openai.azure.com"}}' npm start`,
        ``,
        `# in the application`,
        `ws://${tap.plain}/azure/myres/openai/v1/realtime?model=gpt-realtime`,
        `ws://${tap.plain}/azure/myres/openai/realtime?api-version=2025-04-01-preview&deployment=gpt-4o-realtime`,
      ].join('\n'),
      changed: [5, 6],
      note: 'Name the resource once; its GA and preview paths then answer on the tap under /azure/NAME.',
    },
    {
      id: 'webrtc',
      title: 'WebRTC · SIP',
      code: [
        `// the server's sideband of a call that runs over WebRTC or SIP`,
        `new WebSocket('ws://${tap.plain}/v1/realtime?call_id=rtc_…', { headers: { authorization } });`,
      ].join('\n'),
      changed: [1],
      note: 'The media goes straight to the provider; the sideband carries every event but the audio, which no rule will miss.',
    },
    {
      id: 'twilio',
      title: 'Twilio bridge',
      code: [
        `// the bridge between Twilio's media stream and the model: only the model's side changes`,
        `const model = new WebSocket('ws://${tap.plain}/v1/realtime?model=gpt-realtime', {`,
        `  headers: { authorization: \`Bearer \${process.env.OPENAI_API_KEY}\` },`,
        `});`,
      ].join('\n'),
      changed: [1],
      note: 'What the phone hears follows from what the model was told: the tap shows whether audio/pcmu was asked for and granted.',
    },
    {
      id: 'python',
      title: 'Python',
      code: [
        `client = AsyncOpenAI(`,
        `    websocket_base_url="ws://${tap.plain}/v1",`,
        `)`,
        `async with client.realtime.connect(model="gpt-realtime") as connection: ...`,
      ].join('\n'),
      changed: [1],
      note: 'The openai package for Python takes a WebSocket base URL of its own, so no certificate is needed.',
    },
    {
      id: 'shell',
      title: 'websocat · curl',
      code: [
        `websocat -H "Authorization: Bearer $OPENAI_API_KEY" \\`,
        `  'ws://${tap.plain}/v1/realtime?model=gpt-realtime'`,
        ``,
        `curl -H "Authorization: Bearer $OPENAI_API_KEY" http://${tap.plain}/v1/models`,
      ].join('\n'),
      changed: [1, 3],
      note: 'Everything under /v1 that is not a realtime session passes through untouched, so one base URL serves a whole application.',
    },
  ];
}

/** A path as a shell reads it. */
function quoted(path: string): string {
  return /^[\w./~-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
