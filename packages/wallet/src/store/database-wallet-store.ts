import {
  createSchema,
  integerOf,
  openSchema,
  textOf,
  toHex,
  WritError,
  type Database,
  type Schema,
  type SqlExecutor,
  type SqlValue,
} from "@writ/core";

import type { StoredRecord, WalletStore } from "./wallet-store.js";

const WALLET_SCHEMA: Schema = {
  component: "wallet",
  versions: [
    [
      "CREATE TABLE wallet (header TEXT NOT NULL, counter BIGINT NOT NULL)",
      `CREATE TABLE wallet_records (
        id BYTEA NOT NULL UNIQUE,
        revision BIGINT NOT NULL,
        sealed BYTEA NOT NULL
      )`,
      `CREATE TABLE wallet_tags (
        tag BYTEA NOT NULL,
        record_id BYTEA NOT NULL REFERENCES wallet_records (id),
        UNIQUE (tag, record_id)
      )`,
      "CREATE INDEX wallet_tags_by_record ON wallet_tags (record_id)",
    ],
  ],
};

/** A {@link WalletStore} on the storage port, such as an SQLite file. */
export function createDatabaseWalletStore(database: Database): WalletStore {
  return {
    async initialise(header, records) {
      await createSchema(database, WALLET_SCHEMA, async (transaction) => {
        await transaction.query("INSERT INTO wallet (header, counter) VALUES ($1, 0)", [header]);
        for (const record of records) await put(transaction, record);
      });
    },

    async state() {
      await openSchema(database, WALLET_SCHEMA);
      const [row] = await database.query("SELECT header, counter FROM wallet");
      if (row === undefined) throw new WritError("HEADER_CORRUPT", "the wallet has lost its header");
      return { header: textOf(row, "header"), counter: integerOf(row, "counter") };
    },

    async find(tag) {
      const rows = await database.query(
        `SELECT r.id, r.revision, r.sealed, t.tag FROM wallet_records r
         JOIN wallet_tags t ON t.record_id = r.id
         WHERE r.id IN (SELECT record_id FROM wallet_tags WHERE tag = $1)`,
        [tag],
      );
      const records = new Map<string, StoredRecord>();
      for (const row of rows) {
        const id = recordBytes(row["id"]);
        const known = records.get(toHex(id));
        const tags = [...(known?.tags ?? []), recordBytes(row["tag"])];
        const revision = integerOf(row, "revision");
        records.set(toHex(id), { id, revision, sealed: recordBytes(row["sealed"]), tags });
      }
      return [...records.values()];
    },

    commit(records, expectedCounter) {
      return database.transaction(async (transaction) => {
        const moved = await transaction.query(
          "UPDATE wallet SET counter = counter + 1 WHERE counter = $1 RETURNING counter",
          [expectedCounter],
        );
        if (moved.length === 0) return false;
        for (const record of records) await put(transaction, record);
        return true;
      });
    },
  };
}

/** A damaged file may say that a column holds something else. */
function recordBytes(value: SqlValue | undefined): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new WritError("RECORD_TAMPERED", "a record's column does not hold bytes");
}

async function put(transaction: SqlExecutor, { id, revision, sealed, tags }: StoredRecord): Promise<void> {
  await transaction.query(
    `INSERT INTO wallet_records (id, revision, sealed) VALUES ($1, $2, $3)
     ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, sealed = excluded.sealed`,
    [id, revision, sealed],
  );
  await transaction.query("DELETE FROM wallet_tags WHERE record_id = $1", [id]);
  for (const tag of tags) {
    await transaction.query("INSERT INTO wallet_tags (tag, record_id) VALUES ($1, $2)", [tag, id]);
  }
}
