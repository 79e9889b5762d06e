import { writeSync } from "node:fs";

/** Standard output, or standard error. */
export type Descriptor = 1 | 2;

/** Writes synchronously, so that nothing is lost when the process ends. */
export function writeAll(descriptor: Descriptor, text: string): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EAGAIN") continue;
      // Nobody reads any more, or there is no room: the exit code is all that is left to tell it.
      process.exitCode = 3;
      return;
    }
  }
}
