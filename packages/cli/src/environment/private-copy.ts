import { chmod, copyFile, lstat, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

import { WritError } from "@writ/core";

/**
 * Uses a copy of a database, with what its log holds, which goes afterwards: opening a database may write to
 * it. The copy is for this user alone.
 *
 * @throws WritError `FILE_UNSAFE` for what is no regular file, `FILE_UNREADABLE`.
 */
export async function withPrivateCopy<T>(path: string, use: (copy: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "writ-"));
  try {
    const copy = join(folder, basename(path));
    for (const suffix of ["", "-wal"]) await copyRegular(path + suffix, copy + suffix, suffix === "");
    return await use(copy);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function copyRegular(from: string, to: string, isRequired: boolean): Promise<void> {
  try {
    const stats = await lstat(from);
    if (!stats.isFile()) throw new WritError("FILE_UNSAFE", `${from} is not a regular file`);
    await copyFile(from, to);
    await chmod(to, 0o600);
  } catch (cause) {
    if (cause instanceof WritError) throw cause;
    if (!isRequired && (cause as NodeJS.ErrnoException).code === "ENOENT") return;
    throw new WritError("FILE_UNREADABLE", `${from} cannot be read`, { cause });
  }
}
