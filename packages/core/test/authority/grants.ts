import {
  evaluate,
  foldGrants,
  grants as grantsShape,
  parseShape,
  type ActionRequest,
  type FoldedGrant,
  type Grant,
  type JsonValue,
  type LinkGrants,
  type Problem,
} from "@writ/core";

import { problemOf } from "../../src/errors/writ-error.js";

export const ORDERS = "did:web:orders.example";
export const BILLING = "did:web:billing.example";

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
  const { detail: _, ...rest } = problem;
  return rest;
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

/** What a service asks of the grants: action `do`, unless given. */
export function asks(request: Partial<ActionRequest>): ActionRequest {
  return { action: "do", perspective: "service", ...request };
}

/** The denials of one grant without parents. */
export function denials(grant: Dimensions, request: Partial<ActionRequest>): readonly Said[] {
  return evaluate(fold(grant), asks(request)).map(said);
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
