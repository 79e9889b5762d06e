import { WritError } from "../errors/writ-error.js";
import type { Database, SqlExecutor, SqlRow } from "./database.js";

/** The tables of one component: entry `n` takes its schema from version `n` to `n + 1`. */
export interface Schema {
  readonly component: string;
  readonly versions: readonly (readonly string[])[];
}

const VERSION_TABLE =
  "CREATE TABLE IF NOT EXISTS writ_schema (component TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL)";
/** Its few rows are compared one by one: where an SQLite file is damaged, its index may lead to none of them. */
const SELECT_VERSION = "SELECT version FROM writ_schema WHERE component || '' = $1";

/**
 * Makes a component's tables in a database that does not have them yet.
 *
 * @param fill writes the first rows, in the same transaction; there are none unless given
 * @throws WritError `ALREADY_EXISTS`.
 */
export async function createSchema(
  database: Database,
  schema: Schema,
  fill?: (transaction: SqlExecutor) => Promise<void>,
): Promise<void> {
  await database.transaction(async (transaction) => {
    await transaction.query(VERSION_TABLE);
    const rows = await transaction.query(SELECT_VERSION, [schema.component]);
    if (rows.length > 0) throw new WritError("ALREADY_EXISTS", `there is a ${schema.component} here already`);
    await transaction.query("INSERT INTO writ_schema (component, version) VALUES ($1, $2)", [
      schema.component,
      schema.versions.length,
    ]);
    for (const statement of schema.versions.flat()) await transaction.query(statement);
    await fill?.(transaction);
  });
}

/**
 * Brings a component's tables to this version. Data of a newer version is left untouched.
 *
 * @throws WritError `NOT_FOUND` where the component is not there, `FORMAT_TOO_NEW`.
 */
export async function openSchema(database: Database, schema: Schema): Promise<void> {
  const current = schema.versions.length;
  const version = await schemaVersion(database, schema.component);
  if (version > current) {
    throw new WritError("FORMAT_TOO_NEW", `the ${schema.component} was written by a newer version of Writ`, {
      hint: "Use that version, or a later one.",
    });
  }
  if (version === current) return;
  await database.transaction(async (transaction) => {
    const rows = await transaction.query(SELECT_VERSION, [schema.component]);
    const from = versionOf(rows, schema.component);
    for (const statement of schema.versions.slice(from).flat()) await transaction.query(statement);
    await transaction.query("UPDATE writ_schema SET version = $2 WHERE component = $1", [
      schema.component,
      current,
    ]);
  });
}

async function schemaVersion(database: Database, component: string): Promise<number> {
  let rows: readonly SqlRow[];
  try {
    rows = await database.query(SELECT_VERSION, [component]);
  } catch (cause) {
    // A database without the table holds nothing of Writ's; other failures go on their way.
    if (cause instanceof WritError && cause.code === "DATABASE_SCHEMA") return versionOf([], component);
    throw cause;
  }
  return versionOf(rows, component);
}

function versionOf(rows: readonly SqlRow[], component: string): number {
  const version = rows[0]?.["version"];
  if (typeof version !== "number") throw new WritError("NOT_FOUND", `there is no ${component} here`);
  return version;
}
