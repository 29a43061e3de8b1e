const WIDTH = 28;
const INTERVAL_MS = 100;

/** One line that is drawn over itself on a terminal, and printed only now and then elsewhere. */
export interface ProgressBar {
  update(label: string, done: number, total: number): void;
  /** Ends the line, so that what is printed next stands below it. */
  clear(): void;
}

/** Draws on `stream` (standard error: standard output stays clean for results). */
export function makeProgressBar(stream: NodeJS.WriteStream): ProgressBar {
  let drawnAt = 0;
  return {
    update(label, done, total) {
      const now = Date.now();
      if (!stream.isTTY || (now - drawnAt < INTERVAL_MS && done < total)) return;
      drawnAt = now;
      stream.write(`\r\u001b[2K${drawBar(label, done, total)}`);
    },
    clear() {
      if (stream.isTTY) stream.write('\r\u001b[2K');
    },
  };
}

/** e.g. `reading  ██████████▌                   38 %  call.jsonl`. */
function drawBar(label: string, done: number, total: number): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const filled = Math.round(share * WIDTH);
  return `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${String(Math.floor(share * 100)).padStart(3)} %  ${label}`;
}
