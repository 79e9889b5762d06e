import {
  frameGrant,
  isFramed,
  joinPointer,
  snapshot,
  WritError,
  type AuthoritySubject,
  type Grant,
  type Problem,
  type SqlExecutor,
} from "@writ/core";

import type { Agent } from "./agents.js";
import type { IssuanceRules } from "./issuance-rules.js";
import type { Registry } from "./organisation.js";
import { roleByName, type Role } from "./roles.js";

const GRANTS = "/credentialSubject/grants";

/** The roles of an agent that frame what it may be granted. */
export async function framingRoles(
  executor: SqlExecutor,
  { roles }: Pick<Agent, "roles">,
): Promise<readonly Role[]> {
  const found = await Promise.all(roles.map((name) => roleByName(executor, name)));
  return found.filter(({ grants }) => grants !== undefined);
}

/** How long an authority lives, in milliseconds, and how many times it may be handed on. */
interface Bounds {
  readonly lifeMs: number;
  readonly hops: number;
}

/** Where the grants of an authority come from: a list, roles, or both. */
export interface GrantSource {
  /** Each lies within a role of the agent, if it has any with grants; what it leaves open is as that says. */
  readonly grants?: readonly Grant[];
  /** Roles of the agent, all of whose grants are granted, each with a meter account of its own. */
  readonly roles?: readonly string[];
}

/** A grant as it was asked for, and as it stands by itself within a role. */
export interface ExpandedGrant {
  readonly asked: Grant;
  readonly framed: Grant;
}

/**
 * The grants that are asked for, as they stand by themselves within the roles of an agent. Without a role that frames
 * them they stay as they are.
 *
 * @throws WritError `ISSUANCE_RULE` with grant, dimension, asked and allowed, for the first that lies in no grant of a
 *   role, compared with the one of its id where there is one; for a role that the agent does not have, or that does
 *   not permit such a life or so many hops itself, whatever another role of the agent does.
 */
export async function expandGrants(
  { database, random }: Registry,
  agent: Pick<Agent, "roles">,
  { grants = [], roles = [] }: GrantSource,
  bounds: Bounds,
): Promise<readonly ExpandedGrant[]> {
  // A copy, so that what the caller changes meanwhile is not what is signed.
  const own = snapshot({ grants }).grants;
  const framing = await framingRoles(database, agent);
  const all = [...own, ...roles.flatMap((name) => grantsOfRole(name, framing))];
  for (const role of framing) if (roles.includes(role.name)) assertPermitted([role], bounds);
  const frames = framing.flatMap((role) => role.grants ?? []);
  if (frames.length === 0) return all.map((asked) => ({ asked, framed: asked }));
  return all.map((asked, index) => {
    // The one of its id first: it may lie in others as well, which say more.
    const named = frames.filter(({ id }) => id === asked.id);
    const tried = [...named, ...frames].map((frame) => frameGrant(asked, frame, random));
    const fits = tried.find(({ problems }) => problems.length === 0);
    return fits === undefined ? refuse(index, tried[0]?.problems ?? []) : { asked, framed: fits.grant };
  });
}

/** A role's grants without their meters: whoever gets them gets an account of their own. */
function grantsOfRole(name: string, framing: readonly Role[]): readonly Grant[] {
  const role = framing.find((each) => each.name === name);
  if (role !== undefined) return (role.grants ?? []).map(({ meter: _, ...grant }) => grant);
  throw new WritError("ISSUANCE_RULE", `the agent has no role "${name}" with grants`, {
    hint: "`writ agent show` lists an agent's roles, `writ role set` gives a role its grants.",
  });
}

/**
 * Holds an authority to the roles of its agent, whoever made it: each grant lies within one of a role, and says all
 * that it does; life and hops are the role's.
 *
 * @param lifeMs milliseconds
 * @throws WritError `ISSUANCE_RULE`.
 */
export function assertWithinRoles(
  { grants, redelegation }: AuthoritySubject,
  { lifeMs }: { readonly lifeMs: number },
  roles: readonly Role[],
  { withoutRole }: Pick<IssuanceRules, "withoutRole">,
): void {
  if (roles.length === 0) {
    if (withoutRole === "anything") return;
    throw new WritError("ISSUANCE_RULE", "the agent has no role that says what it may be granted", {
      pointer: GRANTS,
      hint: "`writ role set` gives a role its grants; `writ agent change` gives an agent a role.",
    });
  }
  const hops = redelegation?.maxHops ?? 0;
  grants.forEach((grant, index) => {
    const framing = roles.filter((role) => (role.grants ?? []).some((frame) => isFramed(grant, frame)));
    if (framing.length === 0) refuse(index, []);
    assertPermitted(framing, { lifeMs, hops });
  });
}

/** That one of several roles permits both. */
function assertPermitted(roles: readonly Role[], { lifeMs, hops }: Bounds): void {
  const permitting = roles.filter(({ maxHops = 0 }) => hops <= maxHops);
  if (permitting.length === 0) {
    throw new WritError("ISSUANCE_RULE", "may be handed on more often than its role permits", {
      pointer: "/credentialSubject/redelegation",
      asked: hops,
      allowed: Math.max(...roles.map(({ maxHops = 0 }) => maxHops)),
    });
  }
  if (permitting.some(({ maxLifeMs = Infinity }) => lifeMs <= maxLifeMs)) return;
  throw new WritError("ISSUANCE_RULE", "lives longer than its role permits", {
    pointer: "/validUntil",
    asked: lifeMs,
    allowed: Math.max(...permitting.map(({ maxLifeMs = Infinity }) => maxLifeMs)),
    hint: "`--ttl` says how long it lives, `writ role show` how long it may.",
  });
}

function refuse(index: number, [nearest]: readonly Problem[]): never {
  const at = joinPointer(GRANTS, index);
  const {
    code: _,
    detail = "lies in no grant of the agent's roles as it is",
    pointer = "",
    ...place
  } = nearest ?? {};
  throw new WritError("ISSUANCE_RULE", `not within the agent's roles: ${detail}`, {
    ...place,
    pointer: at + pointer,
    hint: "`writ role show` tells what a role allows.",
  });
}
