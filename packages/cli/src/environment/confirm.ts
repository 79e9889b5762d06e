import { WritError } from "@writ/core";

import { writeNotice } from "../terminal/output.js";
import type { SafeText } from "../terminal/safe-text.js";

/**
 * Shows what is about to happen and asks for it, on a terminal. Elsewhere nobody can answer, and the
 * command itself is the answer.
 *
 * @throws WritError `USAGE` where the answer is no.
 */
export async function confirm(what: SafeText, question: string): Promise<void> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return;
  const prompts = await import("@clack/prompts");
  writeNotice(what);
  const answer = await prompts.confirm({ message: question, initialValue: false, output: process.stderr });
  if (answer !== true) throw new WritError("USAGE", "nothing was done");
}
