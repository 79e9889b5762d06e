import { openSchema, WritError, type Database, type Schema } from "@writ/core";

/** The tables of a wallet's records, and of its successor's. */
export const WALLET_SCHEMA: Schema = {
  component: "wallet",
  versions: [
    [
      `CREATE TABLE wallet (
        standing TEXT NOT NULL UNIQUE,
        generation BIGINT NOT NULL UNIQUE,
        header TEXT NOT NULL,
        counter BIGINT NOT NULL,
        root BYTEA NOT NULL
      )`,
      `CREATE TABLE wallet_pages (
        generation BIGINT NOT NULL,
        page BIGINT NOT NULL,
        content BYTEA NOT NULL,
        UNIQUE (generation, page)
      )`,
      `CREATE TABLE wallet_records (
        generation BIGINT NOT NULL,
        id BYTEA NOT NULL,
        revision BIGINT NOT NULL,
        sealed BYTEA NOT NULL,
        tags BYTEA NOT NULL,
        UNIQUE (generation, id)
      )`,
      `CREATE TABLE wallet_tags (
        generation BIGINT NOT NULL,
        tag BYTEA NOT NULL,
        record_id BYTEA NOT NULL,
        UNIQUE (generation, tag, record_id)
      )`,
    ],
  ],
};

/** The wallet's tables in a database. Without them there is no wallet: then they throw WritError `NOT_FOUND`. */
export function tablesOf(database: Database): Pick<Database, "query" | "transaction"> {
  async function ask<T>(question: () => Promise<T>): Promise<T> {
    try {
      return await question();
    } catch (error) {
      if (error instanceof WritError && error.code === "DATABASE_SCHEMA")
        await openSchema(database, WALLET_SCHEMA);
      throw error;
    }
  }
  return {
    query: (sql, parameters) => ask(() => database.query(sql, parameters)),
    transaction: (work) => ask(() => database.transaction(work)),
  };
}
