import { rmSync, type BigIntStats } from "node:fs";
import { chmod, copyFile, lstat, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { WritError } from "@writ/core";

/** Copies one file. */
export type CopyBytes = (from: string, to: string) => Promise<void>;

const MAX_ATTEMPTS = 20;
const PAUSE_MS = 25;

/**
 * Uses a copy of a database, with what its log holds, which goes afterwards: opening a database may write to
 * it. The copy is for this user alone, and of one moment.
 *
 * @throws WritError `FILE_UNSAFE` for what is no regular file, `FILE_UNREADABLE`, `DATABASE_BUSY` where others
 *   keep writing to it.
 */
export async function withPrivateCopy<T>(
  path: string,
  use: (copy: string) => Promise<T>,
  copyBytes: CopyBytes = copyFile,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "writ-"));
  // A signal ends the process without what is below: there are sealed keys in the copy.
  const interrupted = (signal: NodeJS.Signals): void => {
    rmSync(folder, { recursive: true, force: true });
    process.kill(process.pid, signal);
  };
  process.once("SIGINT", interrupted).once("SIGTERM", interrupted);
  try {
    const copy = join(folder, basename(path));
    await copyOfOneMoment(path, copy, copyBytes);
    return await use(copy);
  } finally {
    process.off("SIGINT", interrupted).off("SIGTERM", interrupted);
    await rm(folder, { recursive: true, force: true });
  }
}

/** A log that is taken in between the copy of the file and its own is in neither of them. */
async function copyOfOneMoment(path: string, copy: string, copyBytes: CopyBytes): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const before = await momentOf(path);
    for (const suffix of ["", "-wal"]) {
      await rm(copy + suffix, { force: true });
      const found = await copyRegular(path + suffix, copy + suffix, copyBytes);
      if (!found && suffix === "") throw new WritError("FILE_UNREADABLE", `there is no file ${path}`);
    }
    if ((await momentOf(path)) === before) return;
    if (attempt === MAX_ATTEMPTS) {
      throw new WritError("DATABASE_BUSY", `${path} is written to all the time`, {
        hint: "Stop whatever uses it, and try again.",
      });
    }
    await sleep(PAUSE_MS);
  }
}

/** What changes whenever a database or its log does. */
async function momentOf(path: string): Promise<string> {
  const stats = await Promise.all(
    ["", "-wal"].map((suffix) =>
      lstat(path + suffix, { bigint: true }).catch((): BigIntStats | undefined => undefined),
    ),
  );
  return stats
    .map((found) => (found === undefined ? [] : [found.ino, found.size, found.mtimeNs, found.ctimeNs]).join())
    .join(";");
}

/** @returns whether there is such a file */
async function copyRegular(from: string, to: string, copyBytes: CopyBytes): Promise<boolean> {
  try {
    const stats = await lstat(from);
    if (!stats.isFile()) throw new WritError("FILE_UNSAFE", `${from} is not a regular file`);
    await copyBytes(from, to);
    await chmod(to, 0o600);
    return true;
  } catch (cause) {
    if (cause instanceof WritError) throw cause;
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw new WritError("FILE_UNREADABLE", `${from} cannot be read`, { cause });
  }
}
