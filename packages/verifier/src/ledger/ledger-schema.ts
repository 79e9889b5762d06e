import type { Schema } from "@writ/core";

/** The tables of a ledger. Sums are for ever; keys and single entries can be forgotten in time. */
export const LEDGER_SCHEMA: Schema = {
  component: "ledger",
  versions: [
    [
      `CREATE TABLE ledger_keys (
        holder TEXT NOT NULL, nonce TEXT NOT NULL, digest TEXT NOT NULL,
        decided_at BIGINT NOT NULL, key_until BIGINT NOT NULL, PRIMARY KEY (holder, nonce))`,
      "CREATE INDEX ledger_keys_until ON ledger_keys (key_until)",
      "CREATE TABLE ledger_state (latest BIGINT NOT NULL, keys_pruned_until BIGINT NOT NULL)",
      "INSERT INTO ledger_state (latest, keys_pruned_until) VALUES (0, 0)",
      `CREATE TABLE ledger_accounts (
        issuer TEXT NOT NULL, account TEXT NOT NULL,
        window_ms BIGINT NOT NULL, pruned_until BIGINT NOT NULL,
        kept BIGINT NOT NULL, PRIMARY KEY (issuer, account))`,
      `CREATE TABLE ledger_totals (
        issuer TEXT NOT NULL, account TEXT NOT NULL, unit TEXT NOT NULL, total BIGINT NOT NULL,
        PRIMARY KEY (issuer, account, unit))`,
      `CREATE TABLE ledger_entries (
        issuer TEXT NOT NULL, account TEXT NOT NULL, at BIGINT NOT NULL,
        holder TEXT NOT NULL, nonce TEXT NOT NULL, unit TEXT, amount BIGINT)`,
      "CREATE INDEX ledger_entries_at ON ledger_entries (issuer, account, at)",
    ],
  ],
};
