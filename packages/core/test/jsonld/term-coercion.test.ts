import { describe, expect, it } from "vitest";

import { CREDENTIALS_V1, CREDENTIALS_V2 } from "../../src/jsonld/context-addresses.js";
import { PINNED_CONTEXTS } from "../../src/jsonld/pinned-contexts.js";
import { coercionsOf } from "../../src/jsonld/term-coercion.js";

describe("coercionsOf", () => {
  it.each<readonly [string, string, string | undefined]>([
    [CREDENTIALS_V2, "issuer", "iri"],
    [CREDENTIALS_V2, "kid", "iri"],
    [CREDENTIALS_V2, "proofPurpose", "vocabulary"],
    [CREDENTIALS_V2, "authentication", "iri"],
    [CREDENTIALS_V2, "statusSize", "number"],
    [CREDENTIALS_V2, "exp", "number"],
    [CREDENTIALS_V2, "validUntil", "text"],
    [CREDENTIALS_V2, "digestMultibase", "text"],
    [CREDENTIALS_V2, "jsonSchema", undefined],
    [CREDENTIALS_V2, "name", undefined],
    [CREDENTIALS_V2, "statusMessage", undefined],
    [CREDENTIALS_V2, "expirationDate", undefined],
    [CREDENTIALS_V1, "expirationDate", "text"],
    ["https://t.example/", "issuer", undefined],
  ])("in %s, %s: %s", (url, term, coercion) => {
    expect(coercionsOf(url).get(term)).toBe(coercion);
  });

  it("does not depend on where a term is defined", () => {
    const found = new Map<string, Set<string>>();
    for (const url of PINNED_CONTEXTS.keys()) {
      for (const [term, coercion] of coercionsOf(url)) {
        found.set(term, (found.get(term) ?? new Set()).add(coercion));
      }
    }
    expect([...found].filter(([, coercions]) => coercions.size > 1)).toEqual([]);
  });
});
