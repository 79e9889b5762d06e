import {
  createSeedSigner,
  formatTimestamp,
  WritError,
  type Grant,
  type JsonObject,
  type Signer,
} from "@writ/core";
import { codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  addCredentials,
  createKey,
  createPresentation,
  exportKey,
  type PresentationOptions,
  type Wallet,
} from "../src/index.js";
import { approvedRefunds, ASKED, INVOCATION, openHolder } from "./approvals.js";
import { authorityOf, identityOf, MINUTE, NOW, openWorld, REFUNDS, signerOf } from "./world.js";

const [ANN, SERVICE] = [signerOf("ann").did, signerOf("service").did];

/** The grant that a holder of these chooses, and what is foreseen: one code for each problem. */
async function chosen(grants: readonly (readonly Grant[])[], options: Partial<PresentationOptions> = {}) {
  const { wallet } = await openHolder(...grants);
  const { presentation, foreseen } = await createPresentation(wallet, {
    ...ASKED,
    invocation: INVOCATION,
    ...options,
  });
  const codes = foreseen.map(({ code, dimension }) => `${code} ${String(dimension)}`);
  return [presentation.invocation?.authority.grant, ...codes].join("; ");
}

/** The signer of one of a wallet's keys. */
async function exportSigner(wallet: Wallet, did: string): Promise<Signer> {
  return createSeedSigner(await exportKey(wallet, did));
}

async function errorOf(call: () => Promise<unknown>): Promise<WritError> {
  const error: unknown = await call().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof WritError) return error;
  throw new Error("no refusal was thrown", { cause: error });
}

const FREE: Grant = { ...REFUNDS, id: "free" };
const ONE = approvedRefunds(50, [ANN]);
const DEAR = approvedRefunds(100, [ANN]);
const DENYING: Grant = { ...REFUNDS, id: "denying", actions: ["payout.create"] };

describe("the grant that is chosen", () => {
  it("is one that needs no approval, where there is one", async () => {
    for (const grants of [[[ONE, FREE]], [[FREE, ONE]], [[ONE], [FREE]], [[DENYING, ONE], [FREE]]]) {
      expect(await chosen(grants)).toBe("free");
    }
    expect(await chosen([[{ ...DEAR, id: "dear" }, FREE]])).toBe("dear");
  });

  it("is one that needs approval rather than one that denies", async () => {
    for (const grants of [[[ONE, DENYING]], [[DENYING, ONE]], [[DENYING], [ONE]]]) {
      expect(await chosen(grants)).toBe("approved; APPROVAL_REQUIRED approval");
    }
  });

  it("is the one that denies in fewest ways, whatever must be approved", async () => {
    const denied = { ...ONE, id: "nearer", actions: ["payout.create"] };
    const far: Grant = { ...DENYING, id: "far", resources: ["https://b.example/"] };
    expect(await chosen([[far, denied]])).toBe("nearer; NOT_ALLOWED actions");
    expect(await chosen([[far], [denied]])).toBe("nearer; NOT_ALLOWED actions");
  });

  it("is the one of which fewer grants ask for approval", async () => {
    const lead = await openWorld("lead");
    const holder = await openHolder();
    const parent = await authorityOf(lead.wallet.did, { grants: [ONE], maxHops: 1 });
    const within = { ...ONE, id: "inner", within: "approved" };
    const child = { parent, signer: lead.signer, grants: [within] };
    await addCredentials(holder.wallet, [
      await identityOf(lead.wallet.did),
      parent,
      await authorityOf(holder.wallet.did, child),
    ]);
    const present = () => createPresentation(holder.wallet, { ...ASKED, invocation: INVOCATION });
    const both = await present();
    expect(both.foreseen).toMatchObject([
      { code: "APPROVAL_REQUIRED", link: 0 },
      { code: "APPROVAL_REQUIRED", link: 1 },
    ]);
    await addCredentials(holder.wallet, [await authorityOf(holder.wallet.did, { grants: [ONE] })]);
    const one = await present();
    expect(one.foreseen).toMatchObject([{ code: "APPROVAL_REQUIRED", link: 0 }]);
    expect(one.presentation.invocation?.authority.grant).toBe("approved");
  });

  it("is never one of several principals alike, unless it is named", async () => {
    const { wallet } = await openHolder();
    const [own, ann] = await Promise.all([
      authorityOf(wallet.did, { grants: [FREE] }),
      authorityOf(wallet.did, { grants: [FREE], principal: ANN }),
    ]);
    await addCredentials(wallet, [own, ann]);
    const present = (options: Partial<PresentationOptions> = {}) =>
      createPresentation(wallet, { ...ASKED, invocation: INVOCATION, ...options });
    expect(await codeOfAsync(present)).toBe("AUTHORITY_AMBIGUOUS");
    for (const { id } of [own, ann]) {
      const { presentation } = await present({ authority: id });
      expect(presentation.verifiableCredential.map((each) => each.id)).toContain(id);
    }
    // One that comes nearer is chosen, whoever else has one that denies.
    const denying = await openHolder([DENYING]);
    await addCredentials(denying.wallet, [
      await authorityOf(denying.wallet.did, { grants: [FREE], principal: ANN }),
    ]);
    const { presentation } = await createPresentation(denying.wallet, { ...ASKED, invocation: INVOCATION });
    expect(presentation.invocation?.authority.grant).toBe("free");
  });

  /** An agent with a grant of its own organisation, and a later one of another that vouches for it as well. */
  async function openWithPartner(own: Grant, other: Grant) {
    const { wallet } = await openHolder([own]);
    const partner = { signer: signerOf("partner") };
    const gift = await authorityOf(wallet.did, {
      ...partner,
      members: { validFrom: formatTimestamp(NOW) },
      grants: [{ ...other, statusMaxAgeSeconds: 60 }],
    });
    await addCredentials(wallet, [await identityOf(wallet.did, partner), gift]);
    const present = (options: Partial<PresentationOptions> = {}) =>
      createPresentation(wallet, { ...ASKED, invocation: INVOCATION, ...options });
    return { gift, present };
  }

  it.each([
    ["alike", FREE],
    ["of which the own one asks for approval", ONE],
  ])("is never one of two organisations, %s, unless it is named", async (_, own) => {
    const { gift, present } = await openWithPartner(own, FREE);
    const { code, hint } = await errorOf(present);
    expect([code, hint]).toEqual(["AUTHORITY_AMBIGUOUS", expect.stringContaining(gift.id)]);
    const { presentation } = await present({ authority: gift.id });
    expect(presentation.verifiableCredential.at(-1)?.id).toBe(gift.id);
  });

  it.each([
    ["the other", DENYING, FREE],
    ["the own one", FREE, DENYING],
  ])("is that of the one organisation which allows it: %s", async (_, own, other) => {
    const { presentation, foreseen } = await (await openWithPartner(own, other)).present();
    expect([presentation.invocation?.authority.grant, foreseen]).toEqual(["free", []]);
  });

  it("is not one of two organisations because they say the same, word for word", async () => {
    const { wallet } = await openHolder([ONE]);
    const partner = { signer: signerOf("partner") };
    const times = { members: { validFrom: formatTimestamp(NOW) } };
    const copy = { ...partner, ...times, principal: partner.signer.did, maxHops: 1 };
    await addCredentials(wallet, [
      await identityOf(wallet.did, partner),
      await authorityOf(wallet.did, { ...copy, grants: [ONE] }),
      await authorityOf(wallet.did, { ...copy, grants: [FREE] }),
    ]);
    const present = () => createPresentation(wallet, { ...ASKED, invocation: INVOCATION });
    expect(await codeOfAsync(present)).toBe("AUTHORITY_AMBIGUOUS");
  });

  it("is one of two organisations that both deny only where it is named", async () => {
    const { present } = await openWithPartner(DENYING, DENYING);
    expect(await codeOfAsync(present)).toBe("AUTHORITY_AMBIGUOUS");
    const nearer = await openWithPartner(DENYING, { ...DENYING, resources: ["https://b.example/"] });
    expect((await nearer.present()).foreseen).toMatchObject([{ dimension: "actions" }]);
  });

  it("is not a stranger's where the own organisation's denies, and that where both do", async () => {
    const stranger = { signer: signerOf("stranger") };
    for (const [theirs, code] of [
      [FREE, "AUTHORITY_AMBIGUOUS"],
      [DENYING, undefined],
    ] as const) {
      const { wallet } = await openHolder([{ ...DENYING, id: "own" }]);
      await addCredentials(wallet, [await authorityOf(wallet.did, { ...stranger, grants: [theirs] })]);
      const shown = await createPresentation(wallet, { ...ASKED, invocation: INVOCATION }).then(
        ({ presentation }) => presentation.invocation?.authority.grant,
        (error: unknown) => (error instanceof WritError ? error.code : error),
      );
      expect(shown).toBe(code ?? "own");
    }
  });

  it("is its own where it was handed on by an agent of its organisation", async () => {
    const lead = await openWorld("lead");
    const { wallet } = await openHolder();
    const parent = await authorityOf(lead.wallet.did, { grants: [FREE], maxHops: 1 });
    const within = [{ ...FREE, id: "inner", within: "free" }];
    await addCredentials(wallet, [
      await identityOf(lead.wallet.did),
      parent,
      await authorityOf(wallet.did, { parent, signer: lead.signer, grants: within }),
      await authorityOf(wallet.did, { signer: signerOf("stranger"), grants: [FREE] }),
    ]);
    const { presentation } = await createPresentation(wallet, { ...ASKED, invocation: INVOCATION });
    expect(presentation.invocation?.authority.grant).toBe("inner");
    // Without an invocation as well.
    expect((await createPresentation(wallet, ASKED)).presentation.verifiableCredential).toHaveLength(4);
  });

  it("is that of its own organisation, whatever a stranger would allow", async () => {
    const stranger = { signer: signerOf("stranger") };
    const { wallet, clock } = await openHolder([ONE]);
    const gifts = await Promise.all(
      Array.from({ length: 10 }, () => authorityOf(wallet.did, { ...stranger, grants: [FREE] })),
    );
    await addCredentials(wallet, gifts);
    const present = (options: Partial<PresentationOptions> = {}) =>
      createPresentation(wallet, { ...ASKED, invocation: INVOCATION, ...options });
    // It asks for approval still.
    expect((await present()).foreseen).toMatchObject([{ code: "APPROVAL_REQUIRED" }]);
    // What the organisation denies is not done by a stranger's leave, unless that is named.
    const denied = await errorOf(() => present({ grant: "free" }));
    expect(denied.code).toBe("AUTHORITY_AMBIGUOUS");
    expect(denied.hint).toMatch(
      /Name one by its id \(`authority`; --authority on the command line\): (urn:uuid:[-0-9a-f]{36}, ){7}urn:uuid:\S+ and 2 more$/,
    );
    expect((await present({ authority: gifts[0]?.id ?? "" })).foreseen).toEqual([]);
    expect(await codeOfAsync(() => present({ grant: "nothing" }))).toBe("NOT_FOUND");
    // Nor once the organisation's has ended.
    clock.advance(24 * 60 * MINUTE);
    expect(await codeOfAsync(present)).toBe("EXPIRED");
    expect(await codeOfAsync(() => createPresentation(wallet, ASKED))).toBe("EXPIRED");
  });

  it("is none where all that say something have ended, and that is said", async () => {
    const { wallet, clock } = await openHolder([FREE], [ONE]);
    expect(await codeOfAsync(() => createPresentation(wallet, ASKED))).toBe("AUTHORITY_AMBIGUOUS");
    clock.advance(24 * 60 * MINUTE);
    expect(await codeOfAsync(() => createPresentation(wallet, ASKED))).toBe("EXPIRED");
  });

  it("is never a stranger's unless that is named, also where there is none of its own any more", async () => {
    const { wallet } = await openWorld();
    const gift = await authorityOf(wallet.did, { signer: signerOf("stranger"), grants: [FREE] });
    await addCredentials(wallet, [await identityOf(wallet.did), gift]);
    const present = (options: Partial<PresentationOptions> = {}) =>
      createPresentation(wallet, { ...ASKED, invocation: INVOCATION, ...options });
    expect(await codeOfAsync(present)).toBe("AUTHORITY_AMBIGUOUS");
    expect(await codeOfAsync(() => createPresentation(wallet, ASKED))).toBe("AUTHORITY_AMBIGUOUS");
    expect((await present({ authority: gift.id })).foreseen).toEqual([]);
    // One that allows nothing of it either.
    expect(await codeOfAsync(() => present({ grant: "nothing" }))).toBe("AUTHORITY_AMBIGUOUS");
  });

  it("is not its own once what it was handed on from is gone, nor a stranger's in its place", async () => {
    const { wallet } = await openWorld("holder");
    const lead = await createKey(wallet, { name: "lead" });
    const parent = await authorityOf(lead.did, { grants: [DENYING], maxHops: 1 });
    const asLead = await exportSigner(wallet, lead.did);
    const within = [{ ...DENYING, id: "inner", within: "denying" }];
    await addCredentials(wallet, [
      await identityOf(wallet.did),
      await identityOf(lead.did),
      parent,
      await authorityOf(wallet.did, { parent, signer: asLead, grants: within }),
      await authorityOf(wallet.did, { signer: signerOf("stranger"), grants: [FREE] }),
    ]);
    const present = () => createPresentation(wallet, { ...ASKED, invocation: INVOCATION });
    expect(await codeOfAsync(present)).toBe("AUTHORITY_AMBIGUOUS");
    const narrower = await authorityOf(lead.did, { grants: [DENYING] });
    await addCredentials(wallet, [narrower], { supersedes: [parent.id] });
    expect(await codeOfAsync(present)).toBe("AUTHORITY_AMBIGUOUS");
  });

  it("is not of one of two organisations because the same was handed on under both", async () => {
    const lead = await openWorld("lead");
    const { wallet } = await openWorld("holder");
    const partner = { signer: signerOf("partner") };
    const later = { members: { validUntil: formatTimestamp(NOW + 30 * MINUTE) } };
    const [own, theirs] = await Promise.all([
      authorityOf(lead.wallet.did, { grants: [FREE], maxHops: 1 }),
      authorityOf(lead.wallet.did, { ...partner, grants: [FREE], maxHops: 1 }),
    ]);
    const within = [{ ...FREE, id: "inner", within: "free" }];
    const handOn = (parent: typeof own, times = {}) =>
      authorityOf(wallet.did, { parent, signer: lead.signer, grants: within, ...times });
    await addCredentials(wallet, [
      await identityOf(wallet.did),
      await identityOf(wallet.did, partner),
      await identityOf(lead.wallet.did),
      own,
      theirs,
      await handOn(own, later),
      await handOn(theirs),
    ]);
    for (const asked of [ASKED, { ...ASKED, invocation: INVOCATION }]) {
      expect(await codeOfAsync(() => createPresentation(wallet, asked))).toBe("AUTHORITY_AMBIGUOUS");
    }
  });

  it("is of one issuer the nearer one, on behalf of whomever, and each authority is named once", async () => {
    const { wallet, granted } = await openHolder([ONE]);
    const ann = await authorityOf(wallet.did, { grants: [FREE, { ...FREE, id: "too" }], principal: ANN });
    await addCredentials(wallet, [ann]);
    const present = () => createPresentation(wallet, { ...ASKED, invocation: INVOCATION });
    const { presentation, foreseen } = await present();
    expect([presentation.invocation?.authority.grant, foreseen]).toEqual(["free", []]);
    const own = await authorityOf(wallet.did, { grants: [FREE, { ...FREE, id: "too" }] });
    await addCredentials(wallet, [own]);
    const { hint } = await errorOf(present);
    const ids = hint?.match(/urn:uuid:[-0-9a-f]{36}/g) ?? [];
    expect([...ids].sort()).toEqual([ann.id, own.id].sort());
    expect(ids).not.toContain(granted[0]?.id);
  });

  it("is the one that is named, whatever another would allow", async () => {
    expect(await chosen([[FREE, DENYING]], { grant: "denying" })).toBe("denying; NOT_ALLOWED actions");
    expect(await chosen([[FREE], [DENYING, ONE]], { grant: "approved" })).toBe(
      "approved; APPROVAL_REQUIRED approval",
    );
    expect(await codeOfAsync(() => chosen([[FREE]], { grant: "denying" }))).toBe("NOT_FOUND");
  });

  it("is that of the authority that begins last, of several that serve alike", async () => {
    const { wallet, clock } = await openHolder();
    const at = (minutes: number) => ({ members: { validFrom: formatTimestamp(NOW + minutes * MINUTE) } });
    const [first, last, second] = await Promise.all(
      [at(0), at(2), at(1)].map((times) => authorityOf(wallet.did, { grants: [FREE], ...times })),
    );
    await addCredentials(wallet, [first, last, second] as readonly JsonObject[]);
    const shown = async () => {
      const { presentation } = await createPresentation(wallet, { ...ASKED, invocation: INVOCATION });
      return presentation.verifiableCredential[1]?.id;
    };
    for (const latest of [first, second, last]) {
      expect(await shown()).toBe(latest?.id);
      clock.advance(MINUTE);
    }
  });

  it("is not held against what only the service can know", async () => {
    const metered: Grant = {
      ...FREE,
      id: "metered",
      spend: { unit: "EUR", budget: 5000 },
      rate: [{ max: 1, seconds: 60 }],
      meter: { ledger: SERVICE, account: "urn:uuid:00000000-0000-4000-8000-000000000001" },
      when: { context: { environment: { oneOf: ["prod"] } } },
      statusMaxAgeSeconds: 60,
      audience: [SERVICE],
    };
    expect(await chosen([[metered]])).toBe("metered");
    expect(await chosen([[metered]], { audience: SERVICE })).toBe("metered");
    expect(await chosen([[metered]], { audience: ANN })).toBe("metered; NOT_ALLOWED audience");
  });

  it("is not one whose hours are over", async () => {
    const window = { days: ["mo"], from: "09:00", to: "10:00", timeZone: "UTC" } as const;
    const later: Grant = { ...FREE, id: "later", when: { windows: [window] } };
    expect(await chosen([[later, FREE]])).toBe("free");
    expect(await chosen([[later]])).toBe("later; NOT_ALLOWED when");
  });
});
