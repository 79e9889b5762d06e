import { asJson, digestMultibase } from "@writ/core";
import { codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  addCredentials,
  createMemoryWalletStore,
  createKey,
  delegateAuthority,
  eachDelegation,
  forgetEnded,
  freeToDelegate,
  listCredentials,
  listDelegations,
  openWallet,
  useKey,
  type DelegationFilter,
  type DelegationRecord,
  type Wallet,
} from "../src/index.js";
import { openLead, OTHER, PAY, payments, READ, SUB } from "./delegated.js";
import { authorityOf, HOUR, identityOf, MINUTE, NOW, openWorld, ORGANISATION, rawKey } from "./world.js";

async function each(wallet: Wallet, filter?: DelegationFilter): Promise<readonly DelegationRecord[]> {
  const found: DelegationRecord[] = [];
  for await (const delegation of eachDelegation(wallet, filter)) found.push(delegation);
  return found;
}

const idsOf = (records: readonly { readonly id: string }[]): readonly string[] => records.map(({ id }) => id);

describe("listDelegations", () => {
  it("says to whom, under which parent, how much of each budget, since when and until when", async () => {
    const { wallet, clock, parent } = await openLead();
    clock.advance(MINUTE);
    const { credential } = await delegateAuthority(wallet, {
      to: SUB,
      grants: [
        payments("part", 30, 1, { within: "pay" }),
        { id: "see", within: "read", actions: ["order.read"] },
        { id: "all", within: "pay", actions: ["pay"] },
      ],
    });
    clock.advance(20 * MINUTE);
    expect(await listDelegations(wallet)).toEqual([
      {
        id: credential.id,
        state: "live",
        from: wallet.did,
        to: SUB,
        parent: { id: parent.id, digestMultibase: digestMultibase(parent) },
        grants: ["part", "see", "all"],
        budgets: [
          { grant: "part", within: "pay", unit: "EUR", budget: 30, of: 100 },
          { grant: "all", within: "pay", unit: "EUR", budget: 100, of: 100 },
        ],
        handedOnAt: NOW + MINUTE,
        endsAt: NOW + HOUR + MINUTE,
        remainingMs: 40 * MINUTE,
        isRevocable: false,
        credential,
      },
    ]);
  });

  it("finds by parent, by receiver and by state, each alone and together", async () => {
    const { wallet, clock, parent, handOn } = await openLead();
    const second = await authorityOf(wallet.did, { grants: [PAY], maxHops: 1 });
    await addCredentials(wallet, [second]);
    const first = await handOn(1, { authority: parent.id, lifeMs: MINUTE });
    clock.advance(MINUTE);
    const other = await handOn(2, { authority: parent.id, to: OTHER });
    clock.advance(MINUTE);
    const last = await handOn(3, { authority: second.id });
    const found = async (filter?: DelegationFilter) => {
      const listed = idsOf(await listDelegations(wallet, filter));
      expect(idsOf(await each(wallet, filter)).toSorted()).toEqual(listed.toSorted());
      return listed;
    };
    expect(await found()).toEqual(idsOf([first, other, last]));
    expect(await found({ parent: parent.id })).toEqual(idsOf([first, other]));
    expect(await found({ to: SUB })).toEqual(idsOf([first, last]));
    expect(await found({ to: SUB, parent: parent.id })).toEqual([first.id]);
    expect(await found({ state: "live" })).toEqual(idsOf([other, last]));
    expect(await found({ state: "ended" })).toEqual([first.id]);
    expect(await found({ state: "revoked" })).toEqual([]);
    expect(await found({ state: "live", to: SUB })).toEqual([last.id]);
    expect(await found({ to: ORGANISATION.did })).toEqual([]);
  });

  it("says that it has ended, by the millisecond", async () => {
    const { wallet, clock, handOn } = await openLead();
    await handOn(30);
    clock.advance(HOUR - 1);
    expect(await listDelegations(wallet)).toMatchObject([{ state: "live", remainingMs: 1 }]);
    clock.advance(1);
    expect(await listDelegations(wallet)).toMatchObject([{ state: "ended", remainingMs: 0 }]);
    clock.advance(HOUR);
    expect(await listDelegations(wallet)).toMatchObject([{ state: "ended", remainingMs: 0 }]);
  });

  it("counts as live what has not begun by a clock that was set back", async () => {
    const { wallet, clock, handOn } = await openLead();
    await addCredentials(wallet, []);
    clock.advance(HOUR);
    await handOn(30);
    clock.advance(-30 * MINUTE);
    expect(await listDelegations(wallet)).toMatchObject([{ state: "live" }]);
    expect((await freeToDelegate(wallet)).grants[0]?.free.spend?.budget).toBe(70);
  });

  it("says what it knows where the parent is held no more", async () => {
    const { wallet, parent, handOn } = await openLead();
    await handOn(30);
    const plain = { id: "whole", within: "pay", actions: ["pay"] } as const;
    await delegateAuthority(wallet, { to: OTHER, grants: [plain] });
    const fresh = await authorityOf(wallet.did, { grants: [READ] });
    await addCredentials(wallet, [fresh], { supersedes: [parent.id] });
    const budgets = (await listDelegations(wallet)).map((delegation) => [delegation.to, delegation.budgets]);
    expect(new Map(budgets as [string, unknown][])).toEqual(
      new Map<string, unknown>([
        [SUB, [{ grant: "part", within: "pay", unit: "EUR", budget: 30 }]],
        [OTHER, []],
      ]),
    );
  });

  it("tells what is inherited from above the parent", async () => {
    const lead = await openLead();
    const middle = await openWorld("middle");
    const { bundle } = await delegateAuthority(lead.wallet, {
      to: middle.wallet.did,
      grants: [{ id: "whole", within: "pay", actions: ["pay"] }],
      maxHops: 1,
    });
    await addCredentials(middle.wallet, [...bundle.map(asJson), await identityOf(middle.wallet.did)]);
    await delegateAuthority(middle.wallet, { to: SUB, grants: [payments("bit", 7, 1, { within: "whole" })] });
    expect((await listDelegations(middle.wallet))[0]?.budgets).toEqual([
      { grant: "bit", within: "whole", unit: "EUR", budget: 7, of: 100 },
    ]);
  });

  it("tells of all keys of the wallet, and from which each is", async () => {
    const lead = await openLead();
    const { did } = await createKey(lead.wallet);
    const second = await useKey(lead.wallet, did);
    await addCredentials(second, [
      await identityOf(did),
      await authorityOf(did, { grants: [PAY], maxHops: 1 }),
    ]);
    await delegateAuthority(second, { to: OTHER, grants: [payments("b", 5, 2, { within: "pay" })] });
    await lead.handOn(3);
    const from = (await listDelegations(lead.wallet)).map((delegation) => [delegation.to, delegation.from]);
    expect(new Map(from as [string, string][])).toEqual(
      new Map([
        [OTHER, did],
        [SUB, lead.wallet.did],
      ]),
    );
  });

  it("is empty in a new wallet", async () => {
    const { wallet } = await openWorld("new");
    expect(await listDelegations(wallet)).toEqual([]);
    expect(await each(wallet)).toEqual([]);
  });
});

describe("forgetEnded", () => {
  it("forgets what ended before a time, and never what has not ended", async () => {
    const { wallet, clock, handOn } = await openLead();
    await handOn(1, { lifeMs: MINUTE });
    await handOn(2, { lifeMs: 2 * MINUTE });
    const live = await handOn(3);
    clock.advance(10 * MINUTE);
    expect(await forgetEnded(wallet, { endedBefore: NOW + MINUTE })).toBe(0);
    expect(await forgetEnded(wallet, { endedBefore: NOW + MINUTE + 1 })).toBe(1);
    expect(await listDelegations(wallet)).toHaveLength(2);
    expect(await forgetEnded(wallet, { endedBefore: NOW + 24 * HOUR })).toBe(1);
    expect(idsOf(await listDelegations(wallet))).toEqual([live.id]);
    expect(await forgetEnded(wallet, { endedBefore: NOW + 24 * HOUR })).toBe(0);
    // What was handed on is forgotten, and nothing else.
    expect(await listCredentials(wallet)).toHaveLength(2);
  });

  it.each([NaN, Infinity, 0.5])("refuses %s", async (endedBefore) => {
    const { wallet } = await openWorld("new");
    expect(await codeOfAsync(() => forgetEnded(wallet, { endedBefore }))).toBe("ARGUMENT_INVALID");
  });
});

describe("a crash while authority is handed on", () => {
  it("leaves a record and no credential, where the record was written", async () => {
    const store = createMemoryWalletStore();
    let isDead = false;
    const dying = {
      ...store,
      async commit(...change: Parameters<typeof store.commit>) {
        const written = await store.commit(...change);
        if (isDead) throw new Error("killed");
        return written;
      },
    };
    const { handOn, clock, random } = await openLead({}, dying);
    isDead = true;
    await expect(handOn(30)).rejects.toThrow("killed");
    const again = await openWallet(store, rawKey(1), { clock, random });
    expect(await listDelegations(again)).toMatchObject([{ to: SUB, state: "live" }]);
    expect((await freeToDelegate(again)).grants[0]?.free.spend?.budget).toBe(70);
  });

  it("hands nothing out where the record could not be written", async () => {
    const store = createMemoryWalletStore();
    let isFull = false;
    const full = {
      ...store,
      commit: (...change: Parameters<typeof store.commit>) =>
        isFull ? Promise.reject(new Error("no room")) : store.commit(...change),
    };
    const { wallet, handOn } = await openLead({}, full);
    isFull = true;
    await expect(handOn(30)).rejects.toThrow("no room");
    expect(await listDelegations(wallet)).toEqual([]);
  });
});
