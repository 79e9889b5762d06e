import { link, lstat, open, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { WritError } from "@writ/core";
import { assertNoCompanion, COMPANIONS } from "./private-file.js";

/**
 * Gives a database that was made under another name in the same folder the name that it is to have, if
 * nothing has that name. It must be closed. So a database is there whole or not at all.
 *
 * @throws WritError `FILE_EXISTS`, `DATABASE_BUSY` where it is still open, `FILE_UNREADABLE`.
 */
export async function publishSqliteDatabase(temporary: string, path: string): Promise<void> {
  await assertNoCompanion(path);
  for (const suffix of COMPANIONS) {
    // SQLite would take a journal that lies here for the database's own.
    if (await isThere(path + suffix)) throw alreadyThere(path + suffix);
    if (await isThere(temporary + suffix)) {
      throw new WritError("DATABASE_BUSY", `${temporary} is still open`);
    }
  }
  try {
    // A hard link fails where the name is taken; a rename would replace it.
    await link(temporary, path);
    await rm(temporary);
    await syncFolder(dirname(path));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") throw alreadyThere(path, cause);
    throw new WritError("FILE_UNREADABLE", `${path} cannot be written`, { cause });
  }
}

/** A name is as durable as its folder. Windows does not open folders, and keeps their names by itself. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

function alreadyThere(path: string, cause?: unknown): WritError {
  return new WritError("FILE_EXISTS", `${path} is there already`, { cause });
}
