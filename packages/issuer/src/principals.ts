import {
  integerOf,
  isDid,
  label,
  parseShape,
  textOf,
  WritError,
  type PrincipalSubject,
  type SqlExecutor,
  type SqlRow,
} from "@writ/core";

import { assertUnusedKey } from "./agent-keys.js";
import type { Registry } from "./organisation.js";

/** A person, a role of people or a service: whoever owns agents, delegates or approves. */
export interface Principal {
  readonly did: string;
  /** Unique in the organisation. */
  readonly name: string;
  readonly type: PrincipalSubject["type"];
  /** One that is retired owns no agents any more, and nothing more is granted in its name. */
  readonly state: PrincipalState;
  /** Milliseconds since 1970. */
  readonly created: number;
}

export type PrincipalState = "active" | "retired";

const COLUMNS = "did, name, type, state, created";

/** All principals, by name. */
export async function listPrincipals({ database }: Registry): Promise<readonly Principal[]> {
  const rows = await database.query(`SELECT ${COLUMNS} FROM principals ORDER BY name`);
  return rows.map(principalOf);
}

/**
 * The principal of this DID, which alone says who it is: another's name could look like it.
 *
 * @throws WritError `NOT_FOUND`.
 */
export async function principalByDid(executor: SqlExecutor, did: string): Promise<Principal> {
  const [row] = await executor.query(`SELECT ${COLUMNS} FROM principals WHERE did = $1`, [did]);
  if (row === undefined) throw new WritError("NOT_FOUND", "no principal of this DID is registered");
  return principalOf(row);
}

/**
 * The principal of this name or DID.
 *
 * @throws WritError `NOT_FOUND`.
 */
export async function findPrincipal({ database }: Registry, nameOrDid: string): Promise<Principal> {
  const [row] = await database.query(`SELECT ${COLUMNS} FROM principals WHERE name = $1 OR did = $1`, [
    nameOrDid,
  ]);
  if (row !== undefined) return principalOf(row);
  throw new WritError("NOT_FOUND", "no principal of this name or DID is registered", {
    hint: "`writ principal create` registers one, `writ principal list` shows those that there are.",
  });
}

/**
 * Registers a principal.
 *
 * @throws WritError `ALREADY_EXISTS` for a name or a DID that is registered, as an agent's too; of the schema for a name.
 */
export async function insertPrincipal(transaction: SqlExecutor, principal: Principal): Promise<void> {
  const { did, name, type, state, created } = principal;
  parseShape(label, name, "/name");
  // Else whoever names the one could mean the other.
  if (isDid(name) && name !== did) {
    throw new WritError("SCHEMA_INVALID", "the name is another's DID", { pointer: "/name" });
  }
  const taken = await transaction.query("SELECT did FROM principals WHERE name = $1", [name]);
  if (taken.length > 0) {
    throw new WritError("ALREADY_EXISTS", "a principal of this name is registered already");
  }
  await assertUnusedKey(transaction, did);
  await transaction.query(`INSERT INTO principals (${COLUMNS}) VALUES ($1, $2, $3, $4, $5)`, [
    did,
    name,
    type,
    state,
    created,
  ]);
}

/** What an identity credential says of a principal. */
export function principalSubject({ did, type, name }: Principal): PrincipalSubject {
  return { id: did, type, name };
}

/**
 * A principal as it is now, in a transaction in which it gets something.
 *
 * @throws WritError `ISSUANCE_RULE` where it is retired, `NOT_FOUND`.
 */
export async function assertActivePrincipal(executor: SqlExecutor, did: string): Promise<void> {
  const { state } = await principalByDid(executor, did);
  if (state === "active") return;
  throw new WritError("ISSUANCE_RULE", "the principal is retired", { asked: did });
}

/**
 * Whoever stands behind an agent or an authority must be there: the organisation itself, or a principal that is active.
 *
 * @param what such as `the owner`
 * @throws WritError `ISSUANCE_RULE`.
 */
export async function assertStanding(
  transaction: SqlExecutor,
  organisation: Registry,
  did: string,
  { what, pointer }: { readonly what: string; readonly pointer: string },
): Promise<void> {
  if (did === organisation.did) return;
  // Its own name of before stands in what was granted with it, and verifiers take the one for the other.
  const former = await transaction.query("SELECT did FROM former_keys WHERE did = $1", [did]);
  if (former.length > 0) return;
  const [row] = await transaction.query("SELECT state FROM principals WHERE did = $1", [did]);
  if (row !== undefined && stateOf(row) === "active") return;
  throw new WritError("ISSUANCE_RULE", `${what} is no principal of the organisation, or is retired`, {
    pointer,
    asked: did,
    hint: "`writ principal create` registers one; `writ agent change` gives an agent another owner.",
  });
}

function principalOf(row: SqlRow): Principal {
  return {
    did: textOf(row, "did"),
    name: textOf(row, "name"),
    type: textOf(row, "type") as Principal["type"],
    state: stateOf(row),
    created: integerOf(row, "created"),
  };
}

function stateOf(row: SqlRow): PrincipalState {
  const state = textOf(row, "state");
  if (state === "active" || state === "retired") return state;
  throw new WritError("DATABASE_INVALID", "the column state does not hold what it must");
}
