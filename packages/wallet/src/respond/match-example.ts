import { asJson, isJsonArray, isJsonObject, joinPointer, type JsonObject, type JsonValue } from "@writ/core";

import { issuerOf, jsonOf, type Candidate } from "./candidate.js";
import type { ClaimPath } from "./claim-path.js";
import type { Match } from "./request.js";
import type { ExampleQuery, TrustedIssuer } from "./vpr-shape.js";

/**
 * Whether a credential is like an example: it has all its contexts and types, is by an issuer that is
 * accepted, and says everything that the example says. An empty text or null stands for any value.
 */
export function matchExample(query: ExampleQuery, candidate: Candidate): Match {
  const document = jsonOf(candidate);
  const { "@context": contexts = [], type: types, issuer, ...rest } = asJson(query.example);
  if (!includesAll(document["type"], types) || !includesAll(document["@context"], contexts)) {
    return { matches: false, reason: "type", places: () => ["/type"] };
  }
  const accepted = acceptedIssuers(query);
  const isAccepted = accepted === undefined || accepted.includes(issuerOf(candidate));
  if (!isAccepted || !isIssuer(issuer, candidate)) {
    return { matches: false, reason: "issuer", places: () => ["/issuer"] };
  }
  const differs = ([name, expected]: readonly [string, JsonValue]): boolean =>
    !isLike(memberOf(document, name), expected);
  const said = Object.entries(rest);
  if (said.some(differs)) {
    const places = (): readonly string[] => said.filter(differs).map(([name]) => joinPointer("", name));
    return { matches: false, reason: "claims", places };
  }
  const { credentialSubject: subject } = rest;
  return {
    matches: true,
    claims: isJsonObject(subject) ? pathsOf(subject, ["credentialSubject"]) : "all",
  };
}

/** Whom the query names as issuers; `undefined` where it demands none of them. */
function acceptedIssuers({ trustedIssuer = [] }: ExampleQuery): readonly string[] | undefined {
  const named: readonly TrustedIssuer[] = [trustedIssuer].flat();
  if (named.every(({ required = true }) => !required)) return undefined;
  return named.flatMap(({ issuer, id }) => issuer ?? id ?? []);
}

/** An issuer in an example is a URL, or an object with one. */
function isIssuer(expected: JsonValue | undefined, candidate: Candidate): boolean {
  if (expected === undefined) return true;
  const url = isJsonObject(expected) ? (expected["id"] ?? null) : expected;
  return isLike(issuerOf(candidate), url);
}

function includesAll(actual: JsonValue | undefined, expected: JsonValue | undefined): boolean {
  const all = [actual].flat();
  return [expected].flat().every((item) => all.includes(item));
}

function memberOf(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/**
 * Whether a value says all that an example says. Of several values one is enough for each of the example's;
 * an example's single value may be one of several.
 */
function isLike(actual: JsonValue | undefined, expected: JsonValue): boolean {
  if (actual === undefined) return false;
  if (expected === "" || expected === null) return true;
  if (isJsonArray(expected)) return expected.every((each) => isLike(actual, each));
  if (isJsonArray(actual)) return actual.some((each) => isLike(each, expected));
  if (!isJsonObject(expected)) return actual === expected;
  return (
    isJsonObject(actual) &&
    Object.entries(expected).every(([name, each]) => isLike(memberOf(actual, name), each))
  );
}

/** Where the claims of an example lie. */
function pathsOf(value: JsonValue, path: ClaimPath): readonly ClaimPath[] {
  if (!isJsonObject(value) || Object.keys(value).length === 0) return [path];
  return Object.entries(value).flatMap(([name, member]) => pathsOf(member, [...path, name]));
}
