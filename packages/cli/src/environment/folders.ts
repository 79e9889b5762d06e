import { stat } from "node:fs/promises";

import { WritError } from "@writ/core";

/**
 * A folder that is there.
 *
 * @throws WritError `FILE_UNREADABLE`.
 */
export async function requireFolder(path: string): Promise<string> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new WritError("FILE_UNREADABLE", `${path} is not a folder that can be read`);
  return path;
}
