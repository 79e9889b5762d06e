import { show } from "./safe-text.js";

/** Where progress is shown: standard error, or what stands for it. */
export interface ProgressTerminal {
  readonly isTTY: boolean;
  write(text: string): unknown;
}

/** Shows on a terminal how far long work has come. */
export interface Progress {
  update(done: number, total: number): void;
  /** Takes it away again. */
  end(): void;
}

/** Work that is done within this time shows nothing. */
const FIRST_AFTER_MS = 500;
const AGAIN_AFTER_MS = 100;
const CLEAR_LINE = "\r\u001b[K";

/**
 * Progress of some work, on one line that is written over. Nothing is written where nobody looks on: into
 * pipes and files.
 *
 * @param what the work, such as `Restoring`
 * @param nowMs a clock that does not jump
 */
export function createProgress(
  what: string,
  terminal: ProgressTerminal = process.stderr,
  nowMs: () => number = () => performance.now(),
): Progress {
  let next = nowMs() + FIRST_AFTER_MS;
  let isShown = false;
  return {
    update(done, total) {
      if (!terminal.isTTY || nowMs() < next) return;
      next = nowMs() + AGAIN_AFTER_MS;
      isShown = true;
      const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
      terminal.write(`${CLEAR_LINE}${show`${what} … ${percent}% (${done} of ${total})`.text}`);
    },
    end() {
      if (isShown) terminal.write(CLEAR_LINE);
      isShown = false;
    },
  };
}

/** Shows progress while something is done, and takes it away whatever comes of it. */
export async function withProgress<T>(what: string, use: (progress: Progress) => Promise<T>): Promise<T> {
  const progress = createProgress(what);
  try {
    return await use(progress);
  } finally {
    progress.end();
  }
}
