import { openEnvelope, WritError, type Keyring } from "@writ/core";
import { codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { createMemoryWalletStore, openWallet, type WalletStore } from "../../src/index.js";
import { openVault } from "../../src/vault/open-vault.js";
import { vaultOf } from "../../src/wallet.js";
import { openWorld, rawKey } from "../world.js";
import { backup, NEW_SECRET, openFilled, restore } from "./backups.js";

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
