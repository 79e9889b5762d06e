import { concatBytes, integerOf, WritError, type SqlExecutor, type SqlValue } from "@writ/core";

import { tagsOf, type Standing } from "./wallet-rows.js";
import type { StoreChange } from "./wallet-store.js";

const ROWS_AT_ONCE = 16;

/** Writes the row of a standing with its first content. */
export async function begin(
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

/** Writes what a change has of pages, records and tags. */
export async function write(
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

/** Removes all that is of a root key, the row that counts it included. */
export async function erase(transaction: SqlExecutor, generation: number): Promise<void> {
  for (const table of ["wallet_tags", "wallet_records", "wallet_pages", "wallet"]) {
    await transaction.query(`DELETE FROM ${table} WHERE generation = $1`, [generation]);
  }
}
