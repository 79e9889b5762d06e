import { textOf, WritError, type SqlExecutor } from "@writ/core";

import { COLUMNS, issuedOf, type IssuedCredential } from "./issued-credentials.js";
import type { Registry } from "./organisation.js";

/** All that hangs on keys, as far as it is on record. */
export interface BlastRadius {
  /** DIDs of the keys: an agent's of now and before, or the one that was asked for. */
  readonly keys: readonly string[];
  /** What they were given. */
  readonly given: readonly IssuedCredential[];
  /** What they signed: an organisation's key credentials, an agent's what it handed on. */
  readonly signed: readonly IssuedCredential[];
  /** What others handed on of these. */
  readonly below: readonly IssuedCredential[];
}

/**
 * What whoever had keys could have done, and what is to be revoked with them: all that is on record. What an agent
 * handed on without an entry here is on no record of the organisation's; it ends with what is above it.
 *
 * @param scope an agent, by all keys that it has had; or one key, whoever's
 * @throws WritError `NOT_FOUND` for a key that stands nowhere.
 */
export function findBlastRadius(
  registry: Registry,
  scope: { readonly agentId: string } | { readonly did: string },
): Promise<BlastRadius> {
  const now = registry.clock();
  return registry.database.transaction(async (transaction) => {
    const keys = "agentId" in scope ? await keysOf(transaction, scope.agentId) : [scope.did];
    const find = async (column: "issuer" | "subject" | "parent", value: string) =>
      (
        await transaction.query(
          `SELECT ${COLUMNS} FROM credentials WHERE ${column} = $1 ORDER BY valid_until DESC, document_id`,
          [value],
        )
      ).map((row) => issuedOf(row, now));
    const [given, signed] = [
      await flat(keys.map((key) => find("subject", key))),
      await flat(keys.map((key) => find("issuer", key))),
    ];
    if (given.length === 0 && signed.length === 0) {
      throw new WritError("NOT_FOUND", "nothing was issued to this key, or by it");
    }
    const known = new Set([...given, ...signed].map(({ credentialId }) => credentialId));
    const below: IssuedCredential[] = [];
    // The list grows while it is gone through.
    const above = [...known];
    for (const id of above) {
      for (const child of await find("parent", id)) {
        if (known.has(child.credentialId)) continue;
        known.add(child.credentialId);
        above.push(child.credentialId);
        below.push(child);
      }
    }
    return { keys, given, signed, below };
  });
}

async function keysOf(executor: SqlExecutor, agentId: string): Promise<readonly string[]> {
  const rows = await executor.query("SELECT did FROM agent_keys WHERE agent_id = $1 ORDER BY since", [
    agentId,
  ]);
  return rows.map((row) => textOf(row, "did"));
}

async function flat<T>(found: readonly Promise<readonly T[]>[]): Promise<readonly T[]> {
  return (await Promise.all(found)).flat();
}
