import { createResolver, didKeyDocument, type JsonObject } from "@writ/core";
import { describe, expect, it } from "vitest";

import {
  createTrustPolicy,
  noStatusSource,
  trustOrganisations,
  verifyGenericCredential,
  type GenericVerifierOptions,
} from "../../src/index.js";
import { edit } from "../edit.js";
import { countingSource, NOW } from "../world.js";
import { CREDENTIAL, CREDENTIAL_V1, ISSUER, LIST, OTHER, sign, statusList, told } from "./documents.js";

const verify = async (
  document: JsonObject,
  options: Partial<GenericVerifierOptions> & Pick<GenericVerifierOptions, "status">,
) =>
  told(
    await verifyGenericCredential(JSON.stringify(document), {
      trust: "anybody",
      clock: () => NOW,
      ...options,
    }),
  );

describe("the status list of another's credential", () => {
  it("row 108: is signed by its issuer, or by whom the policy names for it", async () => {
    const [entry] = CREDENTIAL["credentialStatus"] as readonly JsonObject[];
    const signed = await sign(edit(CREDENTIAL, { "/credentialStatus": entry }));
    const list = edit(statusList(LIST, "revocation"), { "/issuer": OTHER.did });
    const status = countingSource(new Map([[LIST, JSON.stringify(await sign(list, { signer: OTHER }))]]));
    const refused = { failed: ["status"], problems: ["STATUS_LIST_INVALID /credentialStatus"] };
    expect(await verify(signed, { status })).toMatchObject(refused);
    expect(await verify(signed, { status, trust: trustOrganisations([ISSUER.did]) })).toMatchObject(refused);
    const trust = createTrustPolicy({
      identityIssuers: [ISSUER.did],
      authorityRoots: [],
      statusIssuers: [{ issuer: ISSUER.did, lists: [OTHER.did] }],
    });
    expect(await verify(signed, { status, trust })).toMatchObject({ failed: [] });
  });
});

describe("another's issuer whose DID is over the network (DESIGN 4.9)", () => {
  const WEB = "did:web:issuer.example";
  const inWeb = (text: string): string => text.replaceAll(ISSUER.did, WEB);
  const signer = { ...ISSUER, did: WEB, verificationMethod: inWeb(ISSUER.verificationMethod) };

  it("is resolved where the policy trusts it, and only there", async () => {
    const asked: string[] = [];
    const didDocument = JSON.parse(inWeb(JSON.stringify(didKeyDocument(ISSUER.did)))) as { id: string };
    const resolver = createResolver({
      web: (did) => {
        asked.push(did);
        return Promise.resolve({ didResolutionMetadata: {}, didDocument, didDocumentMetadata: {} });
      },
    });
    const signed = await sign(edit(CREDENTIAL_V1, { "/issuer": WEB }), { signer });
    const options = { status: noStatusSource, resolver };
    for (const untrusting of [options, { ...options, trust: trustOrganisations([ISSUER.did]) }]) {
      expect(await verify(signed, untrusting)).toMatchObject({
        failed: ["signature"],
        problems: ["DID_UNAVAILABLE /proof"],
      });
    }
    expect(asked).toEqual([]);
    const trusting = { ...options, trust: trustOrganisations([WEB]) };
    expect(await verify(signed, trusting)).toMatchObject({ failed: [], open: ["status", "resources"] });
    expect(asked).toEqual([WEB]);
  });
});
