import type { Database } from "@writ/core";

/** Entries of a status list. */
export const LIST_LENGTH = 131_072;

const CHUNK = 500_000;
/** Odd, and the length a power of two: each index comes once, in no order, as when they are drawn. */
const SPREAD = 48_271;
/** Of so many credentials one after the other are one agent's. */
const PER_AGENT = 100;

/**
 * Fills an organisation's tables by SQL with credentials of its agents, each with an entry in a list for each purpose,
 * as issuing them one by one would: full lists but for the last. Nothing of it is signed.
 */
export async function fillRegistry(database: Database, count: number, agents: number): Promise<void> {
  await database.query("PRAGMA synchronous = OFF");
  await database.query("PRAGMA cache_size = -262144");
  const lists = Math.ceil(count / LIST_LENGTH);
  await database.query("UPDATE status_lists SET used = $1", [LIST_LENGTH]);
  await database.query(
    `WITH RECURSIVE n (i) AS (VALUES (100) UNION ALL SELECT i + 1 FROM n WHERE i < 99 + CAST($1 AS BIGINT))
     INSERT INTO status_lists (list_id, purpose, number, used, issuer)
     SELECT SUBSTR(purpose, 1, 1) || i, purpose, i, $2, (SELECT did FROM organisation)
     FROM (SELECT 'revocation' AS purpose UNION ALL SELECT 'suspension'), n`,
    [lists, LIST_LENGTH],
  );
  await database.query("CREATE TEMP TABLE fleet (n INTEGER PRIMARY KEY, agent_id TEXT, did TEXT)");
  await database.query(
    "INSERT INTO fleet (agent_id, did) SELECT agent_id, did FROM agents ORDER BY agent_id LIMIT $1",
    [agents],
  );
  for (let from = 0; from < count; from += CHUNK) {
    const range = [from, Math.min(count, from + CHUNK) - 1];
    await database.transaction(async (transaction) => {
      await transaction.query(
        `${numbers()}
         INSERT INTO credentials (id, document_id, type, subject, valid_until, digest, agent_id, issuer, issued,
                                  content, life_ms)
         SELECT ${ID}, ${ID}, 'DelegatedAuthorityCredential', did, 1900000000000 + i, 'zQm' || ${ID}, agent_id,
           (SELECT did FROM organisation), 1800000000000 + i,
           '{"grants":[{"actions":["order.read"],"id":"read"}],"id":"' || did || '","principal":"' || did || '"}',
           28800000
         FROM n JOIN fleet ON fleet.n = 1 + (i / ${String(PER_AGENT)}) % ${String(agents)}`,
        range,
      );
      for (const list of ["r", "s"]) {
        await transaction.query(
          `${numbers()}
           INSERT INTO status_entries (list_id, entry_index, credential_id, is_set)
           SELECT '${list}' || (100 + i / ${String(LIST_LENGTH)}), (i * ${String(SPREAD)}) % ${String(LIST_LENGTH)}, ${ID}, 0
           FROM n`,
          range,
        );
      }
    });
    if (process.stderr.isTTY) process.stderr.write(`\r${String(from)} credentials`);
  }
  await database.query("DROP TABLE fleet");
  await database.query("PRAGMA wal_checkpoint(TRUNCATE)");
  await database.query("PRAGMA synchronous = FULL");
}

/** The id of the credential that was filled in as the n-th. */
export function filledId(n: number): string {
  return `urn:uuid:00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
}

const ID = "printf('urn:uuid:00000000-0000-4000-8000-%012d', i)";

function numbers(): string {
  return `WITH RECURSIVE n (i) AS (
    VALUES (CAST($1 AS BIGINT)) UNION ALL SELECT i + 1 FROM n WHERE i < CAST($2 AS BIGINT))`;
}
