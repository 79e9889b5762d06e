import { codeOf, codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { assertGenericProfile } from "../../src/documents/generic-profile.js";
import type { JsonObject } from "../../src/json/json-value.js";
import {
  assertTermsDefined,
  canonicalizeEd25519Signature2020,
  canonicalizeEddsaRdfc2022,
} from "../../src/jsonld/canonicalize-rdf.js";
import { CREDENTIALS_EXAMPLES_V2 } from "../../src/jsonld/context-addresses.js";
import { signDocument } from "../../src/proofs/sign-document.js";
import { SUITE_NAMES } from "../../src/proofs/suites.js";
import { edit, NOW, ORGANISATION } from "../fixtures.js";
import { faults, PLAIN } from "../proofs/signed.js";

const SIGNING = { signer: ORGANISATION, purpose: "assertionMethod", created: NOW } as const;
/** The contexts of every suite, and any other term. */
const OPEN: JsonObject = edit(PLAIN, {
  "/@context": [...(PLAIN["@context"] as readonly string[]), CREDENTIALS_EXAMPLES_V2],
});

/** So many blank nodes, each of which knows all the others. */
function clique(size: number): readonly JsonObject[] {
  const nodes = Array.from({ length: size }, (_, index) => `_:b${String(index)}`);
  return nodes.map((id) => ({
    id,
    knows: nodes.filter((other) => other !== id).map((other) => ({ id: other })),
  }));
}

/** So many objects that are alike, in arrays that are not too long. */
function alike(count: number, object: JsonObject): JsonObject {
  const part = Array.from({ length: count / 10 }, () => object);
  return edit(
    OPEN,
    Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`/part${String(index)}`, part])),
  );
}

describe.each([
  ["eddsa-rdfc-2022", canonicalizeEddsaRdfc2022],
  ["Ed25519Signature2020", canonicalizeEd25519Signature2020],
] as const)("%s", (suite, canonicalize) => {
  it("row 37: neither signs nor verifies a clique of ten blank nodes", async () => {
    const document = edit(OPEN, { "/members": clique(10) });
    expect(await codeOfAsync(() => signDocument(document, { ...SIGNING, suite }))).toBe("CANON_LIMIT");
    const signed = await signDocument(OPEN, { ...SIGNING, suite });
    expect(await faults(edit(signed, { "/members": clique(10) }))).toEqual(["CANON_LIMIT /proof"]);
  });

  it("row 39: 2,000 blank nodes that are alike are within its limits, and outside the profile", async () => {
    const document = alike(2000, { note: "n" });
    const canonical = await canonicalize(document);
    expect(canonical.match(/"n"/g)).toHaveLength(2000);
    expect(
      codeOf(() => {
        assertGenericProfile(document, { examples: "allowed" });
      }),
    ).toBe("DUPLICATE_ITEM");
  });

  it("row 39: 2,000 that are alike and hold others that are alike are beyond them", async () => {
    const document = alike(2000, { of: [{ note: "n" }, { note: "n" }, { note: "n" }] });
    expect(await codeOfAsync(() => canonicalize(document))).toBe("CANON_LIMIT");
  });

  it("keeps directions, and languages", async () => {
    const name = { "@value": "שלום", "@language": "he", "@direction": "rtl" };
    expect(await canonicalize(edit(PLAIN, { "/name": name }))).toContain(
      '"שלום"^^<https://www.w3.org/ns/i18n#he_rtl>',
    );
  });
});

describe.each(SUITE_NAMES)("under %s, a document with a direction", (suite) => {
  it("is signed with it", async () => {
    const name = { "@value": "שלום", "@language": "he", "@direction": "rtl" };
    const signed = await signDocument(edit(PLAIN, { "/name": name }), { ...SIGNING, suite });
    expect(await faults(signed)).toEqual([]);
    expect(await faults(edit(signed, { "/name/@direction": "ltr" }))).toEqual(["SIGNATURE_INVALID /proof"]);
  });
});

describe("assertTermsDefined", () => {
  it("takes what every context defines", async () => {
    await expect(assertTermsDefined(PLAIN)).resolves.toBeUndefined();
  });

  it.each<readonly [string, Readonly<Record<string, unknown>>, string]>([
    ["a term without definition", { "/extra": 1 }, "JSON_LD_INVALID"],
    ["one deep inside", { "/credentialSubject/extra": { a: 1 } }, "JSON_LD_INVALID"],
    ["a type without definition", { "/type/1": "Extra" }, "JSON_LD_INVALID"],
    ["an unknown context", { "/@context/2": "https://x.example/" }, "CONTEXT_NOT_ALLOWED"],
  ])("refuses %s", async (_, changes, code) => {
    expect(await codeOfAsync(() => assertTermsDefined(edit(PLAIN, changes)))).toBe(code);
  });
});
