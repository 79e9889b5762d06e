import { existsSync } from "node:fs";
import { resolve } from "node:path";

import { WritError, type Database } from "@writ/core";

import { writeNotice } from "../terminal/output.js";
import { show } from "../terminal/safe-text.js";
import { withDatabase, withNewDatabase } from "./databases.js";

/** What a service keeps in a database file of its own. */
export interface Component<T> {
  /** What it is, for messages: "ledger". */
  readonly what: string;
  /** What it means that the file was not there. */
  readonly whenNew: string;
  create(database: Database): Promise<T>;
  /** Throws `NOT_FOUND` where the database holds none. */
  open(database: Database): Promise<T>;
}

/** Uses what is in a file. One that is not there is made, which is said. */
export async function withComponent<T, R>(
  component: Component<T>,
  path: string,
  use: (opened: T) => Promise<R>,
): Promise<R> {
  const file = resolve(path);
  if (!existsSync(file)) await createFile(component, file);
  return withExistingComponent(component, file, use);
}

/** Of several processes that come first at once, one makes it. */
async function createFile<T>(component: Component<T>, file: string): Promise<void> {
  try {
    await withNewDatabase(
      file,
      (database) => component.create(database),
      () => Promise.resolve(),
    );
    writeNotice(show`Made a new ${component.what}, ${file}: ${component.whenNew}.`);
  } catch (error) {
    if (!(error instanceof WritError) || error.code !== "FILE_EXISTS") throw error;
  }
}

/**
 * Uses what is in a file that must be there.
 *
 * @throws WritError `FILE_UNREADABLE`, `DATABASE_INVALID` where the file holds something else.
 */
export async function withExistingComponent<T, R>(
  component: Component<T>,
  path: string,
  use: (opened: T) => Promise<R>,
): Promise<R> {
  const file = resolve(path);
  if (!existsSync(file)) throw new WritError("FILE_UNREADABLE", `there is no ${component.what} at ${file}`);
  return withDatabase(file, {}, async (database) => use(await openIn(component, database, file)));
}

/** A file that another process has only just made has its tables in a moment. */
async function openIn<T>(component: Component<T>, database: Database, file: string): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await component.open(database);
    } catch (cause) {
      if (!(cause instanceof WritError) || cause.code !== "NOT_FOUND") throw cause;
      if (attempt === 10)
        throw new WritError("DATABASE_INVALID", `${file} holds no ${component.what}`, { cause });
      await new Promise((resolveLater) => setTimeout(resolveLater, 50));
    }
  }
}
