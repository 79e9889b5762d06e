import type { FileHandle } from "node:fs/promises";

import { parseStrictJsonObject, STATUS_LIST_LIMITS, WritError } from "@writ/core";

import type { ObtainedList, StatusListSource } from "./status-source.js";

/** A file of the folder as it was last read. */
interface ListFile {
  /** Changes whenever the file does. */
  readonly version: string;
  /** The id that the file claims; it is verified later. None where the file is no document. */
  readonly id: unknown;
  readonly list: ObtainedList;
}

/**
 * The lists in a folder, such as `writ status publish` writes it. A list is found by the id inside
 * it, whatever its file is called. A file is read again only when it has changed.
 */
export function createFolderStatusSource(folder: string): StatusListSource {
  let reading: Promise<ReadonlyMap<string, ListFile>> = Promise.resolve(new Map());
  return {
    async get(address) {
      // One after the other: lists are asked for together, and a file is to be read once.
      reading = reading.catch(() => new Map()).then((known) => readFolder(folder, known));
      const found = [...(await reading).values()].filter(({ id }) => id === address);
      if (found.length > 1) throw new WritError("STATUS_UNAVAILABLE", "two files bear the list's address");
      return found[0]?.list ?? null;
    },
  };
}

async function readFolder(
  folder: string,
  known: ReadonlyMap<string, ListFile>,
): Promise<ReadonlyMap<string, ListFile>> {
  // Loaded here, so that a runtime without files can still verify with another source.
  const { constants, open, readdir } = await import("node:fs/promises");
  const files = new Map<string, ListFile>();
  for (const name of await readdir(folder)) {
    if (!name.endsWith(".json")) continue;
    // Neither a link nor a pipe: the one leads elsewhere, the other may never end.
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const file = await open(`${folder}/${name}`, flags).catch(() => undefined);
    if (file === undefined) continue;
    try {
      const list = await readList(file, known.get(name));
      if (list !== undefined) files.set(name, list);
    } finally {
      await file.close();
    }
  }
  return files;
}

/** A file as it is now; one that is no document is remembered as such. */
async function readList(file: FileHandle, known: ListFile | undefined): Promise<ListFile | undefined> {
  const stat = await file.stat({ bigint: true });
  if (!stat.isFile() || stat.size > STATUS_LIST_LIMITS.maxBytes) return undefined;
  const version = [stat.dev, stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join("/");
  if (known?.version === version) return known;
  const text = await file.readFile();
  try {
    return { version, id: parseStrictJsonObject(text, STATUS_LIST_LIMITS)["id"], list: { text } };
  } catch (error) {
    if (error instanceof WritError) return { version, id: undefined, list: { text: "" } };
    throw error;
  }
}
