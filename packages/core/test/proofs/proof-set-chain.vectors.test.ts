import { describeVectors } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { parseTimestamp } from "../../src/documents/timestamp.js";
import { isJsonArray, omit, type JsonObject } from "../../src/json/json-value.js";
import { parseProofSet } from "../../src/proofs/proof-set.js";
import { addProof, signDocument, type AddProofOptions } from "../../src/proofs/sign-document.js";
import { edit } from "../fixtures.js";
import { socketsOpenedBy } from "../sockets.js";
import { publishedJson, publishedSigner } from "./published.js";
import { faults } from "./signed.js";

const published = (file: string): JsonObject => publishedJson("proof-set-chain", `${file}.json`);

describeVectors("vc-di-eddsa, proof sets and chains", () => {
  const unsigned = published("unsigned");
  const keyPairs = published("multiKeyPairs");
  const documents = {
    set1: published("signedProofSet1"),
    set2: published("signedProofSet2"),
    chain1: published("signedProofChain1"),
    chain2: published("signedProofChain2"),
  };
  const { chain2 } = documents;
  const proofs = chain2["proof"] as readonly JsonObject[];

  /** What a published configuration asks to be signed, with the key of a number. */
  function signing(file: string, key: 1 | 2 | 3 | 4): AddProofOptions {
    const { id, created, previousProof } = published(file) as {
      readonly id?: string;
      readonly created: string;
      readonly previousProof?: string | readonly string[];
    };
    return {
      signer: publishedSigner(keyPairs[`keyPair${String(key)}`] as JsonObject),
      purpose: "assertionMethod",
      created: parseTimestamp(created),
      suite: "eddsa-rdfc-2022",
      ...(id === undefined ? {} : { id }),
      ...(previousProof === undefined ? {} : { previousProof }),
    };
  }

  it("signs the published documents, one proof after the other", async () => {
    const set1 = await signDocument(unsigned, signing("proofSetConfig1", 1));
    expect(set1).toEqual(documents.set1);
    const set2 = await addProof(set1, signing("proofSetConfig2", 2));
    expect(set2).toEqual(documents.set2);
    const chain1 = await addProof(set2, signing("proofChainConfig1", 3));
    expect(chain1).toEqual(documents.chain1);
    expect(await addProof(chain1, signing("proofChainConfig2", 4))).toEqual(chain2);
  });

  it.each([
    ["proofSetConfig", 1, 0],
    ["proofSetConfig", 2, 1],
    ["proofChainConfig", 1, 2],
    ["proofChainConfig", 2, 3],
  ] as const)("has the proof of %s%i", (file, number, index) => {
    const proof = proofs[index] ?? {};
    expect(proof).toEqual(published(`${file}Signed${String(number)}`));
    expect(omit(proof, "proofValue")).toEqual(published(`${file}${String(number)}`));
  });

  it.each([
    ["proofChainTempDoc1", 2],
    ["proofChainTempDoc2", 3],
  ] as const)("signs what %s holds with a proof that follows on others", (file, index) => {
    const previous = parseProofSet(chain2)[index]?.previous;
    expect({ ...unsigned, proof: previous }).toEqual(published(file));
  });

  it.each(Object.entries(documents))("verifies %s", async (_, document) => {
    expect(await faults(document)).toEqual([]);
  });

  describe("a chain of four proofs", () => {
    const [first = {}, second = {}, third = {}, fourth = {}] = proofs;
    const link = "/previousProof";

    it.each<readonly [string, readonly JsonObject[], readonly string[]]>([
      ["its first proof", [second, third, fourth], [`PROOF_CHAIN_INVALID /proof/1${link}`]],
      ["its second proof", [first, third, fourth], [`PROOF_CHAIN_INVALID /proof/1${link}`]],
      ["the link in its midst", [first, second, fourth], [`PROOF_CHAIN_INVALID /proof/2${link}`]],
      ["all that its end follows on", [fourth], [`PROOF_CHAIN_INVALID /proof/0${link}`]],
      // Nothing follows on it: who must have signed is for the caller to say (row 45).
      ["its last proof", [first, second, third], []],
    ])("without %s", async (_, left, expected) => {
      expect(await faults(edit(chain2, { "/proof": left }))).toEqual(expected);
    });

    // What is hashed is the set of the earlier proofs, and RDF has no order.
    it("verifies in another order", async () => {
      expect(await faults(edit(chain2, { "/proof": [fourth, third, second, first] }))).toEqual([]);
    });

    const [firstId = "", secondId = ""] = [first, second].map(({ id }) => id as string);
    const bad = (...places: readonly number[]): readonly string[] =>
      places.map((place) => `SIGNATURE_INVALID /proof/${String(place)}`);

    it.each<readonly [string, Readonly<Record<string, unknown>>, readonly string[]]>([
      ["the document", { "/name": "x" }, bad(0, 1, 2, 3)],
      ["the time of a first proof", { "/proof/0/created": "2023-02-24T23:36:39Z" }, bad(0, 2)],
      ["the value of a first proof", { "/proof/0/proofValue": second["proofValue"] }, bad(0, 2)],
      ["a first proof, exchanged", { "/proof/1/verificationMethod": first["verificationMethod"] }, bad(1, 2)],
      ["the link's time", { "/proof/2/created": "2023-02-26T22:06:39Z" }, bad(2, 3)],
      ["the link's value", { "/proof/2/proofValue": fourth["proofValue"] }, bad(2, 3)],
      ["the last value", { "/proof/3/proofValue": third["proofValue"] }, bad(3)],
      ["what the link follows on: nothing", { [`/proof/2${link}`]: undefined }, bad(2, 3)],
      ["what the link follows on: one of two", { [`/proof/2${link}`]: [firstId] }, bad(2, 3)],
      ["what the end follows on: nothing", { [`/proof/3${link}`]: undefined }, bad(3)],
      ["what the end follows on: more", { [`/proof/3${link}`]: [third["id"], firstId] }, bad(3)],
      ["what the end follows on: another", { [`/proof/3${link}`]: secondId }, bad(3)],
      [
        "what the end follows on: what is not there",
        { [`/proof/3${link}`]: `${firstId}x` },
        [`PROOF_CHAIN_INVALID /proof/3${link}`],
      ],
      ["the id of a first proof", { "/proof/0/id": `${firstId}x` }, [`PROOF_CHAIN_INVALID /proof/2${link}`]],
      ["the ids of the first proofs", { "/proof/0/id": secondId, "/proof/1/id": firstId }, bad(0, 1, 2)],
      ["an id twice", { "/proof/0/id": secondId }, ["PROOF_CHAIN_INVALID /proof/1/id"]],
      ["a circle", { [`/proof/0${link}`]: third["id"] }, [`PROOF_CHAIN_INVALID /proof/0${link}`]],
    ])("with another value in %s", async (_, changes, expected) => {
      expect(await faults(edit(chain2, changes))).toEqual(expected);
    });
  });

  it("does not fetch the context of a credential that has one of its own (row 26)", async () => {
    const document = publishedJson("eddsa-rdfc-2022", "employ", "signedDataInt.json");
    expect(isJsonArray(document["@context"]) && document["@context"][1]).toMatch(/^https:\/\/w3id\.org\//);
    const opened = await socketsOpenedBy(async () => {
      expect(await faults(document)).toEqual(["CONTEXT_NOT_ALLOWED /proof"]);
    });
    expect(opened).toBe(0);
  });
});
