import { refusalOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { ED25519_2020_V1 } from "../../src/jsonld/context-addresses.js";
import { parseDocument } from "../../src/documents/parse-document.js";
import { presentation } from "../../src/documents/presentation.js";
import type { JsonObject } from "../../src/json/json-value.js";
import { addProof, signDocument, type AddProofOptions } from "../../src/proofs/sign-document.js";
import { SUITE_NAMES, type SuiteName } from "../../src/proofs/suites.js";
import { edit, NOW, ORGANISATION, PRESENTATION } from "../fixtures.js";
import { faults } from "../proofs/signed.js";
import { VALID } from "./valid.js";

const SIGNING: AddProofOptions = { signer: ORGANISATION, purpose: "assertionMethod", created: NOW };
const DATA_INTEGRITY = ["eddsa-jcs-2022", "eddsa-rdfc-2022"] as const;

const contextsOf = (document: JsonObject): readonly string[] => document["@context"] as readonly string[];
const withSuite = (document: JsonObject): JsonObject =>
  edit(document, { "/@context": [...contextsOf(document), ED25519_2020_V1] });
const notAllowed = (pointer: string): object => ({ code: "CONTEXT_NOT_ALLOWED", pointer });

/** A document with a proof of each of these suites. */
async function signedBy(document: JsonObject, ...suites: readonly SuiteName[]): Promise<JsonObject> {
  let signed = suites.includes("Ed25519Signature2020") ? withSuite(document) : document;
  for (const suite of suites) signed = await addProof(signed, { ...SIGNING, suite });
  return signed;
}

/** DESIGN 2: the suite's context is there exactly where such a proof is. */
describe.each(VALID)("the contexts of a signed document: $name", ({ document, shape }) => {
  const parse = (signed: JsonObject) => (): unknown => parseDocument(signed, shape);

  it.each(DATA_INTEGRITY)("have no chain of proofs by %s below them", async (suite) => {
    const first = await signDocument(document, { ...SIGNING, suite, id: "urn:proof:1" });
    expect(parse(first)()).toBe(first);
    const second = await addProof(first, { ...SIGNING, suite, previousProof: "urn:proof:1" });
    expect(await faults(second)).toEqual([]);
    expect(refusalOf(parse(second))).toEqual({
      code: "PROOF_CHAIN_INVALID",
      pointer: "/proof/1/previousProof",
    });
  });

  it.each(SUITE_NAMES)("fit a proof by %s", async (suite) => {
    const signed = await signDocument(document, { ...SIGNING, suite });
    expect(parse(signed)()).toBe(signed);
    const added = suite === "Ed25519Signature2020" ? [ED25519_2020_V1] : [];
    expect(signed["@context"]).toEqual([...contextsOf(document), ...added]);
    expect(await faults(signed)).toEqual([]);
  });

  it.each<readonly [string, readonly SuiteName[]]>([
    ["two suites without a context of their own", DATA_INTEGRITY],
    ["all suites", SUITE_NAMES],
    ["all suites, the one with the context first", [...SUITE_NAMES].reverse()],
  ])("fit a set of %s", async (_, suites) => {
    const signed = await signedBy(document, ...suites);
    expect(parse(signed)()).toBe(signed);
    expect(await faults(signed)).toEqual([]);
  });

  it.each(DATA_INTEGRITY)("have no room for the suite's beside a proof by %s alone", async (suite) => {
    const signed = await signDocument(withSuite(document), { ...SIGNING, suite });
    expect(await faults(signed)).toEqual([]);
    expect(refusalOf(parse(signed))).toEqual(notAllowed("/@context"));
  });

  it("do not fit when the one proof that they were for is taken away", async () => {
    const signed = await signedBy(document, "Ed25519Signature2020", ...DATA_INTEGRITY);
    const left = (signed["proof"] as readonly JsonObject[]).slice(1);
    expect(await faults(edit(signed, { "/proof": left }))).toEqual([]);
    expect(refusalOf(parse(edit(signed, { "/proof": left })))).toEqual(notAllowed("/@context"));
  });

  it("do not fit without the suite's", async () => {
    const signed = await signDocument(document, { ...SIGNING, suite: "Ed25519Signature2020" });
    const bare = edit(signed, { "/@context": contextsOf(document) });
    expect(refusalOf(parse(bare))).toEqual(notAllowed("/@context"));
  });

  it.each([
    ["before the others", (contexts: readonly string[]) => [ED25519_2020_V1, ...contexts]],
    ["twice", (contexts: readonly string[]) => [...contexts, ED25519_2020_V1, ED25519_2020_V1]],
    ["alone", () => [ED25519_2020_V1]],
  ])("have the suite's at their end: not %s (row 28)", async (_, change) => {
    const signed = await signDocument(document, { ...SIGNING, suite: "Ed25519Signature2020" });
    const moved = edit(signed, { "/@context": change(contextsOf(document)) });
    expect(refusalOf(parse(moved))).toEqual(notAllowed("/@context"));
  });

  it("are repeated whole by a JCS proof beside such a proof (row 62)", async () => {
    const first = await signDocument(document, SIGNING);
    const signed = await addProof(withSuite(first), { ...SIGNING, suite: "Ed25519Signature2020" });
    // The earlier signature stays good: its contexts are those with which the document's begin.
    expect(await faults(signed)).toEqual([]);
    expect(refusalOf(parse(signed))).toEqual(notAllowed("/proof/0/@context"));
  });
});

describe("the contexts in a presentation", () => {
  const credentials = PRESENTATION["verifiableCredential"] as readonly JsonObject[];

  async function holding(
    outer: SuiteName,
    inner: (credential: JsonObject) => Promise<JsonObject>,
  ): Promise<JsonObject> {
    const held = await Promise.all(credentials.map(inner));
    const unsigned = edit(PRESENTATION, { "/verifiableCredential": held });
    return signDocument(unsigned, { ...SIGNING, purpose: "authentication", suite: outer });
  }

  it.each(SUITE_NAMES.flatMap((outer) => SUITE_NAMES.map((inner) => [outer, inner] as const)))(
    "are those of each document's own suite: %s around %s",
    async (outer, suite) => {
      const signed = await holding(outer, (credential) => signDocument(credential, { ...SIGNING, suite }));
      expect(parseDocument(signed, presentation)).toBe(signed);
      expect(await faults(signed)).toEqual([]);
      const held = signed["verifiableCredential"] as readonly JsonObject[];
      expect(await Promise.all(held.map(faults))).toEqual(held.map(() => []));
    },
  );

  it.each(SUITE_NAMES)("are not those of another's: %s around a context without proof", async (outer) => {
    const signed = await holding(outer, (credential) => signDocument(withSuite(credential), SIGNING));
    expect(refusalOf(() => parseDocument(signed, presentation))).toEqual(
      notAllowed("/verifiableCredential/0/@context"),
    );
  });

  it("are not the presentation's: a proof of the suite in a credential without its context", async () => {
    const signed = await holding("Ed25519Signature2020", (credential) =>
      signDocument(credential, { ...SIGNING, suite: "Ed25519Signature2020" }),
    );
    const bare = edit(signed, { "/verifiableCredential/2/@context": contextsOf(PRESENTATION) });
    expect(refusalOf(() => parseDocument(bare, presentation))).toEqual(
      notAllowed("/verifiableCredential/2/@context"),
    );
  });
});
