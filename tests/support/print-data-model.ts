import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/**
 * A Prisma generator that writes what Prisma understood of the schema (its DMMF) as JSON into its output file. Prisma talks JSON-RPC
 * to it, a line per message: requests on standard input, answers on standard error.
 */

interface RpcRequest {
  readonly id: number;
  readonly method: 'getManifest' | 'generate';
  readonly params: { readonly dmmf: unknown; readonly generator: { readonly output: { readonly value: string } } };
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line) as RpcRequest;
  if (method === 'generate') writeFileSync(params.generator.output.value, JSON.stringify(params.dmmf));
  const result = method === 'getManifest' ? { manifest: { prettyName: 'data model', defaultOutput: '.' } } : null;
  process.stderr.write(`${JSON.stringify({ jsonrpc: '2.0', id, result })}\n`);
});
