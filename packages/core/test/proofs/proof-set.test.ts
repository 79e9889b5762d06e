import { refusalOf, refusalOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import type { JsonObject } from "../../src/json/json-value.js";
import { parseProofSet } from "../../src/proofs/proof-set.js";
import { addProof, signDocument, type AddProofOptions } from "../../src/proofs/sign-document.js";
import { SUITE_NAMES, type SuiteName } from "../../src/proofs/suites.js";
import { edit, NOW, ORGANISATION, SERVICE } from "../fixtures.js";
import { faults, PLAIN } from "./signed.js";

const BY_ORGANISATION: AddProofOptions = { signer: ORGANISATION, purpose: "assertionMethod", created: NOW };
const BY_SERVICE: AddProofOptions = { ...BY_ORGANISATION, signer: SERVICE };
const FIRST = "urn:uuid:00000000-0000-4000-8000-000000000001";
const OTHER = "urn:uuid:00000000-0000-4000-8000-000000000002";

/** Ed25519Signature2020 has no term for `previousProof`. */
const CHAINING: readonly SuiteName[] = ["eddsa-jcs-2022", "eddsa-rdfc-2022"];
const PAIRS = SUITE_NAMES.flatMap((first) => SUITE_NAMES.map((second) => [first, second] as const));
const CHAINS = SUITE_NAMES.flatMap((first) => CHAINING.map((second) => [first, second] as const));

function proofsIn(document: object): readonly JsonObject[] {
  return (document as { readonly proof: readonly JsonObject[] }).proof;
}

describe.each(PAIRS)("a set of %s and %s", (first, second) => {
  const set = async (): Promise<JsonObject> =>
    addProof(await signDocument(PLAIN, { ...BY_SERVICE, suite: first }), {
      ...BY_ORGANISATION,
      suite: second,
    });

  it("verifies, in either order, and each alone", async () => {
    const document = await set();
    const [one = {}, two = {}] = proofsIn(document);
    for (const proof of [[one, two], [two, one], [one], two]) {
      expect(await faults(edit(document, { "/proof": proof }))).toEqual([]);
    }
  });

  it("is refused where one is bad, which is named (row 43)", async () => {
    const document = await set();
    const { proof: other } = await signDocument(edit(PLAIN, { "/issuer": SERVICE.did }), {
      ...BY_SERVICE,
      suite: first,
    });
    for (const place of ["/proof/0", "/proof/1"]) {
      expect(await faults(edit(document, { [place]: other }))).toEqual([`SIGNATURE_INVALID ${place}`]);
    }
  });
});

describe.each(CHAINS)("a chain of %s by another party, then %s", (first, second) => {
  const started = (created = NOW): Promise<JsonObject> =>
    signDocument(PLAIN, { ...BY_SERVICE, created, suite: first, id: FIRST });
  const chain = async (): Promise<JsonObject> =>
    addProof(await started(), { ...BY_ORGANISATION, suite: second, previousProof: FIRST });

  it("verifies, in either order", async () => {
    const document = await chain();
    expect(proofsIn(document)).toMatchObject([{ id: FIRST }, { previousProof: FIRST }]);
    expect(await faults(document)).toEqual([]);
    expect(await faults(edit(document, { "/proof": [...proofsIn(document)].reverse() }))).toEqual([]);
  });

  it("is refused without its first proof (row 46)", async () => {
    const document = await chain();
    expect(await faults(edit(document, { "/proof": proofsIn(document)[1] }))).toEqual([
      "PROOF_CHAIN_INVALID /proof/previousProof",
    ]);
  });

  it("is refused with another good proof in the first one's place", async () => {
    const document = edit(await chain(), { "/proof/0": (await started(NOW + 1000))["proof"] });
    expect(await faults(document)).toEqual(["SIGNATURE_INVALID /proof/1"]);
  });

  it("says of an altered first proof that both are bad", async () => {
    const document = edit(await chain(), { "/proof/0/created": "2026-11-23T08:00:01Z" });
    expect(await faults(document)).toEqual(["SIGNATURE_INVALID /proof/0", "SIGNATURE_INVALID /proof/1"]);
  });

  it("is refused as a set, where the link is taken away", async () => {
    const document = edit(await chain(), { "/proof/1/previousProof": undefined });
    expect(await faults(document)).toEqual(["SIGNATURE_INVALID /proof/1"]);
  });

  it("is refused where a set is made a chain", async () => {
    const document = await addProof(await started(), { ...BY_ORGANISATION, suite: second });
    expect(await faults(edit(document, { "/proof/1/previousProof": FIRST }))).toEqual([
      "SIGNATURE_INVALID /proof/1",
    ]);
  });
});

describe.each(SUITE_NAMES)("an Ed25519Signature2020 that follows on %s", (first) => {
  it("is neither signed nor verified, because nothing would say so in RDF", async () => {
    const start = await signDocument(PLAIN, { ...BY_SERVICE, suite: first, id: FIRST });
    const more = { ...BY_ORGANISATION, suite: "Ed25519Signature2020" } as const;
    expect((await refusalOfAsync(() => addProof(start, { ...more, previousProof: FIRST }))).code).toBe(
      "JSON_LD_INVALID",
    );
    const made = edit(await addProof(start, more), { "/proof/1/previousProof": FIRST });
    expect(await faults(made)).toEqual(["JSON_LD_INVALID /proof/1"]);
  });
});

describe.each(SUITE_NAMES)("proofs by %s", (suite) => {
  /** Two good proofs, with other values in their members. */
  async function altered(changes: Readonly<Record<string, unknown>>): Promise<unknown> {
    const first = await signDocument(PLAIN, { ...BY_SERVICE, suite, id: FIRST });
    return faults(edit(await addProof(first, { ...BY_ORGANISATION, suite, id: OTHER }), changes));
  }

  it.each<readonly [string, Readonly<Record<string, unknown>>, string]>([
    [
      "46 one that follows on what is not there",
      { "/proof/1/previousProof": "urn:x" },
      "/proof/1/previousProof",
    ],
    [
      "46 one of two that are not there",
      { "/proof/1/previousProof": [FIRST, "urn:x"] },
      "/proof/1/previousProof",
    ],
    ["46 one that follows on itself", { "/proof/1/previousProof": OTHER }, "/proof/1/previousProof"],
    [
      "46 a circle of two",
      { "/proof/0/previousProof": OTHER, "/proof/1/previousProof": [FIRST] },
      "/proof/0/previousProof",
    ],
    ["47 two of one id", { "/proof/1/id": FIRST }, "/proof/1/id"],
  ])("row %s: refused before any signature is looked at", async (_, changes, pointer) => {
    expect(await altered(changes)).toEqual([`PROOF_CHAIN_INVALID ${pointer}`]);
  });

  it.each<readonly [string, Readonly<Record<string, unknown>>, string]>([
    ["61 another member", { "/proof/1/note": "n" }, "SCHEMA_INVALID /proof/1/note"],
    ["61 a type more", { "/proof/1/type": ["DataIntegrityProof"] }, "SCHEMA_INVALID /proof/1/type"],
    ["61 no id", { "/proof/1/id": "no-uri" }, "SCHEMA_INVALID /proof/1/id"],
    [
      "61 an empty list of previous proofs",
      { "/proof/1/previousProof": [] },
      "ARRAY_EMPTY /proof/1/previousProof",
    ],
    [
      "61 a previous proof twice",
      { "/proof/1/previousProof": [FIRST, FIRST] },
      "DUPLICATE_ITEM /proof/1/previousProof/1",
    ],
    [
      "62 contexts in another order",
      { "/proof/1/@context": [...(PLAIN["@context"] as readonly string[])].reverse() },
      suite === "eddsa-jcs-2022" ? "CONTEXT_NOT_ALLOWED /proof/1" : "CONTEXT_NOT_ALLOWED /proof/1/@context",
    ],
  ])("row %s: refused", async (_, changes, fault) => {
    expect(await altered(changes)).toEqual([fault]);
  });

  it("row 48: eight verify, nine are refused unread", async () => {
    const { proof } = await signDocument(PLAIN, { ...BY_SERVICE, suite });
    const eight = Array.from({ length: 8 }, () => proof);
    expect(await faults(edit(PLAIN, { "/proof": eight }))).toEqual([]);
    expect(await faults(edit(PLAIN, { "/proof": [...eight, "x"] }))).toEqual(["TOO_MANY_ITEMS /proof"]);
    const full = edit(PLAIN, { "/proof": eight });
    const ninth = refusalOfAsync(() => addProof(full, { ...BY_ORGANISATION, suite }));
    expect((await ninth).code).toBe("TOO_MANY_ITEMS");
  });
});

describe("parseProofSet", () => {
  /** A proof of an id that follows on others; nothing is signed. */
  const proof = (id: string, ...previous: readonly string[]): JsonObject => ({
    id: `urn:${id}`,
    type: "Ed25519Signature2020",
    verificationMethod: "did:a:b#c",
    proofPurpose: "assertionMethod",
    proofValue: "z1",
    ...(previous.length === 0 ? {} : { previousProof: previous.map((other) => `urn:${other}`) }),
  });

  it.each<readonly [string, readonly JsonObject[], string]>([
    ["of two", [proof("a", "b"), proof("b", "a")], "/p/proof/0/previousProof"],
    ["of three", [proof("a", "b"), proof("b", "c"), proof("c", "a")], "/p/proof/0/previousProof"],
    ["behind a good proof", [proof("x"), proof("a", "x", "b"), proof("b", "a")], "/p/proof/1/previousProof"],
    [
      "that another follows on",
      [proof("a", "b"), proof("b", "a"), proof("x", "a")],
      "/p/proof/0/previousProof",
    ],
    ["of one among others", [proof("x"), proof("a", "x", "a")], "/p/proof/1/previousProof"],
  ])("refuses a circle %s (row 46)", (_, set, pointer) => {
    expect(refusalOf(() => parseProofSet({ proof: set }, "/p"))).toEqual({
      code: "PROOF_CHAIN_INVALID",
      pointer,
    });
  });

  it("takes two ways to one proof, and gives to each what it follows on directly", () => {
    const [a, b, c, d] = [proof("a", "b", "c"), proof("b", "d"), proof("c", "d"), proof("d")];
    const set = parseProofSet({ proof: [a, b, c, d] });
    expect(set.map(({ previous }) => previous)).toEqual([[b, c], [d], [d], []]);
    expect(set.map(({ pointer }) => pointer)).toEqual(["/proof/0", "/proof/1", "/proof/2", "/proof/3"]);
  });
});
