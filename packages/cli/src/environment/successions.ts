import { WritError } from "@writ/core";
import type { SuccessionOptions, TrustPolicy } from "@writ/verifier";

import { inFile, readInput } from "./files.js";

/**
 * A trust policy after the successions that files state. A refusal names the file.
 *
 * @throws WritError as `withSuccessions` does, and as reading a file does.
 */
export async function withSuccessionFiles(
  policy: TrustPolicy,
  paths: readonly string[],
  options: SuccessionOptions,
): Promise<TrustPolicy> {
  const { withSuccessions } = await import("@writ/verifier");
  const statements = await Promise.all(paths.map((path) => readInput(path)));
  try {
    return await withSuccessions(policy, statements, options);
  } catch (error) {
    if (!(error instanceof WritError)) throw error;
    // The pointer begins with the position of the statement.
    const [, position = "", ...within] = error.problem.pointer.split("/");
    const path = paths[Number(position)];
    if (position === "" || path === undefined) throw error;
    const { code, detail } = error.problem;
    const pointer = within.map((token) => `/${token}`).join("");
    throw inFile(new WritError(code, detail, { pointer, cause: error }), path);
  }
}
