import {
  checkSignedByEach,
  createResolver,
  parseDocument,
  parseStrictJsonObject,
  parseTimestamp,
  refusal,
  relocate,
  successionStatement,
  systemClock,
  WritError,
  type Clock,
  type JsonObject,
  type JsonText,
  type ProofVerification,
  type SuccessionStatement,
} from "@writ/core";

import { succeed } from "./succeed.js";
import { trustOf, type TrustPolicy } from "./trust-policy.js";

/** What statements of succession are verified with. */
export interface SuccessionOptions extends Partial<ProofVerification> {
  /** The machine's unless given; asked once. */
  readonly clock?: Clock;
}

/** A statement, the JSON that is signed, and where it stands among those that were given. */
interface Stated {
  readonly statement: SuccessionStatement;
  readonly json: JsonObject;
  readonly pointer: string;
}

/**
 * A trust policy after organisations have changed their keys (DESIGN 4.8). Each statement is signed by
 * both keys, and its predecessor is trusted: in the policy, or by another statement. The successor then
 * has all that the predecessor had, and may speak in its name as a principal; the predecessor signs
 * status lists only. Statements may be given in any order.
 *
 * @throws WritError, with a pointer that begins with the position of the statement: `SUCCESSION_INVALID`
 *   where two statements have one predecessor or they lead in a circle, `ISSUER_UNTRUSTED`,
 *   `NOT_YET_VALID`, `ISSUER_MISMATCH`, `PROOF_MISSING` and the other codes of proofs, and those of strict
 *   JSON, the profile and the schema; `ARGUMENT_INVALID` where the policy was made by hand.
 */
export async function withSuccessions(
  policy: TrustPolicy,
  statements: readonly JsonText[],
  options: SuccessionOptions = {},
): Promise<TrustPolicy> {
  trustOf(policy);
  const { clock = systemClock } = options;
  const now = clock();
  let after = policy;
  for (const stated of inOrder(statements.map(parseStated))) {
    try {
      await verifyStated(stated, after, now, options);
    } catch (error) {
      throw relocate(error, stated.pointer);
    }
    after = succeed(after, stated.statement);
  }
  return after;
}

function parseStated(text: JsonText, index: number): Stated {
  const pointer = `/${String(index)}`;
  try {
    const json = parseStrictJsonObject(text);
    return { json, statement: parseDocument(json, successionStatement), pointer };
  } catch (error) {
    throw relocate(error, pointer);
  }
}

/** Each statement after those that lead to its predecessor. */
function inOrder(given: readonly Stated[]): readonly Stated[] {
  const ordered: Stated[] = [];
  let left = given;
  for (const { statement, pointer } of given) {
    const [first] = given.filter((other) => other.statement.predecessor === statement.predecessor);
    if (first?.pointer === pointer) continue;
    const detail = "another statement has the same predecessor";
    throw new WritError("SUCCESSION_INVALID", detail, { pointer: `${pointer}/predecessor` });
  }
  while (left.length > 0) {
    const successors = new Set(left.map(({ statement }) => statement.successor));
    const next = left.filter(({ statement }) => !successors.has(statement.predecessor));
    if (next.length === 0) {
      const pointer = `${left[0]?.pointer ?? ""}/successor`;
      throw new WritError("SUCCESSION_INVALID", "the statements lead in a circle", { pointer });
    }
    ordered.push(...next);
    left = left.filter((stated) => !next.includes(stated));
  }
  return ordered;
}

async function verifyStated(
  { statement, json }: Stated,
  policy: TrustPolicy,
  now: number,
  { resolver = createResolver(), engine, signatures }: SuccessionOptions,
): Promise<void> {
  const { predecessor, successor, validFrom } = statement;
  const trust = trustOf(policy);
  if (!trust.isIdentityIssuer(predecessor) && !trust.isAuthorityRoot(predecessor)) {
    throw new WritError("ISSUER_UNTRUSTED", "the predecessor is not trusted", { pointer: "/predecessor" });
  }
  if (!(now >= parseTimestamp(validFrom))) {
    throw new WritError("NOT_YET_VALID", `valid from ${validFrom}`, { pointer: "/validFrom" });
  }
  const [problem] = await checkSignedByEach(
    json,
    // In this order: the predecessor is trusted, and the successor resolved once it has signed for it.
    { dids: [predecessor, successor], purpose: "assertionMethod", now },
    {
      resolver,
      ...(engine === undefined ? {} : { engine }),
      ...(signatures === undefined ? {} : { signatures }),
    },
  );
  if (problem !== undefined) throw refusal(problem);
}
