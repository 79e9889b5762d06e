import {
  asJson,
  canonicalize,
  choice,
  integer,
  MAX_LIFE_MS,
  object,
  parseShape,
  parseStrictJson,
  WritError,
  type Shape,
  type SqlExecutor,
} from "@writ/core";

import { recordEvent } from "./events.js";
import type { Registry } from "./organisation.js";

/** The credentials that the organisation issues to agents and principals. */
export type OwnCredentialType =
  "AgentIdentityCredential" | "PrincipalIdentityCredential" | "DelegatedAuthorityCredential";

/** What the organisation issues at all, whoever asks. */
export interface IssuanceRules {
  /** The longest life of each type, in milliseconds; 90 days is the most there is. */
  readonly maxLifeMs: Readonly<Record<OwnCredentialType, number>>;
  /** Whether an agent without a role that has grants may be granted authority: anything, or nothing. */
  readonly withoutRole: "anything" | "nothing";
}

/** A life that some credential may have, in milliseconds. */
export const maxLife: Shape<number> = integer(1000, MAX_LIFE_MS);

/** The rules of an organisation that has set none. */
export const DEFAULT_ISSUANCE_RULES: IssuanceRules = {
  maxLifeMs: {
    AgentIdentityCredential: MAX_LIFE_MS,
    PrincipalIdentityCredential: MAX_LIFE_MS,
    DelegatedAuthorityCredential: MAX_LIFE_MS,
  },
  withoutRole: "anything",
};

const issuanceRules: Shape<IssuanceRules> = object<IssuanceRules>({
  maxLifeMs: object<IssuanceRules["maxLifeMs"]>({
    AgentIdentityCredential: maxLife,
    PrincipalIdentityCredential: maxLife,
    DelegatedAuthorityCredential: maxLife,
  }),
  withoutRole: choice("anything", "nothing"),
});

/** The rules as they stand. */
export async function readIssuanceRules(executor: SqlExecutor): Promise<IssuanceRules> {
  const [row] = await executor.query("SELECT rules FROM organisation");
  const rules = row?.["rules"];
  return typeof rules === "string"
    ? parseShape(issuanceRules, parseStrictJson(rules))
    : DEFAULT_ISSUANCE_RULES;
}

/**
 * Sets some of the rules; the others stay. What was issued stays as it is.
 *
 * @throws WritError of the schema.
 */
export function setIssuanceRules(
  registry: Registry,
  {
    maxLifeMs,
    withoutRole,
  }: { readonly maxLifeMs?: Partial<IssuanceRules["maxLifeMs"]> } & Partial<
    Pick<IssuanceRules, "withoutRole">
  >,
): Promise<IssuanceRules> {
  return registry.database.transaction(async (transaction) => {
    const before = await readIssuanceRules(transaction);
    const rules = parseShape(
      issuanceRules,
      asJson({
        maxLifeMs: { ...before.maxLifeMs, ...maxLifeMs },
        withoutRole: withoutRole ?? before.withoutRole,
      }),
    );
    await transaction.query("UPDATE organisation SET rules = $1", [canonicalize(asJson(rules))]);
    await recordEvent(transaction, registry, { action: "rules.set", details: { rules: asJson(rules) } });
    return rules;
  });
}

/**
 * @param lifeMs milliseconds
 * @throws WritError `ISSUANCE_RULE`.
 */
export function assertLife({ maxLifeMs }: IssuanceRules, type: OwnCredentialType, lifeMs: number): void {
  const allowed = maxLifeMs[type];
  if (lifeMs <= allowed) return;
  throw new WritError("ISSUANCE_RULE", `lives longer than the rules let a credential of this type`, {
    pointer: "/validUntil",
    asked: lifeMs,
    allowed,
    hint: "`writ rules` shows the organisation's rules.",
  });
}
