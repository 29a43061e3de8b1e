import { stripVTControlCharacters } from 'node:util';
import { isUnattended } from '#lib/config/env.ts';
import { paint } from './log-line.ts';

/**
 * A list of steps on the terminal: one line each, `✓ what (detail) 1.2 s`. On a terminal the current step shows a spinner and
 * its latest line of output; elsewhere a step announces itself only if it takes long. What a step prints stays hidden unless it fails.
 */

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;
/** Where there is no spinner, a step that takes longer says that it is under way. */
const ANNOUNCE_MS = 3000;
/** Lines of output kept for a failure. */
const KEPT_LINES = 200;

const CLEAR_LINE = '\r\u001b[2K';
const GREEN = 32;
const RED = 31;
const GREY = 90;

/** What a step may say about itself. */
export interface Step {
  /** Shown in brackets when the step is done. */
  detail(text: string): void;
  /** Output of a tool: its last line is shown while the step runs, all of it if the step fails. */
  output(text: string): void;
}

export interface StepList {
  /** Runs one step; what it throws is passed on after the step was shown as failed. */
  run<T>(label: string, work: (step: Step) => Promise<T> | T): Promise<T>;
  /** Prints a line above the current step. */
  print(line: string): void;
}

/** The part of a terminal's stream that a step list needs. */
export interface StepOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Makes a step list that writes to `stream`. */
export function makeStepList(stream: StepOutput = process.stdout): StepList {
  return new TerminalSteps(stream);
}

class TerminalSteps implements StepList {
  readonly #stream: StepOutput;
  readonly #hasSpinner: boolean;
  /** What stands on the terminal's last line while a step runs. */
  #spinner = '';

  constructor(stream: StepOutput) {
    this.#stream = stream;
    this.#hasSpinner = stream.isTTY === true && !isUnattended();
  }

  async run<T>(label: string, work: (step: Step) => Promise<T> | T): Promise<T> {
    const started = performance.now();
    const { step, lines, details, flush } = collectOutput();
    const stopWaiting = this.#hasSpinner ? this.#spin(label, lines) : this.#announceLate(label);
    const finish = (mark: string, colour: number) => {
      stopWaiting();
      const words = [this.#paint(mark, colour), label, ...details.map((text) => this.#paint(`(${text})`, GREY))];
      this.print([...words, this.#paint(formatDuration(performance.now() - started), GREY)].join(' '));
    };
    try {
      const result = await work(step);
      finish('✓', GREEN);
      return result;
    } catch (thrown) {
      flush();
      finish('✗', RED);
      for (const line of lines) this.print(`  ${line}`);
      throw thrown;
    }
  }

  print(line: string): void {
    this.#stream.write(this.#spinner === '' ? `${line}\n` : `${CLEAR_LINE}${line}\n${this.#spinner}`);
  }

  #spin(label: string, lines: readonly string[]): () => void {
    let frame = 0;
    const draw = () => {
      const text = `${FRAMES[frame++ % FRAMES.length]} ${label} ${lines.at(-1)?.trim() ?? ''}`;
      this.#spinner = text.slice(0, (this.#stream.columns ?? 80) - 1);
      this.#stream.write(CLEAR_LINE + this.#spinner);
    };
    draw();
    const timer = setInterval(draw, FRAME_MS);
    return () => {
      clearInterval(timer);
      this.#spinner = '';
      this.#stream.write(CLEAR_LINE);
    };
  }

  #announceLate(label: string): () => void {
    const timer = setTimeout(() => this.print(`… ${label}`), ANNOUNCE_MS);
    return () => clearTimeout(timer);
  }

  #paint(text: string, colour: number): string {
    return paint(text, colour, { colour: this.#stream.isTTY === true });
  }
}

function collectOutput(): {
  readonly step: Step;
  readonly lines: readonly string[];
  readonly details: readonly string[];
  flush(): void;
} {
  const lines: string[] = [];
  const details: string[] = [];
  let unfinished = '';
  const output = (text: string) => {
    const parts = (unfinished + stripVTControlCharacters(text)).split('\n');
    unfinished = parts.pop() ?? '';
    lines.push(...parts.filter((line) => line.trim() !== ''));
    if (lines.length > KEPT_LINES) lines.splice(0, lines.length - KEPT_LINES);
  };
  const flush = () => output('\n');
  return { step: { detail: (text) => void details.splice(0, 1, text), output }, lines, details, flush };
}

/** A duration for people: `0.4 s`, `12.3 s`, `2 min 05 s`. */
export function formatDuration(ms: number): string {
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}
