import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runClient } from '#tests/support/clients.ts';
import type { LocalCertificate } from '#workers/shared/local-ca.ts';
import { ensureLocalCertificate } from '#workers/shared/local-ca.ts';
import type { Simulator } from '#workers/simulator/start-simulator.ts';
import { startSimulator } from '#workers/simulator/start-simulator.ts';

let simulator: Simulator;
let certificate: LocalCertificate;
const folder = mkdtempSync(join(tmpdir(), 'clients-direct-'));
beforeAll(async () => {
  certificate = await ensureLocalCertificate({ folder });
  simulator = await startSimulator({ port: 0, pace: 0.05, keepHashes: true, tls: { port: 0, ...certificate } });
});
afterAll(async () => {
  await simulator.close();
  rmSync(folder, { recursive: true });
});

describe('real SDKs against the simulator itself', () => {
  it.concurrent.each([
    ['openai', () => [`https://localhost:${simulator.tlsPort}/v1`]],
    ['openai', () => [`https://localhost:${simulator.tlsPort}/openai`, 'azure']],
    ['agents', () => [`ws://127.0.0.1:${simulator.port}/v1/realtime?model=gpt-realtime`]],
  ] as const)('%s holds a call with a tool and a spoken turn, and both ends saw the same messages', async (kind, args) => {
    const report = await runClient(kind, args(), certificate.caFile);
    expect(report.types).not.toContain('error');
    expect(report.types).toContain('response.function_call_arguments.done');
    expect(report.types).toContain('input_audio_buffer.speech_stopped');
    expect(report.texts.join(' ')).toContain('clear');
    const connection = simulator.connections.find((one) => one.id === report.sessionId);
    expect(connection?.messages).toEqual(report.messages);
  });
});
