import { inspect } from "node:util";

import { encodeBase64url, isDid, toHex } from "@writ/core";
import { codeOfAsync, seededRandom } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  addCredentials,
  createPresentation,
  createWallet,
  delegateAuthority,
  listCredentials,
  openWallet,
  requestEnrolment,
  type WalletStore,
} from "../src/index.js";
import { authorityOf, identityOf, openWorld, rawKey, REFUNDS, SERVICE } from "./world.js";

const FLOOR = { memoryKib: 19_456, passes: 2, lanes: 1 };

/** What every wallet does, whatever its store. */
export function walletSuite(name: string, openStore: () => Promise<WalletStore>): void {
  describe(`a wallet in a ${name} store`, () => {
    it("makes a key of its own, and opens with the same secret", async () => {
      const { wallet, store } = await openWorld("one", await openStore());
      expect(isDid(wallet.did)).toBe(true);
      expect((await openWallet(store, rawKey(1))).did).toBe(wallet.did);
      const other = await openWorld("other", await openStore());
      expect(other.wallet.did).not.toBe(wallet.did);
    });

    it("is made once", async () => {
      const { wallet, store } = await openWorld("one", await openStore());
      expect(await codeOfAsync(() => createWallet(store, { secret: rawKey(2) }))).toBe("ALREADY_EXISTS");
      expect((await openWallet(store, rawKey(1))).did).toBe(wallet.did);
      expect(await codeOfAsync(() => openWallet(store, rawKey(2)))).toBe("UNLOCK_FAILED");
    });

    it("leaves no key in memory where it is not made", async () => {
      const { store, clock } = await openWorld("one", await openStore());
      const drawn: Uint8Array[] = [];
      const source = seededRandom("other");
      const random = (length: number): Uint8Array => {
        const bytes = source(length);
        if (length === 32) drawn.push(bytes);
        return bytes;
      };
      expect(await codeOfAsync(() => createWallet(store, { secret: rawKey(2) }, { clock, random }))).toBe(
        "ALREADY_EXISTS",
      );
      // The root key, and the seed of the first key.
      expect(drawn).toEqual([new Uint8Array(32), new Uint8Array(32)]);
    });

    it("is not found where none was made", async () => {
      const store = await openStore();
      expect(await codeOfAsync(() => openWallet(store, rawKey(1)))).toBe("NOT_FOUND");
      expect(await codeOfAsync(() => openWallet(store, rawKey(1)))).toBe("NOT_FOUND");
    });

    it("opens with its passphrase only, in either normalisation form", async () => {
      const store = await openStore();
      const secret = { type: "passphrase", passphrase: "Caf\u00e9 au lait" } as const;
      const { did } = await createWallet(store, { secret, cost: FLOOR });
      const decomposed = { type: "passphrase", passphrase: "Cafe\u0301 au lait" } as const;
      expect((await openWallet(store, decomposed)).did).toBe(did);
      const wrong = { type: "passphrase", passphrase: "Cafe au lait" } as const;
      expect(await codeOfAsync(() => openWallet(store, wrong))).toBe("UNLOCK_FAILED");
      expect(await codeOfAsync(() => openWallet(store, rawKey(1)))).toBe("UNLOCK_FAILED");
    });

    it("refuses an empty passphrase and a raw key of another length, and makes nothing", async () => {
      const store = await openStore();
      const empty = { type: "passphrase", passphrase: "" } as const;
      const short = { type: "raw", key: new Uint8Array(31) } as const;
      expect(await codeOfAsync(() => createWallet(store, { secret: empty, cost: FLOOR }))).toBe(
        "ARGUMENT_INVALID",
      );
      expect(await codeOfAsync(() => createWallet(store, { secret: short }))).toBe("ARGUMENT_INVALID");
      expect(await codeOfAsync(() => openWallet(store, rawKey(1)))).toBe("NOT_FOUND");
    });

    it("keeps what it was given over the time that it is closed", async () => {
      const { wallet, store, clock, random } = await openWorld("one", await openStore());
      const identity = await identityOf(wallet.did);
      const authority = await authorityOf(wallet.did);
      expect(await listCredentials(wallet)).toEqual([]);
      expect(await addCredentials(wallet, [identity, authority])).toEqual([identity.id, authority.id]);
      wallet.close();
      const opened = await openWallet(store, rawKey(1), { clock, random });
      expect(new Set(await listCredentials(opened))).toEqual(new Set([identity, authority]));
      const { presentation } = await createPresentation(opened, { challenge: "c", domain: "d" });
      expect(presentation.holder).toBe(wallet.did);
    });

    it("does nothing once it is closed, and may be closed twice", async () => {
      const { wallet } = await openWorld("one", await openStore());
      const identity = await identityOf(wallet.did);
      wallet.close();
      wallet.close();
      for (const call of [
        () => listCredentials(wallet),
        () => addCredentials(wallet, [identity]),
        () => requestEnrolment(wallet),
        () => createPresentation(wallet, { challenge: "c", domain: "d" }),
        () => delegateAuthority(wallet, { to: SERVICE.did, grants: [{ ...REFUNDS, within: "refunds" }] }),
      ]) {
        expect(await codeOfAsync(call)).toBe("ARGUMENT_INVALID");
      }
    });

    it("writes nothing under the overwritten keys of a wallet that is closed meanwhile", async () => {
      const empty = await openStore();
      const { wallet, clock, random } = await openWorld("one", empty);
      const identity = await identityOf(wallet.did);
      const commits: number[] = [];
      const closers: (() => void)[] = [];
      const store: WalletStore = {
        ...empty,
        async read(query) {
          const view = await empty.read(query);
          for (const close of closers) close();
          return view;
        },
        commit(change, counter) {
          commits.push(change.records.length);
          return empty.commit(change, counter);
        },
      };
      const closing = await openWallet(store, rawKey(1), { clock, random });
      // From now on it is closed while it looks for what it has.
      closers.push(() => {
        closing.close();
      });
      expect(await codeOfAsync(() => addCredentials(closing, [identity]))).toBe("ARGUMENT_INVALID");
      expect(commits).toEqual([]);
      expect(await listCredentials(wallet)).toEqual([]);
    });

    it("says that it is closed, not that its records were changed, when it is closed meanwhile", async () => {
      const store = await openStore();
      const { wallet, clock, random } = await openWorld("one", store);
      await addCredentials(wallet, [await identityOf(wallet.did)]);
      const closing = await openWallet(store, rawKey(1), { clock, random });
      const listing = listCredentials(closing);
      closing.close();
      expect(await codeOfAsync(() => listing)).toBe("ARGUMENT_INVALID");
    });

    it("takes no options for an environment, as a program without types may give them", async () => {
      const { store, clock, random } = await openWorld("one", await openStore());
      const anchor = { generation: 1, counter: 0 };
      for (const given of [{ anchor }, { clock }, { random }, { clock: 1, random }, null]) {
        const environment = given as never;
        expect(await codeOfAsync(() => openWallet(store, rawKey(1), environment))).toBe("ARGUMENT_INVALID");
        const empty = await openStore();
        const creating = () => createWallet(empty, { secret: rawKey(1) }, environment);
        expect(await codeOfAsync(creating)).toBe("ARGUMENT_INVALID");
        expect(await codeOfAsync(() => empty.state())).toBe("NOT_FOUND");
      }
    });

    it("takes no object for a wallet that only looks like one", async () => {
      const { wallet } = await openWorld("one", await openStore());
      expect(await codeOfAsync(() => listCredentials({ ...wallet }))).toBe("ARGUMENT_INVALID");
    });

    it("shows no secret, however it is looked at", async () => {
      const secrets: Uint8Array[] = [];
      const { clock, random } = await openWorld("source");
      const store = await openStore();
      const wallet = await createWallet(
        store,
        { secret: rawKey(7) },
        {
          clock,
          random(length) {
            const bytes = random(length);
            if (length === 32) secrets.push(Uint8Array.from(bytes));
            return bytes;
          },
        },
      );
      secrets.push(new Uint8Array(32).fill(7));
      expect(secrets).toHaveLength(3);
      const failure = await openWallet(store, rawKey(8)).catch((error: unknown) => error);
      const shown = [
        inspect(wallet, { depth: 9, showHidden: true, getters: true }),
        JSON.stringify(wallet),
        JSON.stringify(Object.getOwnPropertyDescriptors(wallet)),
        inspect(failure, { depth: 9, showHidden: true }),
      ].join("\n");
      expect(shown).toContain(wallet.did);
      for (const secret of [...secrets, new Uint8Array(32).fill(8)]) {
        for (const text of [toHex(secret), encodeBase64url(secret), Array.from(secret).join(",")]) {
          expect(shown).not.toContain(text);
        }
      }
    });
  });
}
