import type { Schema } from "@writ/core";

/** The organisation's tables: its key and rules, its agents, principals and roles, what it issued, and its status lists. */
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
    [
      `CREATE TABLE events (
        number BIGINT NOT NULL PRIMARY KEY,
        at BIGINT NOT NULL,
        operator TEXT,
        action TEXT NOT NULL,
        agent_id TEXT,
        credential_id TEXT,
        reason TEXT,
        details TEXT NOT NULL
      )`,
      "CREATE INDEX events_by_agent ON events (agent_id, number)",
      "CREATE INDEX events_by_credential ON events (credential_id, number)",
      "ALTER TABLE agents ADD COLUMN state TEXT NOT NULL DEFAULT 'active'",
      // Every key that an agent has had, so that none is registered again.
      `CREATE TABLE agent_keys (
        did TEXT NOT NULL PRIMARY KEY,
        agent_id TEXT NOT NULL REFERENCES agents (agent_id),
        since BIGINT NOT NULL,
        until BIGINT
      )`,
      "INSERT INTO agent_keys (did, agent_id, since) SELECT did, agent_id, created FROM agents",
      "CREATE INDEX agent_keys_by_agent ON agent_keys (agent_id, since)",
      // Of credentials of others there is no agent.
      "ALTER TABLE credentials ADD COLUMN agent_id TEXT REFERENCES agents (agent_id)",
      `UPDATE credentials SET agent_id = (SELECT agent_id FROM agents WHERE did = subject)
       WHERE type IN ('AgentIdentityCredential', 'DelegatedAuthorityCredential')`,
      "CREATE INDEX credentials_by_agent ON credentials (agent_id, valid_until)",
      "CREATE INDEX credentials_by_end ON credentials (valid_until)",
      // By which key, and when; of what was issued before, nobody kept it.
      "ALTER TABLE credentials ADD COLUMN issuer TEXT",
      "ALTER TABLE credentials ADD COLUMN issued BIGINT",
      "UPDATE credentials SET issuer = (SELECT did FROM organisation), issued = 0",
      "CREATE INDEX credentials_by_issue ON credentials (issuer, issued)",
      // The subject as it was signed, so that the same can be issued again; not of credentials of others.
      "ALTER TABLE credentials ADD COLUMN content TEXT",
      "ALTER TABLE credentials ADD COLUMN life_ms BIGINT",
      // In whose place it came, by renewal or superseding.
      "ALTER TABLE credentials ADD COLUMN predecessor TEXT REFERENCES credentials (id)",
      "CREATE INDEX credentials_by_predecessor ON credentials (predecessor)",
      // Since when; and whether alone, or with its agent.
      "ALTER TABLE credentials ADD COLUMN suspended BIGINT",
      "ALTER TABLE credentials ADD COLUMN suspended_with TEXT",
      "ALTER TABLE credentials ADD COLUMN revoked_with TEXT",
    ],
    [
      `CREATE TABLE principals (
        did TEXT NOT NULL PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        type TEXT NOT NULL,
        state TEXT NOT NULL,
        created BIGINT NOT NULL
      )`,
      // Whoever owned an agent, or was acted for, goes on to.
      `INSERT INTO principals (did, name, type, state, created)
       SELECT did, did, 'Service', 'active', MIN(created) FROM (
         SELECT owner AS did, created FROM agents
         UNION ALL
         SELECT json_extract(content, '$.principal'), issued FROM credentials
         WHERE type = 'DelegatedAuthorityCredential' AND content IS NOT NULL)
       WHERE did NOT IN (SELECT did FROM organisation) GROUP BY did`,
      // A role without grants is a name alone.
      `CREATE TABLE roles (
        name TEXT NOT NULL PRIMARY KEY,
        grants TEXT,
        max_life_ms BIGINT,
        max_hops BIGINT,
        changed BIGINT NOT NULL
      )`,
      `INSERT INTO roles (name, changed)
       SELECT value, MIN(created) FROM agents, json_each(agents.roles) GROUP BY value`,
      "ALTER TABLE organisation ADD COLUMN rules TEXT",
      // Keys that the organisation had: they sign the lists that they began, and nothing else.
      `CREATE TABLE former_keys (
        did TEXT NOT NULL PRIMARY KEY,
        sealed_seed BYTEA NOT NULL,
        until BIGINT NOT NULL,
        statement TEXT NOT NULL
      )`,
      "ALTER TABLE status_lists ADD COLUMN issuer TEXT",
      "UPDATE status_lists SET issuer = (SELECT did FROM organisation)",
      // What a list is signed from: few entries of many are set.
      "CREATE INDEX status_entries_set ON status_entries (list_id, entry_index) WHERE is_set = 1",
      // Of what an agent hands on, the credential within which it does; the organisation keeps its status only.
      "ALTER TABLE credentials ADD COLUMN parent TEXT REFERENCES credentials (id)",
      "CREATE INDEX credentials_by_parent ON credentials (parent)",
      "CREATE INDEX credentials_by_subject ON credentials (subject)",
    ],
    [
      // By what a request is known that is made again, and the digest of what it asked for.
      "ALTER TABLE credentials ADD COLUMN idempotency_key TEXT",
      "ALTER TABLE credentials ADD COLUMN request TEXT",
      "CREATE INDEX credentials_by_idempotency_key ON credentials (idempotency_key)",
      // How old the lists may be that some authority relies on, and until when one does.
      `CREATE TABLE status_ages (
        seconds BIGINT NOT NULL PRIMARY KEY,
        until BIGINT NOT NULL
      )`,
      `INSERT INTO status_ages (seconds, until)
       SELECT json_extract(value, '$.statusMaxAgeSeconds') AS age, MAX(valid_until)
       FROM credentials, json_each(content, '$.grants')
       WHERE credentials.type = 'DelegatedAuthorityCredential' AND content IS NOT NULL AND age IS NOT NULL
       GROUP BY age`,
    ],
  ],
};
