import { grants as grantsShape, parseShape, WritError, type Grant, type Problem } from "@writ/core";

import { inFile, readJson } from "./files.js";

const IN_CREDENTIAL = "/credentialSubject/grants";

/** Runs what issues the grants of a file, if there is one; a refusal of one points into the file. */
export async function withGrantsOf<T>(path: string | undefined, issue: () => Promise<T>): Promise<T> {
  try {
    return await issue();
  } catch (error) {
    if (
      path === undefined ||
      !(error instanceof WritError) ||
      !error.problem.pointer.startsWith(IN_CREDENTIAL)
    )
      throw error;
    const inGrants = <P extends Problem>(problem: P): P => ({
      ...problem,
      pointer: problem.pointer.replace(IN_CREDENTIAL, ""),
    });
    const { detail, ...place } = inGrants(error.problem);
    throw new WritError(error.code, `${path}: ${detail}`, {
      ...place,
      problems: error.problems.map(inGrants),
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      cause: error,
    });
  }
}

/**
 * The grants of a file with a JSON array of them.
 *
 * @throws WritError of the file or the schema; its pointer is into the file.
 */
export async function readGrants(path: string): Promise<readonly Grant[]> {
  const json = await readJson(path);
  try {
    return parseShape(grantsShape, json);
  } catch (error) {
    throw inFile(error, path);
  }
}
