import { WritError } from "@writ/core";

import { writeNotice } from "../terminal/output.js";
import type { SafeText } from "../terminal/safe-text.js";
import { beforeQuestion, untilEnd } from "./questions.js";

/**
 * Shows what is about to happen and asks for it, on a terminal. Where nobody sits, the command itself is
 * the answer.
 *
 * @throws WritError `DECLINED` where the answer is no, `USAGE` where somebody sits who cannot be shown it.
 */
export async function confirm(what: SafeText, question: string): Promise<void> {
  const [canAnswer, canSee] = [process.stdin.isTTY, process.stderr.isTTY];
  if (!canAnswer && !canSee) return;
  if (!canAnswer || !canSee) {
    throw new WritError("USAGE", "this must be confirmed", { hint: "Use a terminal, or pass --yes." });
  }
  const prompts = await import("@clack/prompts");
  await beforeQuestion();
  writeNotice(what);
  const answer = await untilEnd((signal) =>
    prompts.confirm({ message: question, initialValue: false, output: process.stderr, signal }),
  );
  if (answer !== true) throw new WritError("DECLINED", "nothing was done");
}
