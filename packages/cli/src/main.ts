import { fstatSync } from "node:fs";

import { rootHelp } from "./root-help.js";
import { writeAll } from "./terminal/write-all.js";

/** Runs the command line: `main(["verify", "presentation.json"])`. Sets the process's exit code. */
export async function main(args: readonly string[]): Promise<void> {
  const [only = ""] = args;
  if (args.length === 1 && HELP.includes(only)) {
    writeAll(1, rootHelp(terminalColumns()));
    return;
  }
  const { run } = await import("./program.js");
  await run(args);
}

const HELP = ["--help", "-h", "help"];

/** Columns of the terminal that standard output is; what is none is not asked, which would load streams. */
function terminalColumns(): number | undefined {
  const isDevice = fstatSync(1).isCharacterDevice();
  return isDevice && process.stdout.isTTY ? process.stdout.columns : undefined;
}
