import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { coerceError, DeltascopeError } from '#lib/base/errors.ts';
import { readEnv } from '#lib/config/env.ts';
import { ROOT_FOLDER } from '#workers/shared/data-folder.ts';

/** `deltascope <command>`. Each command is loaded only when it is asked for; its number is the exit code. */

const program = new Command('deltascope')
  .description('Flight recorder and doctor for realtime AI sessions.')
  .version(readVersion())
  .exitOverride();

program
  .command('start')
  .description('run everything: Postgres, tap, recorder, dashboard, simulator (what `npm start` runs)')
  .action(async () => {
    await import('#workers/start/main.ts');
  });

program
  .command('import')
  .description('store recorded sessions: {t, dir, event} lines, bare events, JSON arrays, our own export')
  .argument('<file...>', 'files to read')
  .option('--again', 'import files that were imported before once more', false)
  .action(async (files: string[], options: { again: boolean }) => {
    const { runImport } = await import('./import-command.ts');
    process.exitCode = await runImport(readEnv(), { files, again: options.again });
  });

program
  .command('export')
  .description('write a session as NDJSON that can be imported again without loss')
  .argument('<session>', 'id of the session')
  .option('-o, --out <file>', 'file to write (default: standard output)')
  .action(async (session: string, options: { out?: string }) => {
    const { runExport } = await import('./export-command.ts');
    process.exitCode = await runExport(readEnv(), { session, out: options.out ?? null });
  });

program
  .command('tail')
  .description('print events as they are stored')
  .argument('[session]', 'id of one session (default: all)')
  .action(async (session: string | undefined) => {
    const { runTail } = await import('./tail-command.ts');
    process.exitCode = await runTail(readEnv(), session ?? null);
  });

program
  .command('erase')
  .description('delete one session and everything that belongs to it')
  .argument('<session>', 'id of the session')
  .action(async (session: string) => {
    const { runErase } = await import('./erase-command.ts');
    process.exitCode = await runErase(readEnv(), session);
  });

program
  .command('redetect')
  .description('run the rules of this version over stored sessions; what was said of their anomalies stays')
  .argument('[session...]', 'ids of sessions')
  .option('--all', 'every session that has ended', false)
  .action(async (sessions: string[], options: { all: boolean }) => {
    const { runRedetect } = await import('./redetect-command.ts');
    process.exitCode = await runRedetect(readEnv(), { sessions, all: options.all });
  });

program
  .command('demo')
  .description('play the simulator’s scenarios through the running tap')
  .action(async () => {
    const { runDemo } = await import('./demo-command.ts');
    process.exitCode = await runDemo(readEnv());
  });

program
  .command('doctor')
  .description('print the settings with secrets masked, and look at every part')
  .action(async () => {
    const { runDoctor } = await import('./doctor-command.ts');
    process.exitCode = await runDoctor(readEnv());
  });

try {
  await program.parseAsync();
} catch (thrown) {
  process.exitCode = exitCodeOf(coerceError(thrown));
}

function exitCodeOf(error: Error): number {
  if (error instanceof CommanderError) return error.exitCode;
  process.stderr.write(`${error instanceof DeltascopeError ? error.toSentence() : error.stack}\n`);
  return 1;
}

function readVersion(): string {
  return JSON.parse(readFileSync(join(ROOT_FOLDER, 'package.json'), 'utf8')).version;
}
