import {
  asJson,
  canonicalize,
  grants as grantsShape,
  integer,
  integerOf,
  label,
  parseShape,
  parseStrictJson,
  snapshot,
  textOf,
  WritError,
  type Grant,
  type SqlExecutor,
  type SqlRow,
} from "@writ/core";

import { recordEvent } from "./events.js";
import { maxLife } from "./issuance-rules.js";
import type { Registry } from "./organisation.js";

/** A name for a set of grants: the template, and the frame, of what agents that bear it may be granted (DESIGN 4). */
export interface Role extends RoleFrame {
  readonly name: string;
  /** When it was last set, in milliseconds since 1970. */
  readonly changed: number;
}

/** What agents of a role may be granted. */
export interface RoleFrame {
  /** Every grant of theirs lies within one of these; a role without any is a name alone, and frames nothing. */
  readonly grants?: readonly Grant[];
  /** The longest life of such an authority, in milliseconds; as long as the rules allow unless given. */
  readonly maxLifeMs?: number;
  /** How many times such an authority may be handed on at most; not at all unless given. */
  readonly maxHops?: number;
}

const COLUMNS = "name, grants, max_life_ms, max_hops, changed";
const hops = integer(0, 9);

/**
 * Makes a role, or sets it anew. What was granted by it stays as it is; from now on it frames what is granted,
 * superseded, and renewed.
 *
 * @param frame what it is from now on; or what makes that of what it was, undisturbed by whoever else sets it
 * @throws WritError of the schema for a name, grants or bounds.
 */
export async function setRole(
  registry: Registry,
  name: string,
  frame: RoleFrame | ((before: RoleFrame | undefined) => RoleFrame),
): Promise<Role> {
  parseShape(label, name, "/name");
  // A copy, so that what the caller changes meanwhile is not what is kept.
  const given = typeof frame === "function" ? frame : snapshot(frame);
  return registry.database.transaction(async (transaction) => {
    const copy = typeof given === "function" ? snapshot(given(await roleNamed(transaction, name))) : given;
    const { grants, maxLifeMs, maxHops } = copy;
    if (grants !== undefined) parseShape(grantsShape, asJson(grants), "/grants");
    if (maxLifeMs !== undefined) parseShape(maxLife, maxLifeMs, "/maxLifeMs");
    if (maxHops !== undefined) parseShape(hops, maxHops, "/maxHops");
    const changed = registry.clock();
    await transaction.query(
      `INSERT INTO roles (${COLUMNS}) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (name) DO UPDATE SET grants = $2, max_life_ms = $3, max_hops = $4, changed = $5`,
      [
        name,
        grants === undefined ? null : canonicalize(asJson(grants)),
        maxLifeMs ?? null,
        maxHops ?? null,
        changed,
      ],
    );
    await recordEvent(transaction, registry, { action: "role.set", details: { name, ...asDetails(copy) } });
    return { name, changed, ...copy };
  });
}

/** All roles, by name. */
export async function listRoles({ database }: Registry): Promise<readonly Role[]> {
  const rows = await database.query(`SELECT ${COLUMNS} FROM roles ORDER BY name`);
  return rows.map(roleOf);
}

/**
 * The role of this name.
 *
 * @throws WritError `NOT_FOUND`.
 */
export function findRole({ database }: Registry, name: string): Promise<Role> {
  return roleByName(database, name);
}

/** The same within a transaction. */
export async function roleByName(executor: SqlExecutor, name: string): Promise<Role> {
  const role = await roleNamed(executor, name);
  if (role !== undefined) return role;
  throw new WritError("NOT_FOUND", `there is no role "${name}"`, {
    hint: "`writ role set` makes one, `writ role list` shows those that there are.",
  });
}

async function roleNamed(executor: SqlExecutor, name: string): Promise<Role | undefined> {
  const [row] = await executor.query(`SELECT ${COLUMNS} FROM roles WHERE name = $1`, [name]);
  return row === undefined ? undefined : roleOf(row);
}

function asDetails({ grants, maxLifeMs, maxHops }: RoleFrame) {
  return {
    ...(grants === undefined ? {} : { grants: asJson(grants) }),
    ...(maxLifeMs === undefined ? {} : { maxLifeMs }),
    ...(maxHops === undefined ? {} : { maxHops }),
  };
}

function roleOf(row: SqlRow): Role {
  const { grants, max_life_ms: life, max_hops: most } = row;
  return {
    name: textOf(row, "name"),
    changed: integerOf(row, "changed"),
    ...(grants === null ? {} : { grants: parseShape(grantsShape, parseStrictJson(textOf(row, "grants"))) }),
    ...(life === null ? {} : { maxLifeMs: integerOf(row, "max_life_ms") }),
    ...(most === null ? {} : { maxHops: integerOf(row, "max_hops") }),
  };
}
