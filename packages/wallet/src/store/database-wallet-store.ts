import { createSchema, integerOf, openSchema, textOf, WritError, type Database } from "@writ/core";

import { begin, erase, write } from "./wallet-changes.js";
import { assertFound, missing, recordOf, versionOf, viewOf, type Standing } from "./wallet-rows.js";
import type { WalletStore } from "./wallet-store.js";
import { tablesOf, WALLET_SCHEMA } from "./wallet-tables.js";

/**
 * The row of a standing. The wallet's own is also found where its standing is damaged, beside none that is
 * whole: there is one row, or a successor's too.
 */
function chosen(columns: string, standing = "$1"): string {
  return `SELECT ${columns} FROM wallet
    WHERE standing = ${standing} OR (${standing} = 'current' AND standing IS DISTINCT FROM 'successor')
    ORDER BY CASE WHEN standing = ${standing} THEN 0 ELSE 1 END LIMIT 1`;
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
           CASE WHEN root = $5 THEN NULL ELSE root END AS content,
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
          `UPDATE wallet SET standing = $1, counter = counter + 1, root = $3, header = COALESCE($4, header)
           WHERE standing = (${chosen("standing")}) AND root = $2 RETURNING generation`,
          [standing, expectedRoot, change.root, change.header ?? null],
        );
        if (moved === undefined) {
          assertFound(await transaction.query(chosen("1 AS n"), [standing]), standing);
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
           WHERE w.standing = (${chosen("standing", "'current'")}) AND w.root = $1`,
          [expectedRoot, expectedSuccessorRoot],
        );
        if (pair === undefined) return false;
        await erase(transaction, integerOf(pair, "generation"));
        await transaction.query("UPDATE wallet SET standing = 'current' WHERE standing = 'successor'");
        return true;
      }),

    abandonSuccessor: () =>
      tables.transaction(async (transaction) => {
        const [row] = await transaction.query("SELECT generation FROM wallet WHERE standing = 'successor'");
        if (row !== undefined) await erase(transaction, integerOf(row, "generation"));
      }),
  };
}

/** A bare parameter in this place makes SQLite prepare the whole statement again for each value. */
function limitOf(parameter: string): string {
  return `CAST(${parameter} AS BIGINT)`;
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
