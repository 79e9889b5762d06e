import { asJson, digestMultibase, type ApprovalCredential, type JsonObject, type Signer } from "@writ/core";
import type { Wallet } from "@writ/wallet";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { decide, verifyPresentation } from "../src/index.js";
import { approvedBy, approvedPayments, openApprover, requestOf } from "./approvals.js";
import { edit } from "./edit.js";
import { ask, grantTo, handOn, paying, told } from "./metered.js";
import { outcomeOf } from "./outcome.js";
import {
  compose,
  HOUR,
  MINUTE,
  NOW,
  openWorld,
  reissue,
  signerOf,
  STRANGER,
  type LinkOptions,
  type World,
} from "./world.js";

const [ANN, BEN] = [signerOf("ann"), signerOf("ben")];
const REQUIRED = "approval_required; APPROVAL_REQUIRED approval 0 /invocation";
const AT = "/verifiableCredential/4";

let world: World;
let cy: Wallet;
/** What `sub` asks and `cy` approves, of which two must approve. */
let asked: JsonObject;
let evidence: readonly object[];
let genuine: ApprovalCredential;
beforeAll(async () => {
  world = await openWorld("approvals refused");
  cy = await openApprover(world, "cy");
  const { lead, sub } = world;
  const grants = [approvedPayments([ANN.did, BEN.did, cy.did], 2)];
  const root = await grantTo(world, lead, { grants, maxHops: 1 });
  const child = await handOn(lead, sub, {
    authority: root.id,
    grants: [{ id: "mine", within: "mine", actions: ["pay"] }],
  });
  const first = await ask(world, sub, { invocation: paying(11), authority: child.id });
  asked = asJson(first.invocation);
  [genuine] = (await approvedBy(await requestOf(first), cy)) as [ApprovalCredential];
  evidence = [sub.identity, child, root, lead.identity];
});
afterAll(() => world.close());

/** The outcome for `sub`, who shows these approvals after four other credentials. */
async function judged(approvals: readonly object[], invocation: object = asked): Promise<string> {
  const changes = { "/invocation": invocation };
  const text = await compose(world.sub.signer, [...evidence, ...approvals], { changes });
  const result = await verifyPresentation(text, { ...world.expectations, status: await world.source() });
  if (!result.verified) return [outcomeOf(result).failed, ...outcomeOf(result).problems].join("; ");
  return told(await decide(result.presentation));
}

let serial = 0;

/** The genuine approval with another id, by another signer, with these changes. */
function approvalBy(
  signer: Signer,
  changes: Readonly<Record<string, unknown>> = {},
  proof: LinkOptions["proof"] = {},
): Promise<ApprovalCredential> {
  const id = `urn:uuid:00000000-0000-4000-8000-${String(++serial).padStart(12, "0")}`;
  return reissue(genuine, signer, { "/id": id, "/issuer": signer.did, ...changes }, proof);
}

describe("an approval counts", () => {
  it("with another of those who are listed, in any order", async () => {
    expect(await judged([genuine])).toBe(REQUIRED);
    expect(await judged([genuine, await approvalBy(ANN)])).toBe("allow");
    expect(await judged([await approvalBy(BEN), await approvalBy(ANN)])).toBe("allow");
  });

  it("to the last millisecond of its life", async () => {
    const times = { "/validFrom": "2026-11-23T07:45:00.001Z", "/validUntil": "2026-11-23T08:00:00.001Z" };
    const brief = await approvalBy(ANN, times, { created: NOW - 15 * MINUTE });
    expect(await judged([genuine, brief])).toBe("allow");
  });
});

describe("an approval that does not count (HOSTILE 224)", () => {
  it.each<readonly [string, (of: World) => Signer]>([
    ["the holder", ({ sub }) => sub.signer],
    ["the delegator", ({ lead }) => lead.signer],
    ["the organisation", ({ organisation }) => organisation.signer],
    ["somebody who is not listed", () => STRANGER],
  ])("is one by %s", async (_, signer) => {
    expect(await judged([genuine, await approvalBy(signer(world))])).toBe(REQUIRED);
  });

  it("is a second one by the same approver", async () => {
    expect(await judged([await approvalBy(ANN), await approvalBy(ANN)])).toBe(REQUIRED);
    expect(await judged([await approvalBy(ANN), await approvalBy(ANN), genuine])).toBe("allow");
  });

  const digest = digestMultibase({});
  const approved = "/credentialSubject/approves";

  it.each<readonly [string, Readonly<Record<string, unknown>>, string]>([
    [
      "another invocation",
      { [`${approved}/invocationDigestMultibase`]: digest },
      `chain; CREDENTIAL_UNEXPECTED ${AT}`,
    ],
    [
      "another authority",
      { [`${approved}/authorityDigestMultibase`]: digest },
      `chain; CREDENTIAL_UNEXPECTED ${AT}`,
    ],
    ["another holder", { "/credentialSubject/id": STRANGER.did }, `chain; CREDENTIAL_UNEXPECTED ${AT}`],
    [
      "a time that is over",
      { "/validFrom": "2026-11-23T07:45:00Z", "/validUntil": "2026-11-23T08:00:00Z" },
      `time; EXPIRED ${AT}/validUntil`,
    ],
    ["a time to come", { "/validFrom": "2026-11-23T08:00:00.001Z" }, `time; NOT_YET_VALID ${AT}/validFrom`],
    [
      "more than fifteen minutes",
      { "/validUntil": "2026-11-23T08:15:00.001Z" },
      `profile; VALIDITY_INVALID ${AT}/validUntil`,
    ],
    ["no time at all", { "/validUntil": undefined }, `profile; SCHEMA_INVALID ${AT}/validUntil`],
    [
      "a status",
      {
        "/credentialStatus": [
          {
            type: "BitstringStatusListEntry",
            statusPurpose: "revocation",
            statusListIndex: "0",
            statusListCredential: "https://acme.example/r1",
          },
        ],
      },
      `profile; SCHEMA_INVALID ${AT}/credentialStatus`,
    ],
    ["all that is asked", { [approved]: "*" }, `profile; SCHEMA_INVALID ${AT}/credentialSubject/approves`],
    ["a condition", { [`${approved}/max`]: 5 }, `profile; SCHEMA_INVALID ${AT}${approved}/max`],
  ])("is one for %s", async (_, changes, outcome) => {
    expect(await judged([await approvalBy(ANN, changes), genuine])).toBe(outcome);
  });

  it.each<readonly [string, Readonly<Record<string, unknown>>]>([
    ["arguments", { "/args/amount": 12 }],
    ["an argument more", { "/args/note": "x" }],
    ["action", { "/action": "pay.back" }],
    ["resource", { "/resource": "https://api.acme.example/v1/orders/1" }],
    ["nonce", { "/nonce": "another" }],
  ])("is one of an invocation with other %s", async (_, changes) => {
    const invocation = edit(asked, changes);
    expect(await judged([genuine, await approvalBy(ANN)], invocation)).toBe(
      `chain; CREDENTIAL_UNEXPECTED ${AT}; CREDENTIAL_UNEXPECTED /verifiableCredential/5`,
    );
  });

  it("is one in a presentation without an invocation", async () => {
    const text = await compose(world.sub.signer, [...evidence, genuine]);
    const result = await verifyPresentation(text, { ...world.expectations, status: await world.source() });
    expect(outcomeOf(result)).toEqual({ failed: "chain", problems: [`CREDENTIAL_UNEXPECTED ${AT}`] });
  });

  it("is one of this invocation that another holder presents", async () => {
    const { third } = world;
    // `third` has authority of its own, and repeats what `sub` asked.
    const grants = [approvedPayments([ANN.did, BEN.did, cy.did], 1)];
    const root = await grantTo(world, third, { grants });
    const own = await ask(world, third, { invocation: paying(11), authority: root.id });
    const show = async (invocation: object) => {
      const changes = { "/invocation": invocation };
      const text = await compose(third.signer, [third.identity, root, genuine], { changes });
      const result = await verifyPresentation(text, { ...world.expectations, status: await world.source() });
      return outcomeOf(result);
    };
    const unexpected = { failed: "chain", problems: ["CREDENTIAL_UNEXPECTED /verifiableCredential/2"] };
    expect(await show(own.invocation)).toEqual(unexpected);
    expect(await show(asked)).toEqual(unexpected);
  });
});

describe("an approval that its approver did not make (HOSTILE 224)", () => {
  it.each<readonly [string, (approval: ApprovalCredential) => Promise<object>, string]>([
    [
      "without a proof",
      (approval) => Promise.resolve(edit(asJson(approval), { "/proof": undefined })),
      `signature; PROOF_MISSING ${AT}/proof`,
    ],
    [
      "altered afterwards",
      (approval) => Promise.resolve(edit(asJson(approval), { "/validUntil": "2026-11-23T08:14:59Z" })),
      `signature; SIGNATURE_INVALID ${AT}/proof`,
    ],
    [
      "in whose name another signed",
      (approval) => reissue(approval, STRANGER),
      `signature; ISSUER_MISMATCH ${AT}/proof/verificationMethod`,
    ],
    [
      "signed for another purpose",
      (approval) => reissue(approval, ANN, {}, { purpose: "authentication" }),
      `signature; PROOF_PURPOSE ${AT}/proof/proofPurpose`,
    ],
    [
      "whose proof has ended",
      (approval) => reissue(approval, ANN, {}, { created: NOW - HOUR, expires: NOW }),
      `signature; PROOF_EXPIRED ${AT}/proof/expires`,
    ],
  ])("is refused: one %s", async (_, alter, outcome) => {
    expect(await judged([await alter(await approvalBy(ANN)), genuine])).toBe(outcome);
  });

  it("is refused with all others of its id", async () => {
    const first = await approvalBy(ANN);
    const second = await reissue(first, BEN, { "/issuer": BEN.did });
    expect(await judged([first, second])).toBe("chain; CREDENTIAL_DUPLICATE /verifiableCredential/5/id");
    expect(await judged([first, first])).toBe("profile; DUPLICATE_ITEM /verifiableCredential/5");
  });
});
