import { generateX25519Identity, identityToRecipient } from "age-encryption";
import type { WritError } from "@writ/core";
import { codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  createKey,
  createMemoryWalletStore,
  createPresentation,
  openWallet,
  type Progress,
  type RestoreProgress,
  type WalletStore,
} from "../../src/index.js";
import { openWorld, rawKey, STORES } from "../world.js";
import { backup, contentOf, linesOf, NEW_SECRET, openFilled, PASSPHRASE, restore, TO } from "./backups.js";

describe("a backup", () => {
  it.each(STORES)("becomes the same wallet with another secret (%s)", async (_, open) => {
    const world = await openFilled();
    const store = await open();
    const summary = await restore(store, await backup(world.wallet));
    expect(summary).toEqual({
      did: world.wallet.did,
      createdAt: "2026-11-23T08:00:00Z",
      generation: 1,
      counter: 3,
      records: { key: 2, credential: 3, generic: 1, delegation: 1, renewal: 0 },
    });
    const restored = await openWallet(store, NEW_SECRET, world);
    expect(await contentOf(restored)).toEqual(await contentOf(world.wallet));
    const { presentation } = await createPresentation(restored, { challenge: "c", domain: "d" });
    expect(presentation.holder).toBe(world.wallet.did);
    expect(await codeOfAsync(() => openWallet(store, rawKey(1)))).toBe("UNLOCK_FAILED");
  });

  it("opens with any of its recipients' identities, and with no other", async () => {
    const { wallet } = await openFilled();
    const identities = await Promise.all([1, 2, 3].map(() => generateX25519Identity()));
    const [one, two, stranger] = identities as [string, string, string];
    const recipients = await Promise.all([one, two].map(identityToRecipient));
    const bytes = await backup(wallet, { to: { type: "recipients", recipients } });
    for (const identity of [one, two]) {
      const store = createMemoryWalletStore();
      await restore(store, bytes, { secret: { type: "identities", identities: [stranger, identity] } });
      expect((await openWallet(store, NEW_SECRET)).did).toBe(wallet.did);
    }
    const opened = (identity: string) => () =>
      restore(createMemoryWalletStore(), bytes, { secret: { type: "identities", identities: [identity] } });
    expect(await codeOfAsync(opened(stranger))).toBe("UNLOCK_FAILED");
    expect(await codeOfAsync(() => restore(createMemoryWalletStore(), bytes))).toBe("UNLOCK_FAILED");
  });

  it("says what kind of secret opens it, or that it is another of the kind that was given", async () => {
    const { wallet } = await openFilled();
    const identities = await Promise.all([1, 2].map(() => generateX25519Identity()));
    const [own, stranger] = identities as [string, string];
    const recipients = [await identityToRecipient(own)];
    const forIdentity = await backup(wallet, { to: { type: "recipients", recipients } });
    const forPassphrase = await backup(wallet);
    const identity = { type: "identities", identities: [stranger] } as const;
    const passphrase = { type: "passphrase", passphrase: "another" } as const;
    for (const [bytes, secret, hint] of [
      [forIdentity, identity, "It is for another identity."],
      [forIdentity, passphrase, "An identity of age opens it, no passphrase."],
      [forPassphrase, identity, "A passphrase opens it, no identity of age."],
      [forPassphrase, passphrase, "It is another passphrase."],
    ] as const) {
      const refused = restore(createMemoryWalletStore(), bytes, { secret });
      await expect(refused).rejects.toMatchObject({ code: "UNLOCK_FAILED", hint });
    }
  });

  it("opens with a passphrase however it is typed, and as other programs take it", async () => {
    const { wallet } = await openWorld();
    const composed = "caf\u00e9 cr\u00e8me";
    const decomposed = composed.normalize("NFD");
    const secret = { type: "passphrase", passphrase: decomposed } as const;
    const bytes = await backup(wallet, { to: { ...TO, ...secret } });
    for (const passphrase of [composed, decomposed]) {
      const { did } = await restore(createMemoryWalletStore(), bytes, { secret: { ...secret, passphrase } });
      expect(did).toBe(wallet.did);
    }
  });

  it.each([
    ["ARGUMENT_INVALID", { type: "passphrase", passphrase: "" }],
    ["ARGUMENT_INVALID", { type: "passphrase", passphrase: "x".repeat(1025) }],
    ["ARGUMENT_INVALID", { type: "passphrase", passphrase: "half \ud800" }],
    ["KDF_LIMIT", { type: "passphrase", passphrase: "x", workFactor: 9 }],
    ["KDF_LIMIT", { type: "passphrase", passphrase: "x", workFactor: 21 }],
    ["KDF_LIMIT", { type: "passphrase", passphrase: "x", workFactor: 10.5 }],
    ["ARGUMENT_INVALID", { type: "recipients", recipients: [] }],
    ["ARGUMENT_INVALID", { type: "recipients", recipients: ["age1"] }],
    ["ARGUMENT_INVALID", { type: "recipients", recipients: ["AGE-SECRET-KEY-1QQQ"] }],
    ["ARGUMENT_INVALID", { type: "recipients", recipients: [`age1${"q".repeat(58)}`] }],
    ["ARGUMENT_INVALID", { type: "recipients", recipients: ["age1tag1qqqq"] }],
  ] as const)("is refused with %s for %j", async (code, to) => {
    const { wallet } = await openWorld();
    expect(await codeOfAsync(() => backup(wallet, { to }))).toBe(code);
  });

  it("is refused with an identity that is none, without repeating it", async () => {
    const bytes = await backup((await openWorld()).wallet);
    for (const identity of ["", "AGE-SECRET-KEY-1CANARY", "age1canary"]) {
      const secret = { type: "identities", identities: [identity] } as const;
      const error: unknown = await restore(createMemoryWalletStore(), bytes, { secret }).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).toMatchObject({ code: "ARGUMENT_INVALID" });
      expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toMatch(/CANARY|canary/);
    }
  });

  it("says how far it has come, and what it holds", async () => {
    const { wallet } = await openFilled();
    const progress: Progress[] = [];
    const bytes = await backup(wallet, { onProgress: (each) => progress.push(each) });
    expect(progress).toEqual([1, 2, 3, 4, 5, 6, 7].map((done) => ({ done, total: 7 })));
    const steps: RestoreProgress[] = [];
    await restore(createMemoryWalletStore(), bytes, { onProgress: (each) => steps.push(each) });
    expect(steps.map(({ step }) => step)).toEqual([
      ...progress.map(() => "verify"),
      ...progress.map(() => "write"),
    ]);
    expect(steps.at(-1)).toEqual({ step: "write", done: 7, total: 7 });
    const [header, ...records] = await linesOf(bytes);
    expect(header).toMatchObject({ magic: "writ-wallet-backup", format: 1, generation: 1, counter: 3 });
    expect(records.at(-1)).toMatchObject({ lines: 8 });
  });

  it("is none, or whole, whenever the wallet is changed meanwhile", async () => {
    const outcomes: string[] = [];
    for (let step = 1; outcomes.at(-1) !== "unchanged"; step++) {
      const { store, ...world } = await openFilled();
      const writer = await openWallet(store, rawKey(1), world);
      let reads = 0;
      const changing: WalletStore = {
        ...store,
        read: async (query) => {
          if (++reads === step) await createKey(writer);
          return await store.read(query);
        },
      };
      const reader = await openWallet(changing, rawKey(1), world);
      const opened = reads;
      const outcome = await backup(reader).then(linesOf, (error: unknown) => (error as WritError).code);
      if (step <= opened) continue;
      if (typeof outcome === "string") outcomes.push(outcome);
      else outcomes.push(reads < step ? "unchanged" : String(outcome.length));
    }
    // Before the first look it is part of the backup; after that there is none.
    expect(outcomes).toEqual(["10", ...Array.from({ length: 11 }, () => "WALLET_CONFLICT"), "unchanged"]);
  });

  it("is none of a wallet that is closed", async () => {
    const { wallet } = await openWorld();
    wallet.close();
    expect(await codeOfAsync(() => backup(wallet))).toBe("ARGUMENT_INVALID");
  });

  it("holds no secret in clear", async () => {
    const { wallet } = await openFilled();
    const bytes = Buffer.from(await backup(wallet));
    const { seeds } = await contentOf(wallet);
    for (const needle of [
      ...seeds,
      ...seeds.map((seed) => Buffer.from(seed, "base64url")),
      "canary",
      PASSPHRASE,
    ]) {
      expect(bytes.includes(needle)).toBe(false);
    }
  });
});
