import { describe, expect, it } from "vitest";

import { createResolver } from "../../src/did/resolver.js";
import { formatTimestamp } from "../../src/documents/timestamp.js";
import type { JsonObject } from "../../src/json/json-value.js";
import type { Signer } from "../../src/keys/signer.js";
import {
  checkSignedAmong,
  checkSignedBy,
  CREATED_TOLERANCE_MS,
  type ExpectedAmong,
} from "../../src/proofs/check-signed-by.js";
import { addProof, signDocument, type AddProofOptions } from "../../src/proofs/sign-document.js";
import { SUITE_NAMES } from "../../src/proofs/suites.js";
import type { ProofVerification } from "../../src/proofs/verify-proofs.js";
import { edit, NOW, ORGANISATION, SERVICE } from "../fixtures.js";
import { PLAIN, resolver, signedWithoutCreated } from "./signed.js";

const OWN: AddProofOptions = { signer: ORGANISATION, purpose: "assertionMethod", created: NOW };
const FOREIGN: AddProofOptions = { ...OWN, signer: SERVICE };
const EXPECTED = { did: ORGANISATION.did, purpose: "assertionMethod", now: NOW } as const;
const FIRST = "urn:uuid:00000000-0000-4000-8000-000000000001";

/** The organisation under a DID whose document can say when a key ends. */
const AT_WEB: Signer = {
  did: "did:web:acme.example",
  verificationMethod: "did:web:acme.example#key-1",
  sign: (data) => ORGANISATION.sign(data),
};

/** What proofs are verified with, where that document says more of its key. */
function ending(more: object): ProofVerification {
  const { did, verificationMethod: id } = AT_WEB;
  const publicKeyMultibase = ORGANISATION.did.slice("did:key:".length);
  const method = { id, type: "Multikey", controller: did, publicKeyMultibase, ...more };
  const didDocument = { id: did, verificationMethod: [method], assertionMethod: [id] };
  const answer = { didResolutionMetadata: {}, didDocument, didDocumentMetadata: {} };
  return { resolver: createResolver({ web: () => Promise.resolve(answer) }) };
}

/** A document with these proofs, one after the other. */
async function signedBy(...proofs: readonly Partial<AddProofOptions>[]): Promise<JsonObject> {
  let document = PLAIN;
  for (const proof of proofs) document = await addProof(document, { ...OWN, ...proof });
  return document;
}

describe("checkSignedAmong", () => {
  async function refusals(
    document: JsonObject,
    expected: Partial<ExpectedAmong> = {},
  ): Promise<readonly string[]> {
    const { problems } = await checkSignedAmong(document, { ...EXPECTED, ...expected }, { resolver }, "/x");
    return problems.map(({ code, pointer }) => `${code} ${pointer}`);
  }

  describe.each(SUITE_NAMES)("of proofs by %s", (suite) => {
    it("takes the expected DID's proof, alone and beside another party's (row 44)", async () => {
      expect(await refusals(await signDocument(PLAIN, { ...OWN, suite }))).toEqual([]);
      for (const set of [
        [{ suite }, FOREIGN],
        [FOREIGN, { suite }],
      ]) {
        expect(await refusals(await signedBy(...set))).toEqual([]);
      }
    });

    it("gives nothing for another party's (row 44)", async () => {
      const expected = ["ISSUER_MISMATCH /x/proof"];
      expect(await refusals(await signDocument(PLAIN, { ...FOREIGN, suite }))).toEqual(expected);
      expect(await refusals(await signedBy({ ...FOREIGN, suite }, FOREIGN))).toEqual(expected);
    });

    it("refuses where another party's does not verify (row 43)", async () => {
      const document = await signedBy({}, { ...FOREIGN, suite });
      const altered = edit(document, { "/proof/1/created": "2026-11-23T07:59:59Z" });
      expect(await refusals(altered)).toEqual(["SIGNATURE_INVALID /x/proof/1"]);
    });

    it("takes a proof without created", async () => {
      expect(await refusals(await signedWithoutCreated(suite))).toEqual([]);
    });
  });

  it("refuses what a key signed that has expired or was revoked, whenever it signed", async () => {
    const document = await signDocument(PLAIN, { ...OWN, signer: AT_WEB });
    for (const [ends, expected] of [
      [{}, []],
      [{ expires: formatTimestamp(NOW + 1000) }, []],
      [{ expires: formatTimestamp(NOW) }, ["METHOD_NOT_AUTHORIZED /x/proof/verificationMethod"]],
      [{ revoked: formatTimestamp(NOW - 1000) }, ["METHOD_NOT_AUTHORIZED /x/proof/verificationMethod"]],
    ] as const) {
      const among = await checkSignedAmong(document, { ...EXPECTED, did: AT_WEB.did }, ending(ends), "/x");
      expect(among.problems.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual(expected);
      const by = await checkSignedBy(document, { ...EXPECTED, did: AT_WEB.did }, ending(ends), "/x");
      expect(by.problems).toEqual(among.problems);
    }
  });

  it("tells who signed, whoever that is", async () => {
    const { proofs } = await checkSignedAmong(await signedBy({}, FOREIGN), EXPECTED, { resolver });
    expect(proofs.map(({ key, pointer }) => [key.did, pointer])).toEqual([
      [ORGANISATION.did, "/proof/0"],
      [SERVICE.did, "/proof/1"],
    ]);
  });

  it("takes a chain that another party has begun, and refuses it for that party's own end", async () => {
    const chain = await signedBy({ ...FOREIGN, id: FIRST }, { previousProof: FIRST });
    expect(await refusals(chain)).toEqual([]);
    expect(
      await refusals(await signedBy({ ...FOREIGN, id: FIRST }, { ...FOREIGN, previousProof: FIRST })),
    ).toEqual(["ISSUER_MISMATCH /x/proof"]);
  });

  it("says that a holder did not sign in the words of holders (row 96)", async () => {
    expect(await refusals(await signedBy(FOREIGN), { mismatch: "HOLDER_MISMATCH" })).toEqual([
      "HOLDER_MISMATCH /x/proof",
    ]);
  });

  it.each([
    ["the start of the DID", ORGANISATION.did.slice(0, -1)],
    ["the DID in capitals", ORGANISATION.did.toUpperCase()],
    ["its verification method", ORGANISATION.verificationMethod],
    ["an empty text", ""],
  ])("compares the whole DID: not with %s", async (_, did) => {
    expect(await refusals(await signedBy({}), { did })).toEqual(["ISSUER_MISMATCH /x/proof"]);
  });

  it("takes anybody's where nobody is expected", async () => {
    const { did: _, ...anybody } = EXPECTED;
    const document = await signedBy(FOREIGN);
    expect((await checkSignedAmong(document, anybody, { resolver })).problems).toEqual([]);
    const unsigned = await checkSignedAmong(PLAIN, anybody, { resolver });
    expect(unsigned.problems).toMatchObject([{ code: "PROOF_MISSING", pointer: "/proof" }]);
  });

  const AUTHENTICATION = { purpose: "authentication" } as const;
  it.each<readonly [string, readonly Partial<AddProofOptions>[], readonly string[]]>([
    ["49 another purpose", [AUTHENTICATION], ["PROOF_PURPOSE /x/proof/0/proofPurpose"]],
    [
      "49 the right purpose in another party's proof alone",
      [FOREIGN, AUTHENTICATION],
      ["PROOF_PURPOSE /x/proof/1/proofPurpose"],
    ],
    ["49 another purpose beside the right one", [AUTHENTICATION, {}], []],
    ["49 another purpose in another party's proof", [{ ...FOREIGN, ...AUTHENTICATION }, {}], []],
  ])("on row %s", async (_, proofs, expected) => {
    expect(await refusals(await signedBy(...proofs))).toEqual(expected);
  });

  it("row 50: refuses a presentation's proof that was made for a credential", async () => {
    expect(await refusals(await signedBy({}), AUTHENTICATION)).toEqual([
      "PROOF_PURPOSE /x/proof/0/proofPurpose",
    ]);
  });

  // Every proof of a set stands for the whole document, so each has to be in time.
  it.each<readonly [string, readonly Partial<AddProofOptions>[], readonly string[]]>([
    ["59 at the tolerance", [{ created: NOW + CREATED_TOLERANCE_MS }], []],
    ["59 beyond it", [{ created: NOW + 61_000 }], ["PROOF_CREATED /x/proof/0/created"]],
    [
      "59 beyond it, another party's",
      [{}, { ...FOREIGN, created: NOW + 61_000 }],
      ["PROOF_CREATED /x/proof/1/created"],
    ],
    ["60 before its end", [{ expires: NOW + 1000 }], []],
    ["60 at its end", [{ created: NOW - 1000, expires: NOW }], ["PROOF_EXPIRED /x/proof/0/expires"]],
    [
      "60 another party's, ended",
      [{}, { ...FOREIGN, expires: NOW - 1000 }],
      ["PROOF_EXPIRED /x/proof/1/expires"],
    ],
    ["60 one of two, ended", [{ expires: NOW - 1000 }, {}], ["PROOF_EXPIRED /x/proof/0/expires"]],
  ])("on row %s", async (_, proofs, expected) => {
    expect(await refusals(await signedBy(...proofs))).toEqual(expected);
  });

  it("says everything that is wrong with proofs before it asks whose they are", async () => {
    const document = await signedBy({ ...FOREIGN, expires: NOW - 1000 }, FOREIGN);
    const altered = edit(document, { "/proof/1/challenge": "c" });
    expect(await refusals(altered)).toEqual([
      "SIGNATURE_INVALID /x/proof/1",
      "PROOF_EXPIRED /x/proof/0/expires",
    ]);
  });

  it("refuses a chain that is none (row 46)", async () => {
    const altered = edit(await signedBy({}), { "/proof/0/previousProof": FIRST });
    expect(await refusals(altered)).toEqual(["PROOF_CHAIN_INVALID /x/proof/0/previousProof"]);
  });
});

describe("checkSignedBy, of sets", () => {
  async function refusals(...proofs: readonly Partial<AddProofOptions>[]): Promise<readonly string[]> {
    const { problems } = await checkSignedBy(await signedBy(...proofs), EXPECTED, { resolver }, "/x");
    return problems.map(({ code, pointer }) => `${code} ${pointer}`);
  }

  it("takes several by the one DID, of every suite and in a chain", async () => {
    expect(await refusals(...SUITE_NAMES.map((suite) => ({ suite })))).toEqual([]);
    expect(await refusals({ id: FIRST }, { previousProof: FIRST, suite: "eddsa-rdfc-2022" })).toEqual([]);
  });

  it.each<readonly [string, readonly Partial<AddProofOptions>[], readonly string[]]>([
    ["44 another party's, before it", [FOREIGN, {}], ["ISSUER_MISMATCH /x/proof/0/verificationMethod"]],
    [
      "44 another party's, that it follows on",
      [{ ...FOREIGN, id: FIRST }, { previousProof: FIRST }],
      ["ISSUER_MISMATCH /x/proof/0/verificationMethod"],
    ],
    [
      "49 another purpose in one",
      [{}, { purpose: "authentication" }],
      ["PROOF_PURPOSE /x/proof/1/proofPurpose"],
    ],
    ["59 one in the future", [{}, { created: NOW + 61_000 }], ["PROOF_CREATED /x/proof/1/created"]],
    ["60 one that has ended", [{ expires: NOW - 1000 }, {}], ["PROOF_EXPIRED /x/proof/0/expires"]],
    [
      "49 and 60, each in its place",
      [{ purpose: "authentication" }, { expires: NOW - 1000, suite: "eddsa-rdfc-2022" }],
      ["PROOF_PURPOSE /x/proof/0/proofPurpose", "PROOF_EXPIRED /x/proof/1/expires"],
    ],
  ])("refuses row %s", async (_, proofs, expected) => {
    expect(await refusals(...proofs)).toEqual(expected);
  });

  it("refuses where one of several does not verify (row 43)", async () => {
    const altered = edit(await signedBy({}, { suite: "eddsa-rdfc-2022" }), { "/proof/1/nonce": "n" });
    const { proofs, problems } = await checkSignedBy(altered, EXPECTED, { resolver });
    expect(problems).toMatchObject([{ code: "SIGNATURE_INVALID", pointer: "/proof/1" }]);
    expect(proofs).toMatchObject([{ pointer: "/proof/0" }]);
  });
});
