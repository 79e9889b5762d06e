import { randomBytes } from "node:crypto";
import { createReadStream, type Stats } from "node:fs";
import {
  access,
  constants,
  link,
  lstat,
  mkdir,
  open,
  rename,
  rm,
  stat,
  type FileHandle,
} from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

import {
  concatBytes,
  DOCUMENT_LIMITS,
  isJsonObject,
  parseStrictJson,
  WritError,
  type JsonLimits,
  type JsonObject,
  type JsonValue,
} from "@writ/core";

/** No file that a command reads is larger; what is larger is not read at all. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;

/**
 * The bytes of a file.
 *
 * @param check refuses a file by throwing, before it is read
 * @throws WritError `FILE_UNREADABLE`, `TOO_LARGE`, or what `check` throws.
 */
export async function readInput(path: string, check?: (stats: Stats) => void): Promise<Uint8Array> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, "r");
    check?.(await file.stat());
    return await readBounded(file, path);
  } catch (cause) {
    if (cause instanceof WritError) throw cause;
    throw new WritError("FILE_UNREADABLE", `${path} cannot be read (${errnoOf(cause)})`, { cause });
  } finally {
    await file?.close();
  }
}

/**
 * Begins to read a file of any size, as often as it is asked to. A pipe could be read once only.
 *
 * @throws WritError `FILE_UNREADABLE`, also while it is read.
 */
export async function readingOf(path: string): Promise<() => AsyncIterable<Uint8Array>> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new WritError("FILE_UNREADABLE", `${path} cannot be read (${errnoOf(cause)})`, { cause });
  });
  if (!found.isFile()) throw new WritError("FILE_UNREADABLE", `${path} is not a regular file`);
  return async function* () {
    try {
      yield* createReadStream(path) as AsyncIterable<Uint8Array>;
    } catch (cause) {
      throw new WritError("FILE_UNREADABLE", `${path} cannot be read (${errnoOf(cause)})`, { cause });
    }
  };
}

/** A pipe tells no size, so it is read until it is too long. */
async function readBounded(file: FileHandle, path: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of file.createReadStream({ autoClose: false }) as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_FILE_BYTES) throw new WritError("TOO_LARGE", `${path} is too large`);
  }
  return concatBytes(...chunks);
}

/**
 * A file's JSON.
 *
 * @throws WritError as {@link readInput}, and of strict JSON, naming the file.
 */
export async function readJson(path: string, limits?: JsonLimits): Promise<JsonValue> {
  const bytes = await readInput(path);
  try {
    return parseStrictJson(bytes, limits);
  } catch (error) {
    throw inFile(error, path);
  }
}

/**
 * A file's JSON, which must be an object.
 *
 * @throws WritError as {@link readJson}, `JSON_NOT_OBJECT`.
 */
export async function readObject(path: string, limits?: JsonLimits): Promise<JsonObject> {
  const json = await readJson(path, limits);
  if (!isJsonObject(json)) throw new WritError("JSON_NOT_OBJECT", `${path} is not a JSON object`);
  return json;
}

/** An error of a file's content, which says which file. */
export function inFile(error: unknown, path: string): unknown {
  if (!(error instanceof WritError)) return error;
  const { code, detail, ...place } = error.problem;
  const hint = error.hint === undefined ? {} : { hint: error.hint };
  return new WritError(code, `${path}: ${detail}`, { ...place, ...hint, cause: error });
}

/** How a file that exists already is treated. */
export type IfExists = "refuse" | "replace";

/** What `--force` says of a file that exists already. */
export function ifExists(force: boolean | undefined): IfExists {
  return force === true ? "replace" : "refuse";
}

/**
 * Makes the folder of a file and refuses a name under which it may not be written, before the work
 * whose result it would hold.
 *
 * @throws WritError `FILE_EXISTS`, `FILE_UNREADABLE`.
 */
export async function assertWritable(path: string, ifThere: IfExists): Promise<void> {
  const folder = dirname(resolve(path));
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (cause) {
    throw new WritError("FILE_UNREADABLE", `${folder} is no folder to write to (${errnoOf(cause)})`, {
      cause,
    });
  }
  // Also a link that leads nowhere.
  const found = await lstat(path).catch(() => undefined);
  if (found !== undefined && ifThere === "refuse") throw fileExists(path);
  if (found?.isDirectory() === true) throw new WritError("FILE_EXISTS", `${path} is a folder`);
  if (found !== undefined && (await isDatabase(path))) {
    throw new WritError(
      "FILE_EXISTS",
      `${path} is a wallet, or another database: no document takes its place`,
    );
  }
  const stem = path.replace(COMPANION, "");
  if (stem !== path && (await isDatabase(stem))) {
    throw new WritError("FILE_EXISTS", `${path} would be taken for a part of the database ${stem}`, {
      hint: "Choose another name.",
    });
  }
}

/** What SQLite keeps beside a database: the log has what is not in the file yet. */
const COMPANION = /-(wal|shm|journal)$/i;

/** What SQLite files begin with (sqlite.org/fileformat, 1.3.1). */
const DATABASE_MAGIC = "SQLite format 3\0";

/** A wallet that were replaced by a document would be lost, with its keys. */
async function isDatabase(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => undefined);
  // A pipe would be waited for.
  if (info?.isFile() !== true) return false;
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return false;
  try {
    const { buffer, bytesRead } = await file.read(
      Buffer.alloc(DATABASE_MAGIC.length),
      0,
      DATABASE_MAGIC.length,
      0,
    );
    return buffer.toString("latin1", 0, bytesRead) === DATABASE_MAGIC;
  } finally {
    await file.close();
  }
}

function fileExists(path: string, cause?: unknown): WritError {
  return new WritError("FILE_EXISTS", `${path} exists already`, {
    hint: "Choose another name, or pass --force.",
    cause,
  });
}

/**
 * Writes a file so that it is there whole or not at all. Folders on the way are made. It is for this
 * user alone unless it is public: who has a presentation can show it.
 *
 * @throws WritError `FILE_EXISTS`, `FILE_UNREADABLE` where it cannot be written; what making the content
 *   throws.
 */
export async function writeOutput(
  path: string,
  content: string | AsyncIterable<Uint8Array>,
  ifThere: IfExists,
  audience: "private" | "public" = "private",
): Promise<void> {
  await assertWritable(path, ifThere);
  const target = resolve(path);
  const temporary = join(dirname(target), `.${randomBytes(8).toString("hex")}.tmp`);
  try {
    const file = await open(temporary, "wx", audience === "public" ? 0o644 : 0o600);
    try {
      if (typeof content === "string") await file.writeFile(content);
      else for await (const bytes of content) await file.appendFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    // A hard link fails where the name is taken; a rename would replace it.
    if (ifThere === "refuse") await link(temporary, target);
    else await rename(temporary, target);
  } catch (cause) {
    if (cause instanceof WritError) throw cause;
    if (errnoOf(cause) === "EEXIST") throw fileExists(path, cause);
    throw new WritError("FILE_UNREADABLE", `${path} cannot be written (${errnoOf(cause)})`, { cause });
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

/** A document as it is written to files: indented, unless it would then be larger than may be read. */
export function prettyJson(value: object): string {
  const pretty = JSON.stringify(value, null, 2);
  const fits = Buffer.byteLength(pretty) < DOCUMENT_LIMITS.maxBytes;
  return `${fits ? pretty : JSON.stringify(value)}
`;
}

function errnoOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | undefined)?.code ?? "unknown";
}
