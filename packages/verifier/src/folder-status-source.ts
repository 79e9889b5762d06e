import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { parseStrictJsonObject, STATUS_LIST_LIMITS, WritError, type JsonText } from "@writ/core";

import type { StatusListSource } from "./status-source.js";

/**
 * The lists in a folder, such as `writ status publish` writes it. A list is found by the id inside
 * it, whatever its file is called.
 */
export function createFolderStatusSource(folder: string): StatusListSource {
  return {
    async get(address) {
      const found: JsonText[] = [];
      for (const name of await readdir(folder)) {
        if (!name.endsWith(".json")) continue;
        const list = await readList(join(folder, name));
        if (list?.id === address) found.push(list.text);
      }
      if (found.length > 1) throw new WritError("STATUS_UNAVAILABLE", "two files bear the list's address");
      return found[0] ?? null;
    },
  };
}

/** The id that a file claims; the file is verified later. Files that are not documents are passed over. */
async function readList(
  path: string,
): Promise<{ readonly id: unknown; readonly text: JsonText } | undefined> {
  const { size, isRegular } = await lstat(path).then((stat) => ({
    size: stat.size,
    isRegular: stat.isFile(),
  }));
  if (!isRegular || size > STATUS_LIST_LIMITS.maxBytes) return undefined;
  const text = await readFile(path);
  try {
    return { id: parseStrictJsonObject(text, STATUS_LIST_LIMITS)["id"], text };
  } catch (error) {
    if (error instanceof WritError) return undefined;
    throw error;
  }
}
