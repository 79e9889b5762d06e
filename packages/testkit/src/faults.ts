/** Whether the tests of several processes, and of crashes, are run in full; the ordinary run does a part. */
export const FULL: boolean = process.env["WRIT_FAULTS"] !== undefined;

/** Figures, for whoever reads the output. */
export function report(line: string): void {
  process.stdout.write(`${line}\n`);
}
