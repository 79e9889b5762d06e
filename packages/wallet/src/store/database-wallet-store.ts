import {
  concatBytes,
  createSchema,
  integerOf,
  openSchema,
  textOf,
  WritError,
  type Database,
  type SqlExecutor,
  type SqlRow,
  type SqlValue,
} from "@writ/core";

import {
  TAG_LENGTH,
  type StoreChange,
  type StoredRecord,
  type StoreState,
  type StoreView,
  type WalletStore,
} from "./wallet-store.js";
import { tablesOf, WALLET_SCHEMA } from "./wallet-tables.js";

const ROWS_AT_ONCE = 16;
/** A wallet has one row of each standing at most. */
type Standing = "current" | "successor";

/**
 * The row of a standing. The wallet's own is also found where its standing is damaged, beside none that is
 * whole: there is one row, or a successor's too.
 */
function chosen(columns: string): string {
  return `SELECT ${columns} FROM wallet
    WHERE standing = $1 OR ($1 = 'current' AND standing IS DISTINCT FROM 'successor')
    ORDER BY CASE WHEN standing = $1 THEN 0 ELSE 1 END LIMIT 1`;
}

/** A count, or NULL where it is none. */
const counted = (column: string): string =>
  `CASE WHEN ${column} BETWEEN 0 AND 9007199254740991 THEN ${column} END AS ${column}`;
const GENERATION = counted("generation");
const VERSION = `${GENERATION}, root, ${counted("counter")}`;

/** A {@link WalletStore} on the storage port, such as an SQLite file. */
export function createDatabaseWalletStore(database: Database): WalletStore {
  return databaseStore(database, "current");
}

function databaseStore(database: Database, standing: Standing): WalletStore {
  const tables = tablesOf(database);
  return {
    async initialise(change) {
      if (standing === "current")
        await createSchema(database, WALLET_SCHEMA, (tx) => begin(tx, "current", change));
      else await tables.transaction((tx) => begin(tx, "successor", change));
    },

    async state() {
      await openSchema(database, WALLET_SCHEMA);
      const [row] = await firstThatCanBeRead(
        () => tables.query(chosen(`header, ${VERSION}`), [standing]),
        () => tables.query(chosen(`header, ${GENERATION}`), [standing]),
      );
      if (row === undefined) throw missing(standing);
      return { header: textOf(row, "header"), ...versionOf(row) };
    },

    async read({ known = null, pages, records }) {
      const { tag = null, after = new Uint8Array(), limit = 0 } = records ?? {};
      // One statement sees one moment, whatever others write meanwhile.
      const rows = await tables.query(
        `WITH chosen AS (${chosen(VERSION)})
         SELECT 'wallet' AS part, generation, counter AS number,
           CASE WHEN counter = $5 THEN NULL ELSE root END AS content,
           CAST(NULL AS BYTEA) AS id, CAST(NULL AS BYTEA) AS tags FROM chosen
         UNION ALL
         SELECT 'page', p.generation, p.page, p.content, NULL, NULL
           FROM wallet_pages p JOIN chosen c ON p.generation = c.generation
           WHERE p.page IN (${pages.map((_, index) => `$${String(index + 6)}`).join()})
         UNION ALL
         SELECT * FROM (
           SELECT 'record', r.generation, r.revision, r.sealed, r.id, r.tags
             FROM wallet_tags t JOIN chosen c ON t.generation = c.generation
             JOIN wallet_records r ON r.generation = t.generation AND r.id = t.record_id
             WHERE t.tag = $2 AND t.record_id > $3 ORDER BY t.record_id LIMIT ${limitOf("$4")}) found`,
        [standing, tag, after, limit, known, ...pages],
      );
      return viewOf(rows, standing);
    },

    // Where the wallet's row counts root keys of which there are no records, it is damaged: any are given.
    async scan(after = new Uint8Array(), limit) {
      const rows = await tables.query(
        `WITH chosen AS (${chosen("generation")}),
         counted AS (
           SELECT MIN(generation) AS generation FROM wallet_records
             WHERE generation IN (SELECT generation FROM chosen)
         )
         SELECT r.revision AS number, r.sealed AS content, r.id, r.tags FROM wallet_records r
         WHERE r.id > $2 AND EXISTS (SELECT 1 FROM chosen) AND r.generation = COALESCE(
           (SELECT generation FROM counted),
           CASE WHEN $1 = 'current' THEN (SELECT MIN(generation) FROM wallet_records) END
         ) ORDER BY r.id LIMIT ${limitOf("$3")}`,
        [standing, after, limit],
      );
      if (rows.length === 0) assertFound(await tables.query(chosen("1 AS n"), [standing]), standing);
      return rows.map(recordOf);
    },

    commit: (change, expectedRoot) =>
      tables.transaction(async (transaction) => {
        const [moved] = await transaction.query(
          `UPDATE wallet SET counter = counter + 1, root = $3, header = COALESCE($4, header)
           WHERE standing = $1 AND root = $2 RETURNING generation`,
          [standing, expectedRoot, change.root, change.header ?? null],
        );
        if (moved === undefined) {
          const rows = await transaction.query("SELECT 1 AS n FROM wallet WHERE standing = $1", [standing]);
          assertFound(rows, standing);
          return false;
        }
        await write(transaction, integerOf(moved, "generation"), change);
        return true;
      }),

    successor: () => databaseStore(database, "successor"),

    succeed: (expectedRoot, expectedSuccessorRoot) =>
      tables.transaction(async (transaction) => {
        const [pair] = await transaction.query(
          `SELECT w.generation FROM wallet w JOIN wallet s ON s.standing = 'successor' AND s.root = $2
           WHERE w.standing = 'current' AND w.root = $1`,
          [expectedRoot, expectedSuccessorRoot],
        );
        if (pair === undefined) return false;
        await erase(transaction, "current", integerOf(pair, "generation"));
        await transaction.query("UPDATE wallet SET standing = 'current' WHERE standing = 'successor'");
        return true;
      }),

    abandonSuccessor: () =>
      tables.transaction(async (transaction) => {
        const [row] = await transaction.query("SELECT generation FROM wallet WHERE standing = 'successor'");
        if (row !== undefined) await erase(transaction, "successor", integerOf(row, "generation"));
      }),
  };
}

/** A bare parameter in this place makes SQLite prepare the whole statement again for each value. */
function limitOf(parameter: string): string {
  return `CAST(${parameter} AS BIGINT)`;
}

async function begin(
  transaction: SqlExecutor,
  standing: Standing,
  change: StoreChange & { readonly header: string },
): Promise<void> {
  const rows = await transaction.query("SELECT standing, generation FROM wallet");
  if (rows.some((row) => row["standing"] === standing)) {
    throw new WritError("ALREADY_EXISTS", "there is a wallet here already");
  }
  const generation = Math.max(0, ...rows.map((row) => integerOf(row, "generation"))) + 1;
  await transaction.query(
    "INSERT INTO wallet (standing, generation, header, counter, root) VALUES ($1, $2, $3, 0, $4)",
    [standing, generation, change.header, change.root],
  );
  await write(transaction, generation, change);
}

async function write(
  transaction: SqlExecutor,
  generation: number,
  { pages, records, removed }: StoreChange,
): Promise<void> {
  const rewritten = records.filter(({ revision }) => revision > 1).map(({ id }) => id);
  for (const id of [...removed, ...rewritten]) await remove(transaction, generation, id);
  await insert(
    transaction,
    "INSERT INTO wallet_pages (generation, page, content) VALUES",
    [...pages].map(([page, content]) => [generation, page, content]),
    "ON CONFLICT (generation, page) DO UPDATE SET content = excluded.content",
  );
  await insert(
    transaction,
    "INSERT INTO wallet_records (generation, id, revision, sealed, tags) VALUES",
    records.map(({ id, revision, sealed, tags }) => [generation, id, revision, sealed, concatBytes(...tags)]),
  );
  await insert(
    transaction,
    "INSERT INTO wallet_tags (generation, tag, record_id) VALUES",
    records.flatMap(({ id, tags }) => tags.map((tag) => [generation, tag, id])),
  );
}

/** Many rows in few statements: each statement costs more than a row. */
async function insert(
  transaction: SqlExecutor,
  into: string,
  rows: readonly (readonly SqlValue[])[],
  otherwise = "",
): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    const some = rows.slice(from, from + ROWS_AT_ONCE);
    let parameter = 0;
    const values = some.map((row) => `(${row.map(() => `$${String(++parameter)}`).join(", ")})`).join(", ");
    await transaction.query(`${into} ${values} ${otherwise}`, some.flat());
  }
}

/** A record with the tags that it has now; one that is not there is passed over. */
async function remove(transaction: SqlExecutor, generation: number, id: Uint8Array): Promise<void> {
  const [row] = await transaction.query(
    "DELETE FROM wallet_records WHERE generation = $1 AND id = $2 RETURNING tags",
    [generation, id],
  );
  if (row === undefined) return;
  for (const tag of tagsOf(row)) {
    await transaction.query("DELETE FROM wallet_tags WHERE generation = $1 AND tag = $2 AND record_id = $3", [
      generation,
      tag,
      id,
    ]);
  }
}

async function erase(transaction: SqlExecutor, standing: Standing, generation: number): Promise<void> {
  for (const table of ["wallet_tags", "wallet_records", "wallet_pages"]) {
    await transaction.query(`DELETE FROM ${table} WHERE generation = $1`, [generation]);
  }
  await transaction.query("DELETE FROM wallet WHERE standing = $1", [standing]);
}

function viewOf(rows: readonly SqlRow[], standing: Standing): StoreView {
  const pages = new Map<number, Uint8Array>();
  const records: StoredRecord[] = [];
  let version: Pick<StoreView, "generation" | "counter" | "root"> | undefined;
  for (const row of rows) {
    if (row["part"] === "page") pages.set(integerOf(row, "number"), recordBytes(row, "content"));
    else if (row["part"] === "record") records.push(recordOf(row));
    else {
      version = {
        generation: integerOf(row, "generation"),
        counter: countIn(row, "number"),
        ...(row["content"] === null ? {} : { root: rootIn(row, "content") }),
      };
    }
  }
  if (version === undefined) throw missing(standing);
  return { ...version, pages, records };
}

function versionOf(row: SqlRow): Omit<StoreState, "header"> {
  return {
    generation: countIn(row, "generation"),
    counter: countIn(row, "counter"),
    root: rootIn(row, "root"),
  };
}

function recordOf(row: SqlRow): StoredRecord {
  return {
    id: recordBytes(row, "id"),
    revision: integerOf(row, "number"),
    sealed: recordBytes(row, "content"),
    tags: tagsOf(row),
  };
}

function tagsOf(row: SqlRow): readonly Uint8Array[] {
  const bytes = recordBytes(row, "tags");
  const count = Math.ceil(bytes.length / TAG_LENGTH);
  return Array.from({ length: count }, (_, index) =>
    bytes.subarray(index * TAG_LENGTH, (index + 1) * TAG_LENGTH),
  );
}

/** Where the file is damaged in a part of a row, what can be read of it. */
async function firstThatCanBeRead<T>(whole: () => Promise<T>, part: () => Promise<T>): Promise<T> {
  try {
    return await whole();
  } catch (error) {
    if (error instanceof WritError && error.code === "DATABASE_INVALID") return await part();
    throw error;
  }
}

/** What is damaged here is refused by whoever opens the wallet, and passed over by whoever saves its records. */
function countIn(row: SqlRow, column: string): number {
  const value = row[column];
  return typeof value === "number" ? value : Number.NaN;
}

/** The same of a root: none is of no bytes. */
function rootIn(row: SqlRow, column: string): Uint8Array {
  const value = row[column];
  return value instanceof Uint8Array ? value : new Uint8Array();
}

/** A damaged file may say that a column holds something else. */
function recordBytes(row: SqlRow, column: string): Uint8Array {
  const value = row[column];
  if (value instanceof Uint8Array) return value;
  throw new WritError("RECORD_TAMPERED", `the column ${column} does not hold bytes`);
}

function assertFound(rows: readonly SqlRow[], standing: Standing): void {
  if (rows.length === 0) throw missing(standing);
}

/** The tables are there, and the wallet's own row is not. */
function missing(standing: Standing): WritError {
  return standing === "current"
    ? new WritError("HEADER_CORRUPT", "the wallet has lost its header")
    : new WritError("NOT_FOUND", "there is no successor");
}
