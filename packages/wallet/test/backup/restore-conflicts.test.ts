import { createEnvelope, openEnvelope, randomUuidUrn, WritError, type Keyring } from "@writ/core";
import { codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { createMemoryWalletStore, openWallet, restoreWallet, type WalletStore } from "../../src/index.js";
import { createVault, openVault } from "../../src/vault/open-vault.js";
import { vaultOf } from "../../src/wallet.js";
import { openWorld, rawKey } from "../world.js";
import { backup, NEW_SECRET, openFilled, opening, restore, SECRET } from "./backups.js";

/** A store with something done after each commit to its successor. */
function afterCommit(store: WalletStore, then: () => Promise<void>): WalletStore {
  const successor = (): WalletStore => ({
    ...store.successor(),
    commit: async (change, expectedCounter) => {
      const isWritten = await store.successor().commit(change, expectedCounter);
      await then();
      return isWritten;
    },
  });
  return { ...store, successor };
}

/** A keyring, and what it keeps. */
function openKeyring(): { readonly kept: ReadonlyMap<string, Uint8Array>; readonly keyring: Keyring } {
  const kept = new Map<string, Uint8Array>();
  const keyring: Keyring = {
    get: (_, account) => Promise.resolve(Uint8Array.from(kept.get(account) ?? [])),
    set: (_, account, secret) => {
      kept.set(account, Uint8Array.from(secret));
      return Promise.resolve();
    },
    delete: (_, account) => Promise.resolve(kept.delete(account)),
  };
  return { kept, keyring };
}

describe("what nobody could restore", () => {
  it("is no backup", async () => {
    const { wallet } = await openFilled();
    const document = { type: ["VerifiableCredential"] };
    const record = { collection: "credential", value: { document }, labels: [] } as const;
    await vaultOf(wallet).change(() => Promise.resolve({ add: [record] }));
    expect(await codeOfAsync(() => backup(wallet))).toBe("BACKUP_INVALID");
  });
});

describe("a restoration that others disturb", () => {
  it("does not take what they wrote beside it for its own", async () => {
    const bytes = await backup((await openFilled()).wallet);
    const { store, wallet, random } = await openWorld("there");
    // Somebody who gives the wallet the same secret finds the successor, opens it, and writes to it.
    const disturbed = afterCommit(store, async () => {
      const successor = store.successor();
      const state = await successor.state();
      const other = openVault(
        successor,
        state,
        await openEnvelope("wallet", state.header, NEW_SECRET),
        random,
      );
      await other.change(async () => ({ remove: await other.find("credential") }));
    });
    expect(await codeOfAsync(() => restore(disturbed, bytes, { replace: "existing" }))).toBe(
      "WALLET_CONFLICT",
    );
    expect((await openWallet(store, rawKey(1))).did).toBe(wallet.did);
    expect(await codeOfAsync(() => store.successor().state())).toBe("NOT_FOUND");
  });

  it("leaves no key in a keyring where it comes to nothing", async () => {
    const { kept, keyring } = openKeyring();
    const bytes = await backup((await openFilled()).wallet);
    const newSecret = { type: "keyring", keyring } as const;
    const store = createMemoryWalletStore();
    const failing = afterCommit(store, () => Promise.reject(new RangeError("no room")));
    await expect(restore(failing, bytes, { newSecret })).rejects.toThrow("no room");
    expect(kept.size).toBe(0);
    await restore(store, bytes, { newSecret, replace: "existing" });
    expect(kept.size).toBe(1);
    expect((await openWallet(store, newSecret)).did).toMatch(/^did:key:/);
  });

  it("leaves no key in a keyring, and no root key, where it fails before it writes", async () => {
    const bytes = await backup((await openFilled()).wallet);
    const { store, random } = await openWorld("there");
    const lost = new WritError("DATABASE_UNAVAILABLE", "the connection ended");
    let isLost = false;
    const failing: WalletStore = {
      ...store,
      state: () => (isLost ? Promise.reject(lost) : store.state()),
      abandonSuccessor: () => {
        isLost = true;
        return Promise.reject(lost);
      },
    };
    const { kept, keyring } = openKeyring();
    const drawn: Uint8Array[] = [];
    const watched = (length: number): Uint8Array => {
      const given = random(length);
      drawn.push(given);
      return given;
    };
    const restoring = restoreWallet(
      failing,
      opening(bytes),
      { secret: SECRET, newSecret: { type: "keyring", keyring }, replace: "existing" },
      { random: watched },
    );
    await expect(restoring).rejects.toBe(lost);
    expect(kept.size).toBe(0);
    const keys = drawn.filter(({ length }) => length === 32);
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.every((bytes) => bytes.every((byte) => byte === 0))).toBe(true);
  });

  it("keeps the key in the keyring where somebody else let its successor take the wallet's place", async () => {
    const bytes = await backup((await openFilled()).wallet);
    const { kept, keyring } = openKeyring();
    const newSecret = { type: "keyring", keyring } as const;
    const { store } = await openWorld("there");
    // As a rekeying to the same keyring does, which goes on with a successor that it can open.
    const disturbed = afterCommit(store, async () => {
      const { root } = await store.state();
      await store.succeed(root, (await store.successor().state()).root);
    });
    await expect(restore(disturbed, bytes, { newSecret, replace: "existing" })).rejects.toThrow(WritError);
    expect(kept.size).toBe(1);
    expect((await openWallet(store, newSecret)).did).toMatch(/^did:key:/);
  });

  it("leaves another's successor, and no key in a keyring, where that came first", async () => {
    const bytes = await backup((await openFilled()).wallet);
    const { store, random } = await openWorld("there");
    const { kept, keyring } = openKeyring();
    const others = await createEnvelope("wallet", randomUuidUrn(random), rawKey(3), random);
    const failing: WalletStore = {
      ...store,
      abandonSuccessor: async () => {
        await store.abandonSuccessor();
        (await createVault(store.successor(), others.header, others.envelope, random)).close();
      },
    };
    const newSecret = { type: "keyring", keyring } as const;
    const restoring = () => restore(failing, bytes, { newSecret, replace: "existing" });
    expect(await codeOfAsync(restoring)).toBe("ALREADY_EXISTS");
    expect(kept.size).toBe(0);
    expect((await store.successor().state()).header).toBe(others.header);
  });

  it.each([
    ["a root that is none", { root: new Uint8Array() }],
    ["a count of root keys that can go no further", { generation: Number.MAX_SAFE_INTEGER }],
  ])("refuses %s before the work", async (_, damage) => {
    const bytes = await backup((await openFilled()).wallet);
    const { store } = await openWorld("there");
    const damaged: WalletStore = { ...store, state: async () => ({ ...(await store.state()), ...damage }) };
    let isAsked = false;
    const confirm = () => {
      isAsked = true;
      return Promise.resolve();
    };
    const restoring = () => restore(damaged, bytes, { replace: "existing", confirm });
    expect(await codeOfAsync(restoring)).toBe("RECORD_TAMPERED");
    expect(isAsked).toBe(false);
  });

  it("keeps the key in the keyring where the wallet has it already, or nobody can tell", async () => {
    const bytes = await backup((await openFilled()).wallet);
    for (const after of ["told", "untold"] as const) {
      const { kept, keyring } = openKeyring();
      const newSecret = { type: "keyring", keyring } as const;
      const { store } = await openWorld("there");
      let isDone = false;
      const lost = new WritError("DATABASE_UNAVAILABLE", "the connection ended after the commit");
      const failing: WalletStore = {
        ...store,
        state: () => (isDone && after === "untold" ? Promise.reject(lost) : store.state()),
        succeed: async (...roots) => {
          isDone = await store.succeed(...roots);
          throw lost;
        },
      };
      const restoring = () => restore(failing, bytes, { newSecret, replace: "existing" });
      expect(await codeOfAsync(restoring)).toBe("DATABASE_UNAVAILABLE");
      expect(kept.size).toBe(1);
      expect((await openWallet(store, newSecret)).did).toMatch(/^did:key:/);
    }
  });
});
