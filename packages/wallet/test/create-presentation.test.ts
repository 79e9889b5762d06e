import {
  createResolver,
  digestMultibase,
  formatTimestamp,
  verifyProofs,
  type Grant,
  type JsonObject,
} from "@writ/core";
import { codeOfAsync, refusalOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  addCredentials,
  createPresentation,
  delegateAuthority,
  type PresentationOptions,
} from "../src/index.js";
import {
  authorityOf,
  HOUR,
  identityOf,
  MINUTE,
  NOW,
  openWorld,
  REFUNDS,
  SERVICE,
  signerOf,
  type WalletWorld,
} from "./world.js";

const ASKED = { challenge: "challenge-1", domain: "https://shop.example" };
const INVOCATION = {
  action: "refund.create",
  resource: "https://api.acme.example/v1/orders/eu/77",
  args: { amount: 100 },
};
const READ: Grant = { id: "read", actions: ["order.read"] };

async function openHolder(...authorities: readonly (readonly Grant[])[]) {
  const world = await openWorld("holder");
  const identity = await identityOf(world.wallet.did);
  const granted = await Promise.all(
    authorities.map((grants) => authorityOf(world.wallet.did, { grants, maxHops: 1 })),
  );
  await addCredentials(world.wallet, [identity, ...granted]);
  return { ...world, identity, granted };
}

const present = ({ wallet }: Pick<WalletWorld, "wallet">, options: Partial<PresentationOptions> = {}) =>
  createPresentation(wallet, { ...ASKED, ...options });

const ids = (documents: readonly { readonly id: string }[]): readonly string[] =>
  documents.map(({ id }) => id);

describe("createPresentation", () => {
  it("shows identity and authority, signed for one challenge and five minutes", async () => {
    const world = await openHolder([REFUNDS]);
    const { presentation, foreseen } = await present(world);
    const { proof, ...rest } = presentation;
    expect(rest).toEqual({
      "@context": ["https://www.w3.org/ns/credentials/v2", "https://w3id.org/writ/v1"],
      type: ["VerifiablePresentation"],
      holder: world.wallet.did,
      verifiableCredential: [world.identity, ...world.granted],
    });
    expect(proof).toMatchObject({
      proofPurpose: "authentication",
      created: "2026-11-23T08:00:00Z",
      expires: "2026-11-23T08:05:00Z",
      challenge: "challenge-1",
      domain: "https://shop.example",
      verificationMethod: world.signer.verificationMethod,
    });
    expect(foreseen).toEqual([]);
    const result = await verifyProofs(JSON.stringify(presentation), { resolver: createResolver() });
    expect(result).toMatchObject({ verified: true, proofs: [{ key: { did: world.wallet.did } }] });
  });

  it("names authority and grant in the invocation, with a nonce of its own", async () => {
    const world = await openHolder([READ, REFUNDS]);
    const first = (await present(world, { invocation: INVOCATION })).presentation.invocation;
    expect(first).toEqual({
      authority: { digestMultibase: digestMultibase(world.granted[0] as never), grant: "refunds" },
      ...INVOCATION,
      nonce: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/) as string,
    });
    const second = (await present(world, { invocation: INVOCATION })).presentation.invocation;
    expect(second?.nonce).not.toBe(first?.nonce);
  });

  it("leaves resource and arguments out where none are asked for", async () => {
    const world = await openHolder([READ]);
    const { presentation } = await present(world, { invocation: { action: "order.read" } });
    expect(Object.keys(presentation.invocation ?? {})).toEqual(["authority", "action", "nonce"]);
  });

  it("chooses the authority with a grant that allows, and shows no other", async () => {
    const world = await openHolder(
      [READ],
      [REFUNDS],
      [{ ...REFUNDS, id: "big", args: { "/amount": { range: { max: 90 } } } }],
    );
    const { presentation, foreseen } = await present(world, { invocation: INVOCATION });
    expect(ids(presentation.verifiableCredential)).toEqual([world.identity.id, world.granted[1]?.id]);
    expect(presentation.invocation?.authority.grant).toBe("refunds");
    expect(foreseen).toEqual([]);
  });

  it("passes over grants for other services where the service is known", async () => {
    const here = { ...READ, id: "here", audience: [SERVICE.did] };
    const world = await openHolder([{ ...READ, id: "there", audience: [signerOf("other").did] }, here]);
    const invocation = { action: "order.read" };
    const known = await present(world, { invocation, audience: SERVICE.did });
    expect(known.presentation.invocation?.authority.grant).toBe("here");
    expect(known.foreseen).toEqual([]);
    const unknown = await present(world, { invocation });
    expect(unknown.presentation.invocation?.authority.grant).toBe("there");
    expect(unknown.foreseen).toEqual([]);
  });

  it("signs what no grant allows under the one that comes nearest, and says what it foresees", async () => {
    const far: Grant = {
      ...REFUNDS,
      id: "far",
      actions: ["payout.create"],
      resources: ["https://b.example/"],
    };
    const world = await openHolder([far, REFUNDS]);
    const invocation = { ...INVOCATION, args: { amount: 20_001 } };
    const { presentation, foreseen } = await present(world, { invocation });
    expect(presentation.invocation?.authority.grant).toBe("refunds");
    expect(foreseen).toMatchObject([
      {
        code: "NOT_ALLOWED",
        dimension: "args",
        pointer: "/args/amount",
        grant: "refunds",
        link: 0,
        asked: 20_001,
      },
      { code: "NOT_ALLOWED", dimension: "spend", pointer: "/args/amount", allowed: 20_000 },
    ]);
    expect(foreseen).toHaveLength(2);
  });

  it("shows of a chain its links and who is on the way, and nothing else", async () => {
    const lead = await openHolder([REFUNDS], [READ]);
    const sub = await openWorld("sub");
    const { credential, bundle } = await delegateAuthority(lead.wallet, {
      to: sub.wallet.did,
      authority: lead.granted[0]?.id as string,
      grants: [{ ...REFUNDS, id: "eu", within: "refunds" }],
    });
    const identity = await identityOf(sub.wallet.did);
    const own = await authorityOf(sub.wallet.did, { grants: [READ] });
    await addCredentials(sub.wallet, [
      identity,
      own,
      ...(bundle as readonly object[] as readonly JsonObject[]),
    ]);
    const shown = async (options: Partial<PresentationOptions>) =>
      ids((await present(sub, options)).presentation.verifiableCredential);
    expect(await shown({ authority: credential.id })).toEqual([
      identity.id,
      credential.id,
      lead.granted[0]?.id,
      lead.identity.id,
    ]);
    expect(await shown({ invocation: INVOCATION })).toHaveLength(4);
    expect(await shown({ invocation: { action: "order.read" } })).toEqual([identity.id, own.id]);
    expect(await shown({ authority: "none" })).toEqual([identity.id]);
  });

  it("shows the identity alone where it is told to, or has no authority", async () => {
    const world = await openHolder([REFUNDS]);
    const none = await present(world, { authority: "none" });
    expect(ids(none.presentation.verifiableCredential)).toEqual([world.identity.id]);
    const poor = await openHolder();
    const { presentation } = await present(poor);
    expect(ids(presentation.verifiableCredential)).toEqual([poor.identity.id]);
    expect("invocation" in presentation).toBe(false);
  });

  it("shows the identity that is valid now and ends last", async () => {
    const world = await openHolder([REFUNDS]);
    const span = (from: number, until: string) => ({
      members: { validFrom: formatTimestamp(NOW + from), validUntil: until },
    });
    const shown = async () => ids((await present(world)).presentation.verifiableCredential)[0];
    const add = async (from: number, until: string) => {
      const identity = await identityOf(world.wallet.did, span(from, until));
      await addCredentials(world.wallet, [identity]);
      return identity.id;
    };
    // As texts these end later than 16:00:00Z, as times they do not.
    await add(0, "2026-11-23T17:00:00+02:00");
    expect(await shown()).toBe(world.identity.id);
    const renewed = await add(HOUR, "2026-11-24T08:00:00Z");
    // The renewed one begins in an hour; until then the present one serves.
    expect(await shown()).toBe(world.identity.id);
    world.clock.advance(HOUR);
    expect(await shown()).toBe(renewed);
  });

  it("passes over authority that cannot be used now", async () => {
    const world = await openHolder([REFUNDS]);
    const later = { members: { validFrom: formatTimestamp(NOW + MINUTE) } };
    await addCredentials(world.wallet, [await authorityOf(world.wallet.did, later)]);
    const { presentation } = await present(world, { invocation: INVOCATION });
    expect(ids(presentation.verifiableCredential)).toEqual([world.identity.id, world.granted[0]?.id]);
  });
});

describe("a presentation that a verifier would refuse is not signed", () => {
  const refusal = (world: WalletWorld, options: Partial<PresentationOptions> = {}) =>
    refusalOfAsync(() => present(world, options));

  it("without identity, or with one that has ended or not begun", async () => {
    const empty = await openWorld();
    expect(await refusal(empty)).toMatchObject({ code: "IDENTITY_MISSING" });
    const world = await openHolder([REFUNDS]);
    world.clock.advance(8 * HOUR - 1);
    await present(world, { authority: "none" });
    world.clock.advance(1);
    expect(await refusal(world, { authority: "none" })).toEqual({ code: "EXPIRED", pointer: "/validUntil" });
    const early = await openWorld("early");
    const later = { members: { validFrom: formatTimestamp(NOW + MINUTE) } };
    await addCredentials(early.wallet, [await identityOf(early.wallet.did, later)]);
    expect(await refusal(early)).toEqual({ code: "NOT_YET_VALID", pointer: "/validFrom" });
  });

  it("with authority that has ended, that is not there, or that could be one of several", async () => {
    const world = await openHolder([REFUNDS], [READ]);
    expect(await refusal(world)).toMatchObject({ code: "AUTHORITY_AMBIGUOUS" });
    expect(await refusal(world, { authority: "urn:uuid:0" })).toMatchObject({ code: "NOT_FOUND" });
    world.clock.advance(8 * HOUR);
    const renewed = {
      members: { validFrom: formatTimestamp(NOW), validUntil: formatTimestamp(NOW + 20 * HOUR) },
    };
    await addCredentials(world.wallet, [await identityOf(world.wallet.did, renewed)]);
    const [first] = world.granted;
    expect(await refusal(world, { authority: first?.id as string })).toMatchObject({ code: "EXPIRED" });
    expect(await refusal(world, { invocation: INVOCATION })).toMatchObject({ code: "EXPIRED" });
    const poor = await openHolder();
    expect(await refusal(poor, { invocation: INVOCATION })).toMatchObject({ code: "NOT_FOUND" });
  });

  it("with an invocation under no authority", async () => {
    const world = await openHolder([REFUNDS]);
    expect(await refusal(world, { authority: "none", invocation: INVOCATION })).toMatchObject({
      code: "ARGUMENT_INVALID",
    });
  });

  it("without the identity of somebody on the way", async () => {
    const lead = signerOf("lead");
    const world = await openHolder();
    const parent = await authorityOf(lead.did, { maxHops: 1 });
    const grants = [{ ...REFUNDS, within: "refunds" }];
    await addCredentials(world.wallet, [
      parent,
      await authorityOf(world.wallet.did, { parent, signer: lead, grants }),
    ]);
    expect(await refusal(world)).toMatchObject({ code: "IDENTITY_MISSING" });
    await addCredentials(world.wallet, [await identityOf(lead.did)]);
    expect((await present(world)).presentation.verifiableCredential).toHaveLength(4);
  });

  it.each([
    ["an action of capitals", { action: "Refund.create" }, "/invocation/action"],
    ["an action that is a pattern", { action: "refund.*" }, "/invocation/action"],
    ["a resource that climbs", { ...INVOCATION, resource: "https://a.example/../b" }, "/invocation/resource"],
    ["arguments that are a list", { ...INVOCATION, args: [1] as never }, "/invocation/args"],
    ["a member more", { ...INVOCATION, nonce: "mine" } as never, "/invocation/nonce"],
  ])("with %s", async (_, invocation, pointer) => {
    const world = await openHolder([REFUNDS]);
    expect((await refusal(world, { invocation })).pointer).toBe(pointer);
  });

  it.each([
    ["no challenge", { challenge: "" }, "SCHEMA_INVALID", "/proof/challenge"],
    ["a challenge without end", { challenge: "x".repeat(513) }, "SCHEMA_INVALID", "/proof/challenge"],
    ["no domain", { domain: "" }, "SCHEMA_INVALID", "/proof/domain"],
    ["a domain that deceives", { domain: "https://shop\u200b.example" }, "CHAR_FORBIDDEN", "/proof/domain"],
  ])("for %s", async (_, options, code, pointer) => {
    const world = await openHolder([REFUNDS]);
    expect(await refusal(world, options)).toEqual({ code, pointer });
  });

  it("with more than 256 KiB", async () => {
    const world = await openHolder([{ id: "any", actions: ["a"] }]);
    const args = { text: "x".repeat(256 * 1024) };
    expect(await codeOfAsync(() => present(world, { invocation: { action: "a", args } }))).toBe("TOO_LARGE");
  });
});
