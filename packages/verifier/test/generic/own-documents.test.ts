import { addProof, type JsonObject } from "@writ/core";
import { codeOfAsync } from "@writ/testkit";
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from "vitest";

import {
  decide,
  unbound,
  verifyGenericCredential,
  verifyGenericPresentation,
  type VerifiedPresentation,
  type VerifyGenericPresentationResult,
} from "../../src/index.js";
import { edit } from "../edit.js";
import { compose, INVOCATION, openWorld, present, reissue, STRANGER, type World } from "../world.js";
import { CREDENTIAL, presentationOf, PRESENTING, publishedLists, sign, told, V2 } from "./documents.js";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const generic = async (text: string): Promise<VerifyGenericPresentationResult> => {
  const [own, others] = [await world.source(), await publishedLists()];
  for (const [address, list] of others.lists) own.lists.set(address, list);
  return verifyGenericPresentation(text, {
    trust: "anybody",
    clock: world.clock,
    status: own,
    expectedChallenge: unbound,
    expectedDomain: unbound,
  });
};

/** A document of Writ's in a presentation of others, signed by its holder. */
async function among(credential: object): Promise<VerifyGenericPresentationResult> {
  const document = presentationOf(V2, await sign(CREDENTIAL), credential as JsonObject);
  return generic(JSON.stringify(await sign(document, PRESENTING)));
}

describe("Writ's own documents, verified as those of others", () => {
  it("are verified, alone and among others", async () => {
    const options = { trust: "anybody", clock: world.clock, status: await world.source() } as const;
    const alone = await verifyGenericCredential(JSON.stringify(world.lead.identity), options);
    expect(told(alone)).toMatchObject({ failed: [], open: ["issuer", "resources"] });
    expect(told(await among(world.lead.identity))).toMatchObject({ failed: [] });
  });

  it.each<readonly [string, Readonly<Record<string, unknown>>, string]>([
    ["row 30: an unknown member", { "/termsOfUse": { type: "x" } }, "SCHEMA_INVALID /termsOfUse"],
    [
      "row 34: a value object",
      { "/credentialSubject/name": { "@value": "lead" } },
      "KEY_NOT_PLAIN /credentialSubject/name/@value",
    ],
    [
      "row 28: another context",
      { "/@context": [V2], "/proof/@context": [V2] },
      "CONTEXT_NOT_ALLOWED /@context",
    ],
    ["no status", { "/credentialStatus": undefined }, "STATUS_MISSING /credentialStatus"],
  ])("are under the strict profile: %s", async (_, changes, problem) => {
    const { identity } = world.lead;
    const altered = edit(identity as unknown as JsonObject, changes);
    const alone = await verifyGenericCredential(JSON.stringify(altered), {
      trust: "anybody",
      clock: world.clock,
      status: await world.source(),
    });
    expect(told(alone)).toMatchObject({ failed: ["profile"], problems: [problem] });
    expect(told(await among(altered))).toMatchObject({
      failed: ["profile"],
      problems: [problem.replace(" ", " /verifiableCredential/1")],
    });
  });

  it("have status lists of their own form alone", async () => {
    const status = await world.source();
    for (const [address, list] of status.lists) {
      const parsed = JSON.parse(String(list)) as JsonObject;
      const open = await reissue(parsed, world.organisation.signer, { "/validUntil": undefined });
      status.lists.set(address, JSON.stringify(open));
    }
    const options = { trust: "anybody", clock: world.clock, status } as const;
    expect(told(await verifyGenericCredential(JSON.stringify(world.lead.identity), options))).toMatchObject({
      failed: ["status"],
      problems: ["STATUS_LIST_MALFORMED /credentialStatus/0", "STATUS_LIST_MALFORMED /credentialStatus/1"],
    });
  });

  it("row 44: bear no proof but their issuer's", async () => {
    const foreign = await reissue(world.lead.identity, STRANGER);
    expect(told(await among(foreign)).problems).toEqual([
      "ISSUER_MISMATCH /verifiableCredential/1/proof/verificationMethod",
    ]);
  });

  it("a presentation of Writ's is under the strict profile as well", async () => {
    const shown = await present(world.third);
    expect(told(await generic(shown))).toMatchObject({ failed: [] });
    const unknown = await compose(world.third.signer, [world.third.identity], {
      changes: { "/termsOfUse": { type: "VerifiableCredential" } },
    });
    expect(told(await generic(unknown))).toMatchObject({
      failed: ["profile"],
      problems: ["SCHEMA_INVALID /termsOfUse"],
    });
    const witnessed = await addProof(JSON.parse(shown) as object, { ...PRESENTING, signer: STRANGER });
    expect(told(await generic(JSON.stringify(witnessed)))).toMatchObject({
      failed: ["signature"],
      problems: ["HOLDER_MISMATCH /proof/1/verificationMethod"],
    });
  });
});

describe("a result on documents of others", () => {
  it("is none that `decide` takes, as a type or at run time", async () => {
    const result = await generic(await present(world.third, { invocation: INVOCATION }));
    if (!result.verified) throw new Error(JSON.stringify(result.problems));
    for (const value of [result, result.presentation, result.presentation.holder]) {
      const forged = value as unknown as VerifiedPresentation;
      expect(await codeOfAsync(() => decide(forged))).toBe("ARGUMENT_INVALID");
    }
    expectTypeOf(result).not.toExtend<VerifiedPresentation>();
    expectTypeOf(result.presentation).not.toExtend<VerifiedPresentation>();
  });
});
