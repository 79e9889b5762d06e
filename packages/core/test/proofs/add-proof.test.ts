import { refusalOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { CREDENTIALS_V1, CREDENTIALS_V2 } from "../../src/jsonld/context-addresses.js";
import { addProof, signDocument, type AddProofOptions } from "../../src/proofs/sign-document.js";
import type { SuiteName } from "../../src/proofs/suites.js";
import { NOW, ORGANISATION, SERVICE } from "../fixtures.js";
import { faults, PLAIN } from "./signed.js";

const BY_ORGANISATION: AddProofOptions = { signer: ORGANISATION, purpose: "assertionMethod", created: NOW };
const BY_SERVICE: AddProofOptions = { ...BY_ORGANISATION, signer: SERVICE };
const FIRST = "urn:uuid:00000000-0000-4000-8000-000000000001";
const OTHER = "urn:uuid:00000000-0000-4000-8000-000000000002";

describe("addProof", () => {
  it("leaves the caller's document as it was, and freezes its own", async () => {
    const first = await signDocument(PLAIN, BY_SERVICE);
    const copy = structuredClone(first);
    const set = await addProof(copy, BY_ORGANISATION);
    expect(copy).toEqual(first);
    expect(Object.isFrozen(set.proof[1])).toBe(true);
    expect(set.proof[0]).toEqual(first.proof);
  });

  it("makes a set of one where there was no proof", async () => {
    const set = await addProof(PLAIN, BY_ORGANISATION);
    expect(set.proof).toHaveLength(1);
    expect(await faults(set)).toEqual([]);
  });

  it.each<readonly [string, Partial<AddProofOptions>, string, string]>([
    [
      "one that follows on what is not there",
      { previousProof: OTHER },
      "PROOF_CHAIN_INVALID",
      "/proof/1/previousProof",
    ],
    ["an id that is there", { id: FIRST }, "PROOF_CHAIN_INVALID", "/proof/1/id"],
    [
      "one that follows on itself",
      { id: OTHER, previousProof: OTHER },
      "PROOF_CHAIN_INVALID",
      "/proof/1/previousProof",
    ],
    ["one that follows on nothing", { previousProof: [] }, "ARRAY_EMPTY", "/proof/previousProof"],
    ["an id that is no URI", { id: "1" }, "SCHEMA_INVALID", "/proof/id"],
  ])("does not hand out %s", async (_, more, code, pointer) => {
    const first = await signDocument(PLAIN, { ...BY_SERVICE, id: FIRST });
    expect(await refusalOfAsync(() => addProof(first, { ...BY_ORGANISATION, ...more }))).toEqual({
      code,
      pointer,
    });
  });

  it.each<readonly [SuiteName, readonly string[], SuiteName]>([
    ["Ed25519Signature2020", [CREDENTIALS_V2], "eddsa-jcs-2022"],
    ["eddsa-rdfc-2022", [CREDENTIALS_V1], "Ed25519Signature2020"],
    ["eddsa-jcs-2022", [CREDENTIALS_V1], "Ed25519Signature2020"],
  ])(
    "adds no context for %s that others have not signed: %j, signed by %s",
    async (suite, contexts, other) => {
      const unsigned = { "@context": contexts, type: "VerifiablePresentation" };
      const first = await signDocument(unsigned, { ...BY_SERVICE, suite: other });
      const added = refusalOfAsync(() => addProof(first, { ...BY_ORGANISATION, suite }));
      expect((await added).code).toBe("CONTEXT_NOT_ALLOWED");
    },
  );
});
