import { signDocument, snapshot, type ApprovalCredential } from "@writ/core";
import { refusalOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { approveInvocation, createPresentation, type Wallet } from "../src/index.js";
import { approvedRefunds, ASKED, openHolder, presentOnce } from "./approvals.js";
import { MINUTE, NOW, openWorld, signerOf } from "./world.js";

/** A holder whose refunds over 50 two of three must approve, and what it asked. */
async function openApproved() {
  const [ann, ben, cy] = [await openWorld("ann"), await openWorld("ben"), await openWorld("cy")];
  const approvers = [ann, ben, cy].map(({ wallet }) => wallet.did);
  const holder = await openHolder([approvedRefunds(50, approvers, 2)]);
  const asked = await presentOnce(holder);
  const approvedBy = (...by: readonly { readonly wallet: Wallet }[]) =>
    Promise.all(by.map(({ wallet }) => approveInvocation(wallet, asked.request)));
  const again = (approvals?: readonly object[]) =>
    createPresentation(holder.wallet, {
      ...ASKED,
      again: { presentation: asked.presentation, ...(approvals === undefined ? {} : { approvals }) },
    });
  return { holder, ann, ben, cy, approvedBy, again, ...asked };
}

const nameOf = ({ wallet }: { readonly wallet: Wallet }): string => wallet.did;

describe("approvals of what was presented before", () => {
  it("are shown after all else, and foreseen to suffice or not", async () => {
    const { holder, ann, ben, cy, approvedBy, again, invocation } = await openApproved();
    const foreseenWith = async (...by: readonly { readonly wallet: Wallet }[]) =>
      (await again(await approvedBy(...by))).foreseen;
    const missing = (count: number, ...of: readonly { readonly wallet: Wallet }[]) => {
      const detail = `approval: ${String(count)} more of ${of.map(nameOf).join(", ")} must approve`;
      return [{ code: "APPROVAL_REQUIRED", detail, grant: "approved", asked: 100 }];
    };
    expect((await again()).foreseen).toMatchObject(missing(2, ann, ben, cy));
    expect(await foreseenWith()).toMatchObject(missing(2, ann, ben, cy));
    expect(await foreseenWith(ann)).toMatchObject(missing(1, ben, cy));
    expect(await foreseenWith(ann, ann)).toMatchObject(missing(1, ben, cy));
    expect(await foreseenWith(ann, await openWorld("stranger"))).toMatchObject(missing(1, ben, cy));
    const approvals = await approvedBy(cy, ann);
    const { presentation, foreseen } = await again(approvals);
    expect(foreseen).toEqual([]);
    expect(presentation.invocation).toEqual(invocation);
    expect(presentation.verifiableCredential).toEqual([holder.identity, ...holder.granted, ...approvals]);
  });

  it.each(["identity", "granted"] as const)(
    "do not take the place of what has their id: %s",
    async (what) => {
      const { holder, ann, approvedBy, again } = await openApproved();
      const [approval] = await approvedBy(ann);
      const { proof: _, ...unsigned } = approval as ApprovalCredential;
      const eve = signerOf("eve");
      const id = [holder[what]].flat()[0]?.id;
      const forged = await signDocument(snapshot({ ...unsigned, id, issuer: eve.did }), {
        signer: eve,
        purpose: "assertionMethod",
        created: NOW,
      });
      expect(await refusalOfAsync(() => again([forged]))).toEqual({
        code: "CREDENTIAL_DUPLICATE",
        pointer: "",
      });
    },
  );

  it("are shown once each", async () => {
    const { ann, approvedBy, again } = await openApproved();
    const [approval] = await approvedBy(ann);
    const { presentation } = await again([approval, structuredClone(approval)] as readonly object[]);
    expect(presentation.verifiableCredential.slice(2)).toEqual([approval]);
  });

  it("are refused where they are of something else", async () => {
    const { holder, ann, approvedBy, again, request, invocation } = await openApproved();
    const [genuine] = await approvedBy(ann);
    const other = await presentOnce(holder);
    expect(other.invocation.nonce).not.toBe(invocation.nonce);
    for (const asked of [other.request, { ...request, holder: signerOf("another").did }]) {
      const approvals = [genuine as object, await approveInvocation(ann.wallet, asked)];
      expect(await refusalOfAsync(() => again(approvals))).toEqual({
        code: "CREDENTIAL_UNEXPECTED",
        pointer: "/approvals/1",
      });
    }
  });

  it.each<readonly [string, Readonly<Record<string, unknown>>, string, string]>([
    ["altered", { validUntil: "2026-11-23T08:14:59Z" }, "SIGNATURE_INVALID", "/proof"],
    ["unsigned", { proof: undefined }, "PROOF_MISSING", "/proof"],
    ["for too long", { validUntil: "2026-11-23T08:15:01Z" }, "VALIDITY_INVALID", "/validUntil"],
    ["of another type", { type: ["VerifiableCredential", "Approval"] }, "SCHEMA_INVALID", "/type"],
  ])("are refused where one is %s", async (_, changes, code, place) => {
    const { ann, approvedBy, again } = await openApproved();
    const [approval] = await approvedBy(ann);
    const altered = JSON.parse(JSON.stringify({ ...approval, ...changes })) as object;
    expect(await refusalOfAsync(() => again([altered]))).toEqual({ code, pointer: `/approvals/0${place}` });
  });

  it("are refused before they begin and once they have ended, to the millisecond", async () => {
    const { holder, ann, again, request } = await openApproved();
    ann.clock.advance(MINUTE);
    const approvals = [await approveInvocation(ann.wallet, request)];
    const place = "/approvals/0";
    const refusal = () => refusalOfAsync(() => again(approvals));
    holder.clock.advance(MINUTE - 1);
    expect(await refusal()).toEqual({ code: "NOT_YET_VALID", pointer: `${place}/validFrom` });
    holder.clock.advance(1);
    await again(approvals);
    holder.clock.advance(15 * MINUTE - 1);
    await again(approvals);
    holder.clock.advance(1);
    expect(await refusal()).toEqual({ code: "EXPIRED", pointer: `${place}/validUntil` });
  });
});
