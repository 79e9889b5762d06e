import { grants as grantsShape, parseShape, type Grant } from "@writ/core";

import { inFile, readJson } from "./files.js";

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
