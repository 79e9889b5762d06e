import {
  createResolver,
  ENROLMENT_DOMAIN,
  enrolmentRequest,
  asJson,
  parseDocument,
  verifyProofs,
} from "@writ/core";
import { describe, expect, it } from "vitest";

import { requestEnrolment } from "../src/index.js";
import { openWorld } from "./world.js";

describe("requestEnrolment", () => {
  it("signs a request of its own kind, for a day", async () => {
    const { wallet } = await openWorld();
    const request = await requestEnrolment(wallet);
    expect(parseDocument(asJson(request), enrolmentRequest)).toBe(request);
    const { proof, ...rest } = request;
    expect(rest).toEqual({
      "@context": ["https://www.w3.org/ns/credentials/v2", "https://w3id.org/writ/v1"],
      id: expect.stringMatching(/^urn:uuid:/) as string,
      type: ["VerifiablePresentation", "EnrolmentRequest"],
      holder: wallet.did,
    });
    expect(proof).toMatchObject({
      proofPurpose: "authentication",
      created: "2026-11-23T08:00:00Z",
      expires: "2026-11-24T08:00:00Z",
      challenge: request.id,
      domain: ENROLMENT_DOMAIN,
    });
    const result = await verifyProofs(JSON.stringify(request), { resolver: createResolver() });
    expect(result).toMatchObject({ verified: true, proofs: [{ key: { did: wallet.did } }] });
  });

  it("gives each request an id of its own", async () => {
    const { wallet } = await openWorld();
    expect((await requestEnrolment(wallet)).id).not.toBe((await requestEnrolment(wallet)).id);
  });
});
