import type { Stats } from "node:fs";
import { lstat, mkdir, open, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { WritError } from "@writ/core";

/** What SQLite keeps beside a database; it obeys them, so they must be as private as the file. */
export const COMPANIONS: readonly string[] = ["-wal", "-shm", "-journal"];

/** The same, as the end of a path; some file systems do not tell capital letters. */
const COMPANION = /-(wal|shm|journal)$/i;

/** SQLite's smallest page. Every database has a page, and a multiple of this length. */
const SMALLEST_PAGE_BYTES = 512;

/**
 * Refuses a database file that another user could have written, or that is too short to be one.
 *
 * It never opens the file: POSIX drops every lock that this process holds on a file when any of its
 * descriptors closes, and SQLite may have the file open already (sqlite.org/howtocorrupt, 2.2).
 * What the bytes say is therefore SQLite's to check.
 *
 * @returns whether a log lies beside it that holds something
 * @throws WritError `FILE_UNREADABLE`, `FILE_UNSAFE`, `DATABASE_INVALID`.
 */
export async function checkPrivateDatabaseFile(path: string): Promise<{ readonly hasLog: boolean }> {
  const stats = await statsOf(path);
  if (stats === undefined) throw new WritError("FILE_UNREADABLE", `there is no file ${path}`);
  checkPrivate(path, stats);
  let hasCompanion = false;
  let hasLog = false;
  for (const suffix of COMPANIONS) {
    const companion = path + suffix;
    const found = await statsOf(companion);
    if (found === undefined) continue;
    checkPrivate(companion, found);
    hasCompanion = true;
    if (suffix === "-wal" && found.size > 0) hasLog = true;
  }
  // A crash can cut short a page that the log still holds. Without a log, SQLite would take it for whole.
  const isCut = !hasCompanion && stats.size % SMALLEST_PAGE_BYTES !== 0;
  if (isCut || stats.size < SMALLEST_PAGE_BYTES) {
    throw new WritError("DATABASE_INVALID", `${path} is empty or cut short`);
  }
  return { hasLog };
}

/**
 * Makes an empty file of mode 0600 where nothing is, and missing folders of mode 0700.
 *
 * @throws WritError `FILE_EXISTS`, `FILE_UNREADABLE` where the file system refuses.
 */
export async function createPrivateFile(path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw unreadable(path, cause);
  }
  await assertNoCompanion(path);
  // SQLite would take a journal that lies here for the database's own.
  for (const suffix of COMPANIONS) {
    if ((await statsOf(path + suffix)) === undefined) continue;
    throw new WritError("FILE_EXISTS", `${path + suffix} is there already`, {
      hint: "It belongs to a database that was there, and may hold the last of what was written to it: keep both together.",
    });
  }
  try {
    const file = await open(path, "wx", 0o600);
    await file.close();
  } catch (cause) {
    throw systemCode(cause) === "EEXIST" ? alreadyThere(path, cause) : unreadable(path, cause);
  }
}

/**
 * Refuses the name of what SQLite keeps beside another file: it would take the one for the other's.
 *
 * @throws WritError `FILE_EXISTS`.
 */
export async function assertNoCompanion(path: string): Promise<void> {
  const stem = path.replace(COMPANION, "");
  if (stem === path || (await statsOf(stem)) === undefined) return;
  throw new WritError("FILE_EXISTS", `${path} would be taken for a part of the database ${stem}`);
}

/** Removes a database and what SQLite keeps beside it. */
export async function removeDatabaseFiles(path: string): Promise<void> {
  for (const suffix of ["", ...COMPANIONS]) await rm(path + suffix, { force: true });
}

function checkPrivate(path: string, stats: Stats): void {
  if (!stats.isFile()) throw new WritError("FILE_UNSAFE", `${path} is not a regular file`);
  // Windows has neither owners nor permission bits of this kind.
  const user = process.geteuid?.();
  if (user === undefined) return;
  if (stats.uid !== user) throw new WritError("FILE_UNSAFE", `${path} belongs to another user`);
  if ((stats.mode & 0o077) !== 0) {
    throw new WritError("FILE_UNSAFE", `${path} is open to other users`, { hint: `Run: chmod 600 ${path}` });
  }
}

async function statsOf(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (cause) {
    if (systemCode(cause) === "ENOENT") return undefined;
    throw unreadable(path, cause);
  }
}

function alreadyThere(path: string, cause?: unknown): WritError {
  return new WritError("FILE_EXISTS", `${path} is there already`, { cause });
}

function unreadable(path: string, cause: unknown): WritError {
  // Node refuses a path with a NUL, or one that is not a text, before it asks the file system.
  const isMisuse = systemCode(cause)?.startsWith("ERR_INVALID_ARG") === true;
  return new WritError(isMisuse ? "ARGUMENT_INVALID" : "FILE_UNREADABLE", `${path} cannot be used`, {
    cause,
  });
}

function systemCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/**
 * Removes a database that could not be made whole, with what SQLite keeps beside it. To be called
 * when it is closed; a file that is not there is passed over.
 */
export async function removeSqliteDatabase(path: string): Promise<void> {
  for (const suffix of ["", ...COMPANIONS]) await rm(path + suffix, { force: true });
}
