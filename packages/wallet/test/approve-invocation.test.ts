import { createResolver, digestMultibase, verifyProofs, type ApprovalRequest } from "@writ/core";
import { refusalOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { approveInvocation } from "../src/index.js";
import { openHolder, presentOnce } from "./approvals.js";
import { MINUTE, openWorld, REFUNDS, signerOf } from "./world.js";

/** A request of a holder, and the wallet of somebody who may approve it. */
async function openRequest() {
  const holder = await openHolder([REFUNDS]);
  const approver = await openWorld("approver");
  return { holder, approver, ...(await presentOnce(holder)) };
}

describe("approveInvocation", () => {
  it("signs an approval of exactly what was shown, for fifteen minutes", async () => {
    const { holder, approver, invocation, request } = await openRequest();
    const { proof, id, ...rest } = await approveInvocation(approver.wallet, request);
    expect(rest).toEqual({
      "@context": ["https://www.w3.org/ns/credentials/v2", "https://w3id.org/writ/v1"],
      type: ["VerifiableCredential", "ApprovalCredential"],
      issuer: approver.wallet.did,
      validFrom: "2026-11-23T08:00:00Z",
      validUntil: "2026-11-23T08:15:00Z",
      credentialSubject: {
        id: holder.wallet.did,
        approves: {
          invocationDigestMultibase: digestMultibase(invocation),
          authorityDigestMultibase: digestMultibase(holder.granted[0] as object),
        },
      },
    });
    expect(id).toMatch(/^urn:uuid:/);
    expect(proof).toMatchObject({
      proofPurpose: "assertionMethod",
      created: "2026-11-23T08:00:00Z",
      verificationMethod: approver.signer.verificationMethod,
    });
    const text = JSON.stringify({ ...rest, id, proof });
    expect(await verifyProofs(text, { resolver: createResolver() })).toMatchObject({ verified: true });
    expect((await approveInvocation(approver.wallet, request)).id).not.toBe(id);
  });

  it("lives as long as it is told, up to fifteen minutes", async () => {
    const { approver, request } = await openRequest();
    const end = async (lifeMs: number) =>
      (await approveInvocation(approver.wallet, request, { lifeMs })).validUntil;
    expect(await end(MINUTE)).toBe("2026-11-23T08:01:00Z");
    expect(await end(15 * MINUTE)).toBe("2026-11-23T08:15:00Z");
  });

  it.each([
    ["too long", 15 * MINUTE + 1000, "VALIDITY_INVALID", "/validUntil"],
    ["none", 0, "VALIDITY_INVALID", "/validUntil"],
    ["negative", -MINUTE, "VALIDITY_INVALID", "/validUntil"],
    ["no number", NaN, "ARGUMENT_INVALID", ""],
  ])("signs none whose life is %s", async (_, lifeMs, code, pointer) => {
    const { approver, request } = await openRequest();
    const approve = () => approveInvocation(approver.wallet, request, { lifeMs });
    expect(await refusalOfAsync(approve)).toEqual({ code, pointer });
  });

  const other = digestMultibase({});

  it.each<readonly [string, (request: ApprovalRequest) => object, string, string]>([
    [
      "whose arguments are not those of the digest",
      (request) => ({ ...request, invocation: { ...request.invocation, args: { amount: 1 } } }),
      "SCHEMA_INVALID",
      "/invocationDigestMultibase",
    ],
    [
      "with the digest of another invocation",
      (request) => ({ ...request, invocationDigestMultibase: other }),
      "SCHEMA_INVALID",
      "/invocationDigestMultibase",
    ],
    [
      "with the digest of another authority",
      (request) => ({ ...request, authorityDigestMultibase: other }),
      "SCHEMA_INVALID",
      "/authorityDigestMultibase",
    ],
    ["of nobody", (request) => ({ ...request, holder: "agent" }), "DID_SYNTAX", "/holder"],
    ["without an invocation", ({ invocation: _, ...rest }) => rest, "SCHEMA_INVALID", "/invocation"],
    ["with a member more", (request) => ({ ...request, until: "ever" }), "SCHEMA_INVALID", "/until"],
  ])("does not sign for a request %s", async (_, alter, code, pointer) => {
    const { approver, request } = await openRequest();
    const approve = () => approveInvocation(approver.wallet, alter(request) as ApprovalRequest);
    expect(await refusalOfAsync(approve)).toEqual({ code, pointer });
  });

  it("approves what the request showed when it was called", async () => {
    const { approver, request } = await openRequest();
    const mutable = structuredClone(request) as { holder: string };
    const approving = approveInvocation(approver.wallet, mutable as ApprovalRequest);
    mutable.holder = signerOf("thief").did;
    expect((await approving).credentialSubject.id).toBe(request.holder);
  });
});
