#!/usr/bin/env node
/**
 * What `npx deltascope` runs. Plain JavaScript that any Node since 18 can read: it finds the Node that the program was made for, and,
 * where the program lies inside `node_modules`, a copy of it outside, since Node runs TypeScript only there.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unpack } from './unpack.mjs';

const OLDEST_NODE = 24;

const packaged = fileURLToPath(new URL('../..', import.meta.url));
const isInstalled = packaged.includes(`${sep}node_modules${sep}`);
const root = isInstalled ? unpack(packaged) : packaged;
run(findNode(), [join(root, 'workers', 'cli', 'main.ts'), ...process.argv.slice(2)]);

/** The running Node where it is new enough, else the one that the `node` package brought along. */
function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= OLDEST_NODE) return process.execPath;
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('node/package.json'));
    const pinned = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    if (existsSync(pinned)) return pinned;
  } catch {
    // Not installed; said below.
  }
  process.stderr.write(
    `Deltascope needs Node ${OLDEST_NODE}; this is ${process.version}, and the one it brings along is not installed.\n`,
  );
  process.exit(1);
}

function run(node, args) {
  const child = spawn(node, args, { stdio: 'inherit' });
  // A terminal's Ctrl-C reaches the child by itself, and the child decides when all is over.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}
