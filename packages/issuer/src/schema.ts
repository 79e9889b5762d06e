import type { Schema } from "@writ/core";

/** The organisation's tables: its key, its agents, what it issued, and its status lists. */
export const ORGANISATION_SCHEMA: Schema = {
  component: "organisation",
  versions: [
    [
      `CREATE TABLE organisation (
        did TEXT NOT NULL PRIMARY KEY,
        name TEXT NOT NULL,
        status_base TEXT NOT NULL,
        key_header TEXT NOT NULL,
        sealed_seed BYTEA NOT NULL,
        created BIGINT NOT NULL
      )`,
      `CREATE TABLE agents (
        agent_id TEXT NOT NULL PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        did TEXT NOT NULL UNIQUE,
        owner TEXT NOT NULL,
        roles TEXT NOT NULL,
        environment TEXT,
        wallet TEXT,
        created BIGINT NOT NULL
      )`,
      // A row without digest was recorded, and perhaps signed, but never handed out.
      `CREATE TABLE credentials (
        id TEXT NOT NULL PRIMARY KEY,
        type TEXT NOT NULL,
        subject TEXT NOT NULL,
        valid_until BIGINT NOT NULL,
        digest TEXT,
        revoked BIGINT,
        reason TEXT
      )`,
      `CREATE TABLE status_lists (
        list_id TEXT NOT NULL PRIMARY KEY,
        purpose TEXT NOT NULL,
        number BIGINT NOT NULL,
        used BIGINT NOT NULL,
        UNIQUE (purpose, number)
      )`,
      `CREATE TABLE status_entries (
        list_id TEXT NOT NULL REFERENCES status_lists (list_id),
        entry_index BIGINT NOT NULL,
        credential_id TEXT NOT NULL REFERENCES credentials (id) DEFERRABLE INITIALLY DEFERRED,
        is_set BIGINT NOT NULL,
        UNIQUE (list_id, entry_index)
      )`,
      "CREATE INDEX status_entries_by_credential ON status_entries (credential_id)",
    ],
    [
      // Credentials of others bear the id that whoever asked for them gave them, more than one perhaps the same.
      "ALTER TABLE credentials ADD COLUMN document_id TEXT",
      "UPDATE credentials SET document_id = id",
      "CREATE INDEX credentials_by_document ON credentials (document_id)",
      // Counts the changes of a list, so that what was signed of it is known to be current.
      "ALTER TABLE status_lists ADD COLUMN version BIGINT NOT NULL DEFAULT 0",
    ],
  ],
};
