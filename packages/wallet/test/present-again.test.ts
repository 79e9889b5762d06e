import { asJson, digestMultibase, formatTimestamp, type Grant, type Invocation } from "@writ/core";
import { refusalOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  addCredentials,
  approveInvocation,
  createPresentation,
  delegateAuthority,
  type PresentationOptions,
  type Wallet,
} from "../src/index.js";
import { approvedRefunds, ASKED, INVOCATION, openHolder, presentOnce, type Holder } from "./approvals.js";
import { authorityOf, HOUR, identityOf, MINUTE, NOW, openWorld, REFUNDS, signerOf } from "./world.js";

const [HERE, THERE] = [signerOf("here").did, signerOf("there").did];
const READ: Grant = { id: "read", actions: ["order.read"] };

const present = ({ wallet }: Pick<Holder, "wallet">, options: Partial<PresentationOptions> = {}) =>
  createPresentation(wallet, { ...ASKED, ...options });

describe("an invocation that was presented before", () => {
  it("is presented again as it was, under another challenge", async () => {
    const holder = await openHolder([REFUNDS]);
    const { invocation } = await presentOnce(holder);
    const { presentation, foreseen } = await present(holder, { challenge: "challenge-2", invocation });
    expect(presentation.invocation).toEqual(invocation);
    expect(presentation.proof).toMatchObject({ challenge: "challenge-2" });
    expect(presentation.verifiableCredential).toEqual([holder.identity, ...holder.granted]);
    expect(foreseen).toEqual([]);
  });

  it("keeps its authority and grant, where others would be chosen today", async () => {
    const small: Grant = { ...REFUNDS, id: "small", args: { "/amount": { range: { max: 1 } } } };
    const holder = await openHolder([REFUNDS], [READ, small]);
    const [, second] = holder.granted;
    const invocation: Invocation = {
      authority: { digestMultibase: digestMultibase(second as object), grant: "small" },
      ...INVOCATION,
      nonce: "mine",
    };
    const { presentation, foreseen } = await present(holder, { invocation });
    expect(presentation.invocation).toEqual(invocation);
    expect(presentation.verifiableCredential).toEqual([holder.identity, second]);
    expect(foreseen).toMatchObject([{ code: "NOT_ALLOWED", dimension: "args", grant: "small" }]);
  });

  it("is foreseen by what is known of the service", async () => {
    const holder = await openHolder([{ ...REFUNDS, audience: [HERE] }]);
    const { invocation } = await presentOnce(holder);
    const { foreseen } = await present(holder, { invocation, audience: THERE });
    expect(foreseen).toMatchObject([{ code: "NOT_ALLOWED", dimension: "audience" }]);
  });

  it("is not presented under an authority that the wallet has not, or that is another's", async () => {
    const holder = await openHolder([REFUNDS]);
    const { invocation } = await presentOnce(holder);
    const refusalUnder = async (authority: object, grant = "refunds") => {
      const named = { digestMultibase: digestMultibase(authority), grant };
      return refusalOfAsync(() => present(holder, { invocation: { ...invocation, authority: named } }));
    };
    const notFound = { code: "NOT_FOUND", pointer: "" };
    expect(await refusalUnder(await authorityOf(holder.wallet.did))).toEqual(notFound);
    expect(await refusalUnder(holder.granted[0] as object, "payouts")).toEqual(notFound);
    // The parent of its own is in the wallet as well, but was granted to another.
    const lead = await openHolder([REFUNDS]);
    const sub = await openWorld("sub");
    const { bundle } = await delegateAuthority(lead.wallet, {
      to: sub.wallet.did,
      grants: [{ ...REFUNDS, id: "eu", within: "refunds" }],
    });
    await addCredentials(sub.wallet, [await identityOf(sub.wallet.did), ...bundle.map(asJson)]);
    const authority = { digestMultibase: digestMultibase(lead.granted[0] as object), grant: "refunds" };
    const foreign = () => present(sub, { invocation: { ...invocation, authority } });
    expect(await refusalOfAsync(foreign)).toEqual(notFound);
  });

  it("is not presented under an authority that has ended", async () => {
    const holder = await openHolder([REFUNDS]);
    const { invocation } = await presentOnce(holder);
    const members = { validFrom: formatTimestamp(NOW), validUntil: formatTimestamp(NOW + 20 * HOUR) };
    await addCredentials(holder.wallet, [
      await identityOf(holder.wallet.did, { members }),
      await authorityOf(holder.wallet.did, { members }),
    ]);
    holder.clock.advance(8 * HOUR);
    expect((await refusalOfAsync(() => present(holder, { invocation }))).code).toBe("EXPIRED");
  });

  it.each<readonly [string, object, string]>([
    ["no nonce", { nonce: undefined }, "/invocation/nonce"],
    [
      "an authority without grant",
      { authority: { digestMultibase: digestMultibase({}) } },
      "/invocation/authority/grant",
    ],
    ["a member more", { approved: true }, "/invocation/approved"],
  ])("is not presented with %s", async (_, changes, pointer) => {
    const holder = await openHolder([REFUNDS]);
    const { invocation } = await presentOnce(holder);
    const altered = JSON.parse(JSON.stringify({ ...invocation, ...changes })) as Invocation;
    const refusal = await refusalOfAsync(() => present(holder, { invocation: altered }));
    expect(refusal).toEqual({ code: "SCHEMA_INVALID", pointer });
  });
});

describe("approvals of it", () => {
  /** A holder whose refunds over 50 two of three must approve, and what it asked. */
  async function openApproved() {
    const [ann, ben, cy] = [await openWorld("ann"), await openWorld("ben"), await openWorld("cy")];
    const approvers = [ann, ben, cy].map(({ wallet }) => wallet.did);
    const holder = await openHolder([approvedRefunds(50, approvers, 2)]);
    const asked = await presentOnce(holder);
    const approvedBy = (...by: readonly { readonly wallet: Wallet }[]) =>
      Promise.all(by.map(({ wallet }) => approveInvocation(wallet, asked.request)));
    return { holder, ann, ben, cy, approvedBy, ...asked };
  }

  it("are shown after all else, and foreseen to suffice or not", async () => {
    const { holder, ann, cy, approvedBy, invocation } = await openApproved();
    const missing = (detail: string) => [
      {
        code: "APPROVAL_REQUIRED",
        detail: `approval: ${detail} more must approve`,
        grant: "approved",
        asked: 100,
      },
    ];
    expect((await present(holder, { invocation })).foreseen).toMatchObject(missing("2"));
    const one = await present(holder, { invocation, approvals: await approvedBy(ann) });
    expect(one.foreseen).toMatchObject(missing("1"));
    const stranger = await approvedBy(ann, await openWorld("stranger"));
    expect((await present(holder, { invocation, approvals: stranger })).foreseen).toMatchObject(missing("1"));
    const twice = await approvedBy(ann, ann);
    expect((await present(holder, { invocation, approvals: twice })).foreseen).toMatchObject(missing("1"));
    const approvals = await approvedBy(cy, ann);
    const { presentation, foreseen } = await present(holder, { invocation, approvals });
    expect(foreseen).toEqual([]);
    expect(presentation.invocation).toEqual(invocation);
    expect(presentation.verifiableCredential).toEqual([holder.identity, ...holder.granted, ...approvals]);
  });

  it("are shown once each", async () => {
    const { holder, ann, approvedBy, invocation } = await openApproved();
    const [approval] = await approvedBy(ann);
    const approvals = [approval, structuredClone(approval)] as readonly object[];
    const { presentation } = await present(holder, { invocation, approvals });
    expect(presentation.verifiableCredential.slice(2)).toEqual([approval]);
  });

  it("are refused where they are of something else", async () => {
    const { holder, ann, approvedBy, request, invocation } = await openApproved();
    const [genuine] = await approvedBy(ann);
    const unexpected = { code: "CREDENTIAL_UNEXPECTED", pointer: "/approvals/1" };
    const other = await presentOnce(holder);
    expect(other.invocation.nonce).not.toBe(invocation.nonce);
    for (const asked of [other.request, { ...request, holder: signerOf("another").did }]) {
      const approvals = [genuine as object, await approveInvocation(ann.wallet, asked)];
      expect(await refusalOfAsync(() => present(holder, { invocation, approvals }))).toEqual(unexpected);
    }
  });

  it("are refused with anything but an invocation that was presented before", async () => {
    const { holder, ann, approvedBy } = await openApproved();
    const approvals = await approvedBy(ann);
    for (const options of [{}, { invocation: INVOCATION }, { authority: "none" }]) {
      const refusal = await refusalOfAsync(() => present(holder, { ...options, approvals }));
      expect(refusal).toEqual({ code: "ARGUMENT_INVALID", pointer: "" });
    }
    expect((await present(holder, { approvals: [] })).foreseen).toEqual([]);
  });

  it.each<readonly [string, Readonly<Record<string, unknown>>, string, string]>([
    ["altered", { validUntil: "2026-11-23T08:14:59Z" }, "SIGNATURE_INVALID", "/approvals/0/proof"],
    ["unsigned", { proof: undefined }, "PROOF_MISSING", "/approvals/0/proof"],
    [
      "of a life that is too long",
      { validUntil: "2026-11-23T08:15:01Z" },
      "VALIDITY_INVALID",
      "/approvals/0/validUntil",
    ],
    [
      "of another type",
      { type: ["VerifiableCredential", "Approval"] },
      "SCHEMA_INVALID",
      "/approvals/0/type",
    ],
  ])("are refused where one is %s", async (_, changes, code, pointer) => {
    const { holder, ann, approvedBy, invocation } = await openApproved();
    const [approval] = await approvedBy(ann);
    const approvals = [JSON.parse(JSON.stringify({ ...approval, ...changes })) as object];
    expect(await refusalOfAsync(() => present(holder, { invocation, approvals }))).toEqual({ code, pointer });
  });

  it("are refused once they have ended, to the millisecond", async () => {
    const { holder, ann, approvedBy, invocation } = await openApproved();
    const approvals = await approvedBy(ann);
    holder.clock.advance(15 * MINUTE - 1);
    await present(holder, { invocation, approvals });
    holder.clock.advance(1);
    expect(await refusalOfAsync(() => present(holder, { invocation, approvals }))).toEqual({
      code: "EXPIRED",
      pointer: "/approvals/0/validUntil",
    });
  });
});
