import { createSeedSigner, toHex } from "@writ/core";
import { codeOfAsync, seededRandom } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  addCredentials,
  createKey,
  createMemoryWalletStore,
  createPresentation,
  delegateAuthority,
  destroyKey,
  exportKey,
  importKey,
  listKeys,
  makePrimary,
  openWallet,
  requestEnrolment,
  useKey,
  type KeyOptions,
  type Wallet,
} from "../src/index.js";
import { everyPage, isNodePage } from "../src/vault/pages.js";
import { authorityOf, identityOf, MINUTE, NOW, openWorld, rawKey, REFUNDS, SERVICE } from "./world.js";

/** The seed that the wallet gives of a key, and the DID that it is of. */
async function didOfExported(wallet: Wallet, did: string): Promise<string> {
  return createSeedSigner(await exportKey(wallet, did)).did;
}

describe("several keys in a wallet", () => {
  it("have DIDs and names of their own, and last", async () => {
    const { wallet, store, clock } = await openWorld();
    clock.advance(MINUTE);
    const shop = await createKey(wallet, { name: "for the shop" });
    clock.advance(MINUTE);
    const signing = await createKey(wallet, { purposes: ["assertionMethod"] });
    expect(shop).toEqual({
      did: shop.did,
      name: "for the shop",
      purposes: ["authentication", "assertionMethod"],
      created: NOW + MINUTE,
      isPrimary: false,
    });
    const all = [
      { did: wallet.did, purposes: shop.purposes, created: NOW, isPrimary: true },
      shop,
      { ...signing, purposes: ["assertionMethod"] },
    ];
    expect(await listKeys(wallet)).toEqual(all);
    expect(new Set(all.map(({ did }) => did)).size).toBe(3);
    const opened = await openWallet(store, rawKey(1));
    expect(await listKeys(opened)).toEqual(all);
    for (const { did } of all) expect(await didOfExported(opened, did)).toBe(did);
  });

  it("present, each in its own name and with its own credentials", async () => {
    const { wallet } = await openWorld();
    const { did } = await createKey(wallet, { name: "other" });
    const other = await useKey(wallet, did);
    const [mine, its] = [await identityOf(wallet.did), await identityOf(did)];
    expect(await addCredentials(wallet, [mine, its])).toHaveLength(2);
    const shownBy = async (each: Wallet) => {
      const { presentation } = await createPresentation(each, { challenge: "c", domain: "d" });
      return [presentation.holder, presentation.verifiableCredential.map(({ id }) => id)];
    };
    expect(await shownBy(wallet)).toEqual([wallet.did, [mine.id]]);
    expect(await shownBy(other)).toEqual([did, [its.id]]);
    other.close();
    expect(await codeOfAsync(() => listKeys(wallet))).toBe("ARGUMENT_INVALID");
  });

  it("sign for their purposes alone", async () => {
    const { wallet } = await openWorld();
    const presenting = await useKey(wallet, (await createKey(wallet, { purposes: ["authentication"] })).did);
    const issuing = await useKey(wallet, (await createKey(wallet, { purposes: ["assertionMethod"] })).did);
    for (const { did } of [presenting, issuing]) {
      await addCredentials(wallet, [await identityOf(did), await authorityOf(did, { maxHops: 1 })]);
    }
    const delegate = (from: Wallet) =>
      delegateAuthority(from, { to: SERVICE.did, grants: [{ ...REFUNDS, within: "refunds" }] });
    expect((await requestEnrolment(presenting)).holder).toBe(presenting.did);
    expect(await codeOfAsync(() => delegate(presenting))).toBe("KEY_PURPOSE");
    expect((await delegate(issuing)).credential.issuer).toBe(issuing.did);
    expect(await codeOfAsync(() => requestEnrolment(issuing))).toBe("KEY_PURPOSE");
  });

  it("take turns in being the one that opens", async () => {
    const { wallet, store } = await openWorld();
    const { did } = await createKey(wallet);
    await makePrimary(wallet, did);
    expect((await openWallet(store, rawKey(1))).did).toBe(did);
    expect((await listKeys(wallet)).map(({ isPrimary }) => isPrimary).sort()).toEqual([false, true]);
    expect(await didOfExported(wallet, did)).toBe(did);
    expect(await didOfExported(wallet, wallet.did)).toBe(wallet.did);
    await makePrimary(wallet, did);
    expect((await openWallet(store, rawKey(1))).did).toBe(did);
  });

  it("are destroyed for good, but for the primary one", async () => {
    const { wallet, store } = await openWorld();
    const { did } = await createKey(wallet);
    const view = await useKey(wallet, did);
    expect(await codeOfAsync(() => destroyKey(wallet, wallet.did))).toBe("ARGUMENT_INVALID");
    await destroyKey(wallet, did);
    expect((await listKeys(wallet)).map((key) => key.did)).toEqual([wallet.did]);
    expect(await store.scan(undefined, 9)).toHaveLength(1);
    expect(await codeOfAsync(() => requestEnrolment(view))).toBe("NOT_FOUND");
  });

  it("are taken in from elsewhere, once, and the bytes are overwritten", async () => {
    const { wallet } = await openWorld();
    const seed = seededRandom("elsewhere")(32);
    const { did } = createSeedSigner(seed);
    const given = Uint8Array.from(seed);
    expect(await importKey(wallet, given, { name: "old" })).toMatchObject({ did, name: "old" });
    expect(given).toEqual(new Uint8Array(32));
    expect(toHex(await exportKey(wallet, did))).toBe(toHex(seed));
    expect(await codeOfAsync(() => importKey(wallet, Uint8Array.from(seed)))).toBe("ALREADY_EXISTS");
    expect(await listKeys(wallet)).toHaveLength(2);
  });

  it.each(["'); DROP TABLE wallet; --", "nul \u0000", "\u202e", "x".repeat(200)])(
    "row 188: may be called %j",
    async (name) => {
      const { wallet } = await openWorld();
      await createKey(wallet, { name });
      expect((await listKeys(wallet)).map((key) => key.name)).toContain(name);
    },
  );

  it("are refused where they are not as they must be", async () => {
    const { wallet } = await openWorld();
    const refused = [
      () => createKey(wallet, { name: "" }),
      () => createKey(wallet, { name: "x".repeat(201) }),
      () => createKey(wallet, { name: "\ud800" }),
      () => createKey(wallet, { purposes: [] }),
      () => createKey(wallet, { purposes: ["keyAgreement" as never] }),
      () => importKey(wallet, new Uint8Array(31)),
    ];
    for (const call of refused) expect(await codeOfAsync(call)).toBe("ARGUMENT_INVALID");
    const options: readonly KeyOptions[] = [{ name: "" }, { purposes: [] }, { purposes: null as never }];
    for (const each of options) {
      const seed = seededRandom("refused")(32);
      await expect(importKey(wallet, seed, each)).rejects.toThrow();
      expect(seed).toEqual(new Uint8Array(32));
    }
    const unknown = [
      () => useKey(wallet, SERVICE.did),
      () => makePrimary(wallet, SERVICE.did),
      () => destroyKey(wallet, SERVICE.did),
      () => exportKey(wallet, SERVICE.did),
    ];
    for (const call of unknown) expect(await codeOfAsync(call)).toBe("NOT_FOUND");
    expect(await listKeys(wallet)).toHaveLength(1);
  });
});

describe("row 179: copies of a machine that draw the same random bytes", () => {
  it("share no nonce for different contents", async () => {
    const { store, clock } = await openWorld("original");
    const nonces = new Map<string, string>();
    let repeated = 0;
    let seen = 0;
    const note = (sealed: Uint8Array): void => {
      const [nonce, box] = [toHex(sealed.subarray(0, 24)), toHex(sealed)];
      seen += 1;
      if (nonces.has(nonce) && nonces.get(nonce) !== box) repeated += 1;
      nonces.set(nonce, box);
    };
    const state = await store.state();
    const { pages } = await store.read({ pages: everyPage() });
    const records = await store.scan(undefined, 99);
    for (let copy = 0; copy < 8; copy++) {
      const copied = createMemoryWalletStore();
      await copied.initialise({ ...state, pages, records, removed: [] });
      // Each draws what the others draw.
      const wallet = await openWallet(copied, rawKey(1), { clock, random: seededRandom("cloned") });
      await addCredentials(wallet, [await identityOf(wallet.did, { name: `copy ${String(copy)}` })]);
      note((await copied.state()).root);
      for (const { sealed } of await copied.scan(undefined, 99)) note(sealed);
      const { pages: written } = await copied.read({ pages: everyPage() });
      for (const [page, content] of written) if (!isNodePage(page)) note(content);
    }
    expect(seen).toBeGreaterThan(8 * 6);
    expect(repeated).toBe(0);
  });
});
