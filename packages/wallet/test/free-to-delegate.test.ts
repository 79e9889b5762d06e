import { asJson, formatTimestamp, type Grant } from "@writ/core";
import { codeOfAsync, refusalOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { addCredentials, delegateAuthority, freeToDelegate, openWallet } from "../src/index.js";
import { authorityOf, HOUR, identityOf, MINUTE, NOW, openWorld, rawKey, SERVICE, signerOf } from "./world.js";

const SUB = signerOf("sub").did;
const meterAt = (position: number) => ({
  ledger: SERVICE.did,
  account: `urn:uuid:00000000-0000-4000-8000-${String(position).padStart(12, "0")}`,
});

function payments(id: string, budget: number, position: number, more: Partial<Grant> = {}): Grant {
  return { id, actions: ["pay"], spend: { unit: "EUR", budget }, meter: meterAt(position), ...more };
}

const PAY = payments("pay", 100, 0, { rate: [{ max: 9, seconds: 60 }] });
const READ: Grant = { id: "read", actions: ["order.read"], spend: { unit: "EUR", perAction: 5 } };

/** A wallet with an authority of two grants, that may be handed on twice. */
async function openLead(maxHops = 2) {
  const world = await openWorld("lead");
  const parent = await authorityOf(world.wallet.did, { grants: [PAY, READ], maxHops });
  await addCredentials(world.wallet, [await identityOf(world.wallet.did), parent]);
  const handOn = async (budget: number, more: { lifeMs?: number; authority?: string } = {}) =>
    (
      await delegateAuthority(world.wallet, {
        to: SUB,
        grants: [payments("part", budget, 1, { within: "pay", rate: [{ max: 9, seconds: 60 }] })],
        ...more,
      })
    ).credential;
  const budget = async (id?: string) =>
    (await freeToDelegate(world.wallet, id === undefined ? {} : { authority: id })).grants[0]?.free.spend
      ?.budget;
  return { ...world, parent, handOn, budget };
}

/** What a grant of these dimensions says, and what of it is free: not its account. */
function withoutId({ id: _, ...effective }: Grant) {
  const { meter: __, ...free } = effective;
  return { effective, free };
}

describe("freeToDelegate", () => {
  it("is all that is effective, where nothing was handed on", async () => {
    const { wallet, parent } = await openLead();
    expect(await freeToDelegate(wallet)).toEqual({
      authority: parent,
      maxHops: 2,
      grants: [
        { id: "pay", ...withoutId(PAY) },
        { id: "read", ...withoutId(READ) },
      ],
      delegations: [],
    });
  });

  it("is less by the budgets that were handed on, and by nothing else", async () => {
    const { wallet, handOn } = await openLead();
    const first = await handOn(30);
    const second = await handOn(25);
    const pay = withoutId(PAY);
    const { grants, delegations } = await freeToDelegate(wallet);
    expect(grants).toEqual([
      { id: "pay", effective: pay.effective, free: { ...pay.free, spend: { unit: "EUR", budget: 45 } } },
      { id: "read", ...withoutId(READ) },
    ]);
    expect(delegations).toHaveLength(2);
    expect(delegations).toEqual(expect.arrayContaining([first, second]));
  });

  it("is told of each grant apart, also of one that limits nothing", async () => {
    const { wallet } = await openWorld("several");
    const open: Grant = { id: "open", actions: ["pay"] };
    const other = payments("other", 50, 3);
    const parent = await authorityOf(wallet.did, {
      grants: [payments("pay", 100, 0), other, open],
      maxHops: 1,
    });
    await addCredentials(wallet, [await identityOf(wallet.did), parent]);
    await delegateAuthority(wallet, {
      to: SUB,
      grants: [
        payments("a", 30, 1, { within: "pay" }),
        payments("b", 20, 2, { within: "other" }),
        payments("c", 7, 4, { within: "open" }),
        payments("d", 8, 5, { within: "pay" }),
      ],
    });
    const { grants } = await freeToDelegate(wallet);
    expect(grants.map(({ id, free }) => [id, free.spend?.budget])).toEqual([
      ["pay", 62],
      ["other", 30],
      ["open", undefined],
    ]);
    expect(grants[2]?.free).toEqual({ actions: ["pay"] });
  });

  it("is nothing, and not less, where more was handed on than there was", async () => {
    const { handOn, budget } = await openLead();
    await handOn(100);
    expect(await budget()).toBe(0);
    await handOn(60);
    expect(await budget()).toBe(0);
  });

  it("is more again when what was handed on has ended, by the millisecond", async () => {
    const { wallet, clock, handOn, budget } = await openLead();
    await handOn(30, { lifeMs: MINUTE });
    await handOn(25);
    clock.advance(MINUTE - 1);
    expect(await budget()).toBe(45);
    clock.advance(1);
    expect(await budget()).toBe(75);
    expect((await freeToDelegate(wallet)).delegations).toHaveLength(1);
    clock.advance(HOUR);
    expect(await budget()).toBe(100);
  });

  it("is told of each authority apart, and where there are several, of the one that is named", async () => {
    const { wallet, parent, handOn, budget } = await openLead();
    const other = await authorityOf(wallet.did, { grants: [payments("pay", 100, 7)], maxHops: 1 });
    await addCredentials(wallet, [other]);
    await handOn(30, { authority: parent.id });
    expect(await budget(parent.id)).toBe(70);
    expect(await budget(other.id)).toBe(100);
    expect(await codeOfAsync(() => freeToDelegate(wallet))).toBe("AUTHORITY_AMBIGUOUS");
    expect(await codeOfAsync(() => freeToDelegate(wallet, { authority: "urn:uuid:0" }))).toBe("NOT_FOUND");
  });

  it("tells by how many links it may be followed: none", async () => {
    const { wallet, handOn } = await openLead(0);
    expect((await freeToDelegate(wallet)).maxHops).toBe(0);
    expect(await codeOfAsync(() => handOn(1))).toBe("CHAIN_HOPS");
    // What was refused was not handed on.
    expect((await freeToDelegate(wallet)).delegations).toEqual([]);
  });

  it("is known to the wallet when it is opened again", async () => {
    const { wallet, store, clock, random, handOn } = await openLead();
    const credential = await handOn(30);
    const again = await openWallet(store, rawKey(1), { clock, random });
    expect((await freeToDelegate(again)).delegations).toEqual([credential]);
    expect((await freeToDelegate(wallet)).grants[0]?.free.spend?.budget).toBe(70);
  });

  it("includes what is inherited, where the authority is not the root's", async () => {
    const lead = await openLead();
    const sub = await openWorld("sub");
    const { bundle } = await delegateAuthority(lead.wallet, {
      to: sub.wallet.did,
      grants: [payments("part", 60, 1, { within: "pay", actions: ["pay"] })].map((grant) => ({
        ...grant,
        rate: [{ max: 3, seconds: 60 }],
      })),
      maxHops: 1,
    });
    await addCredentials(sub.wallet, [await identityOf(sub.wallet.did), ...bundle.map(asJson)]);
    const { maxHops, grants } = await freeToDelegate(sub.wallet);
    expect(maxHops).toBe(1);
    expect(grants).toMatchObject([{ id: "part", free: { spend: { budget: 60 }, rate: [{ max: 3 }] } }]);
    const bare = await delegateAuthority(lead.wallet, {
      to: sub.wallet.did,
      grants: [{ id: "bare", within: "pay", actions: ["pay"] }],
    });
    await addCredentials(sub.wallet, bare.bundle.map(asJson));
    const free = await freeToDelegate(sub.wallet, { authority: bare.credential.id });
    expect(free.grants).toEqual([{ id: "bare", ...withoutId(PAY) }]);
  });

  it("is not told where the authority has ended, or has not begun", async () => {
    const { wallet, clock } = await openLead();
    clock.advance(8 * HOUR);
    expect(await refusalOfAsync(() => freeToDelegate(wallet))).toEqual({
      code: "EXPIRED",
      pointer: "/validUntil",
    });
    const early = await openWorld("early");
    const members = { validFrom: formatTimestamp(NOW + MINUTE) };
    await addCredentials(early.wallet, [await authorityOf(early.wallet.did, { members })]);
    expect(await codeOfAsync(() => freeToDelegate(early.wallet))).toBe("NOT_YET_VALID");
    expect(await codeOfAsync(async () => freeToDelegate((await openWorld("poor")).wallet))).toBe("NOT_FOUND");
  });
});
