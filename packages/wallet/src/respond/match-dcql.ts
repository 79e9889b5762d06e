import { joinPointer, type JsonObject } from "@writ/core";

import { jsonOf, typesOf, type Candidate } from "./candidate.js";
import { selectClaims, type ClaimPath } from "./claim-path.js";
import type { ClaimQuery, LdpQuery } from "./dcql-shape.js";
import type { Match } from "./request.js";

/**
 * Tells whether a credential is what a query of DCQL asks for (OpenID4VP 1.0, section 6.4): it has all types of
 * one of the alternatives, and the claims of the first set that it can meet. The query is prepared once, for
 * as many credentials as there are.
 */
export function dcqlMatcher(query: LdpQuery): (candidate: Candidate) => Match {
  const alternatives = query.meta.type_values;
  const claims = (query.claims ?? []).map(prepare);
  const sets = query.claim_sets?.map((ids) =>
    claims.filter(({ id }) => id !== undefined && ids.includes(id)),
  ) ?? [claims];
  return (candidate) => {
    const types = typesOf(candidate);
    if (!alternatives.some((all) => all.every((type) => types.includes(type)))) {
      return { matches: false, reason: "type", places: () => ["/type"] };
    }
    if (claims.length === 0) return { matches: true, claims: "all" };
    const isMet = remembering((claim: Claim) => claim.isMet(jsonOf(candidate)));
    const chosen = sets.find((set) => set.every(isMet));
    if (chosen !== undefined) return { matches: true, claims: chosen.map(({ path }) => path) };
    const isUnmet = (claim: Claim): boolean => !isMet(claim);
    return {
      matches: false,
      reason: claims.some((claim) => claim.path[0] === "issuer" && isUnmet(claim)) ? "issuer" : "claims",
      places: () => claims.filter(isUnmet).map(({ path }) => pointerTo(path)),
    };
  };
}

interface Claim {
  readonly id: string | undefined;
  readonly path: ClaimPath;
  isMet(document: JsonObject): boolean;
}

/** A claim is to be there, and of one of the values where these are named: typed, without coercion. */
function prepare({ id, path, values }: ClaimQuery): Claim {
  const expected: ReadonlySet<unknown> = new Set(values);
  return {
    id,
    path,
    isMet(document) {
      const found = selectClaims(document, path);
      return values === undefined ? found.length > 0 : found.some((value) => expected.has(value));
    },
  };
}

/** What is asked again gets the same answer, at no cost. */
function remembering<T>(isTrue: (of: T) => boolean): (of: T) => boolean {
  const known = new Map<T, boolean>();
  return (of) => {
    const answer = known.get(of) ?? isTrue(of);
    known.set(of, answer);
    return answer;
  };
}

function pointerTo(path: ClaimPath): string {
  return path.reduce<string>((pointer, component) => joinPointer(pointer, component ?? "*"), "");
}
