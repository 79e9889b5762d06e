import {
  evaluate,
  foldGrants,
  grants as grantsShape,
  parseShape,
  type ActionRequest,
  type Charge,
  type Facts,
  type FoldedGrant,
  type Grant,
  type JsonValue,
  type LinkGrants,
  type Problem,
} from "@writ/core";

import type { Asking } from "../../src/documents/invocation.js";
import { problemOf, WritError } from "../../src/errors/writ-error.js";
import { subjectAt } from "./credentials.js";

export const ORDERS = "did:web:orders.example";
export const BILLING = "did:web:billing.example";

/** The time of a decision, unless a test says another: a Monday, 09:00 in Berlin. */
export const NOW: number = Date.parse("2026-11-23T08:00:00Z");

/** The account of a number. */
export function accountAt(position: number): string {
  return `urn:uuid:acc00000-0000-4000-8000-${String(position).padStart(12, "0")}`;
}

/** What a test asks, and what is known of it, in one object. */
export type Asked = Partial<Asking & Facts & Pick<ActionRequest, "perspective">>;

/** The dimensions of a grant; its actions are `["do"]` unless given. */
export type Dimensions = Partial<Omit<Grant, "id" | "within">>;

/** What a problem says besides its words; a member that it lacks is `undefined`. */
export type Said = Pick<Problem, "pointer" | "link" | "dimension" | "asked" | "allowed">;

/** A chain with one grant in each link, `g0` at the root, each within the one before; all of good form. */
export function links(...chain: readonly Dimensions[]): readonly LinkGrants[] {
  return chain.map((dimensions, index) => {
    const within = index === 0 ? {} : { within: `g${String(index - 1)}` };
    const grant = { id: `g${String(index)}`, ...within, actions: ["do"], ...dimensions };
    return {
      issuer: subjectAt(index - 1),
      subject: subjectAt(index),
      grants: parseShape(grantsShape, [grant] as unknown as JsonValue),
      pointer: `/${String(index)}`,
    };
  });
}

/** The last grant of a chain, folded. */
export function fold(...chain: readonly Dimensions[]): FoldedGrant {
  return foldGrants(links(...chain))[0] as FoldedGrant;
}

/** How a chain breaks Rule B, in its order: code, link, grant, dimension, pointer, asked, allowed. */
export function violation(...chain: readonly Dimensions[]): Omit<Problem, "detail"> | undefined {
  const problem = problemOf(() => foldGrants(links(...chain)));
  if (problem === undefined) return undefined;
  return wordless(problem);
}

/** Whether the second grant lies inside the first. */
export function isInside(outer: Dimensions, inner: Dimensions): boolean {
  return violation(outer, inner) === undefined;
}

/** A violation of the second link in one dimension. */
export function wider(
  dimension: string,
  place: string,
  asked: JsonValue | undefined,
  allowed: JsonValue | undefined,
): Omit<Problem, "detail"> {
  return {
    code: "ATTENUATION_VIOLATED",
    pointer: `/1/0${place}`,
    link: 1,
    grant: "g1",
    dimension,
    ...(asked === undefined ? {} : { asked }),
    ...(allowed === undefined ? {} : { allowed }),
  };
}

/** What a service asks of the grants: action `do`, at {@link NOW}, unless given. */
export function asks({
  action = "do",
  resource,
  args,
  perspective = "service",
  ...facts
}: Asked): ActionRequest {
  const invocation = {
    action,
    ...(resource === undefined ? {} : { resource }),
    ...(args === undefined ? {} : { args }),
  };
  return { invocation, facts: { now: NOW, ...facts }, perspective };
}

/** What a folded grant is denied for. */
export function deniedBy(grant: FoldedGrant, asked: Asked): readonly Said[] {
  return evaluate(grant, asks(asked)).denials.map(said);
}

/** The denials of one grant without parents. */
export function denials(grant: Dimensions, asked: Asked): readonly Said[] {
  return deniedBy(fold(grant), asked);
}

/** The denials of a folded grant, or of one without parents, whole but for their words. */
export function denialsInFull(
  grant: Dimensions | FoldedGrant,
  asked: Asked,
): readonly Omit<Problem, "detail">[] {
  return evaluate("effective" in grant ? grant : fold(grant), asks(asked)).denials.map(wordless);
}

/** The approvals that the last grant of a chain awaits, whole but for their words. */
export function awaited(asked: Asked, ...chain: readonly Dimensions[]): readonly Omit<Problem, "detail">[] {
  return evaluate(fold(...chain), asks(asked)).approvals.map(wordless);
}

/** What the ledger must bear for the last grant of a chain. */
export function charges(asked: Asked, ...chain: readonly Dimensions[]): readonly Charge[] {
  return evaluate(fold(...chain), asks(asked)).charges;
}

/** A denial by the root's grant with a code of its own. */
export function unavailable(
  code: string,
  dimension: string,
  asked?: JsonValue,
  allowed?: JsonValue,
): Omit<Problem, "detail"> {
  return { code, grant: "g0", ...denial(dimension, "", asked, allowed) } as Omit<Problem, "detail">;
}

/** Every problem that a call refuses with, whole but for their words. */
export function problemsOf(call: () => unknown): readonly Omit<Problem, "detail">[] {
  try {
    call();
    return [];
  } catch (error) {
    if (error instanceof WritError) return error.problems.map(wordless);
    throw error;
  }
}

function wordless({ detail: _, ...rest }: Problem): Omit<Problem, "detail"> {
  return rest;
}

/** A problem without its code, grant and words. */
export function said({ pointer, link, dimension, asked, allowed }: Problem): Said {
  return {
    pointer,
    ...(link === undefined ? {} : { link }),
    ...(dimension === undefined ? {} : { dimension }),
    ...(asked === undefined ? {} : { asked }),
    ...(allowed === undefined ? {} : { allowed }),
  };
}

/** A denial by the root's grant. */
export function denial(dimension: string, pointer: string, asked?: JsonValue, allowed?: JsonValue): Said {
  return {
    pointer,
    link: 0,
    dimension,
    ...(asked === undefined ? {} : { asked }),
    ...(allowed === undefined ? {} : { allowed }),
  };
}

/** Randomness that makes this account. */
export function randomOf(account: string): () => Uint8Array {
  return () => Uint8Array.from(Buffer.from(account.replace("urn:uuid:", "").replaceAll("-", ""), "hex"));
}

/** A denial of which only the link counts. */
export function deniedAt(link: number): Problem {
  return { code: "NOT_ALLOWED", pointer: "", detail: "", link };
}
