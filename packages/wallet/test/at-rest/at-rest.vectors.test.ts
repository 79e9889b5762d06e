import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { seededRandom } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  addCredentials,
  createKey,
  createMemoryWalletStore,
  delegateAuthority,
  listCredentials,
  listDelegations,
  listKeys,
  openWallet,
  surveyWallet,
  type WalletStore,
} from "../../src/index.js";
import { everyPage } from "../../src/vault/pages.js";
import { authorityOf, HOUR, identityOf, NOW, openWorld, rawKey, REFUNDS, signerOf } from "../world.js";
import { readAtRest, type HeldRecord, type WalletAtRest } from "./read-at-rest.js";

const FOLDER = fileURLToPath(new URL("../../../../test-vectors/wallet/", import.meta.url));
const FILE = `${FOLDER}at-rest.json`;
const KEY = new Uint8Array(32).fill(1);

interface WalletVector {
  readonly what: string;
  /** The raw key that opens it, in base64url. */
  readonly key: string;
  readonly wallet: WalletAtRest;
  readonly holds: readonly HeldRecord[];
}

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "base64url"));

/** A wallet of two keys, an identity, an authority, and what was handed on of it. */
async function makeWallet(): Promise<WalletStore> {
  const { store, wallet } = await openWorld("at rest");
  await createKey(wallet, { name: "second" });
  const authority = await authorityOf(wallet.did, { maxHops: 1 });
  await addCredentials(wallet, [await identityOf(wallet.did), authority]);
  await delegateAuthority(wallet, {
    authority: authority.id,
    to: signerOf("worker").did,
    grants: [{ ...REFUNDS, within: REFUNDS.id, args: { "/amount": { range: { min: 1, max: 500 } } } }],
    lifeMs: HOUR,
  });
  return store;
}

async function atRest(store: WalletStore): Promise<WalletAtRest> {
  const { header, generation, counter, root } = await store.state();
  const { pages } = await store.read({ pages: everyPage() });
  const records = await store.scan(undefined, 99);
  return {
    header,
    generation,
    counter,
    root: base64url(root),
    pages: Object.fromEntries([...pages].map(([page, content]) => [page, base64url(content)])),
    records: records.map(({ id, revision, sealed, tags }) => ({
      id: base64url(id),
      revision,
      sealed: base64url(sealed),
      tags: tags.map(base64url),
    })),
  };
}

/** A store that was given a wallet as it is in the file, at another counter than its own. */
async function storeOf({
  header,
  root,
  pages,
  records,
  generation,
  counter,
}: WalletAtRest): Promise<WalletStore> {
  const store = createMemoryWalletStore();
  await store.initialise({
    header,
    root: bytes(root),
    pages: new Map(Object.entries(pages).map(([page, content]) => [Number(page), bytes(content)])),
    records: records.map(({ id, revision, sealed, tags }) => ({
      id: bytes(id),
      revision,
      sealed: bytes(sealed),
      tags: tags.map(bytes),
    })),
    removed: [],
  });
  return {
    ...store,
    state: async () => ({ ...(await store.state()), generation, counter }),
    read: async (query) => ({ ...(await store.read(query)), generation, counter }),
  };
}

async function heldIn(store: WalletStore): Promise<readonly HeldRecord[]> {
  const held: HeldRecord[] = [];
  const { findings } = await surveyWallet(store, {
    secret: rawKey(1),
    onWhole({ collection, labels, value, secret }) {
      held.push({ collection, labels, value, secret: base64url(secret) });
    },
  });
  expect(findings).toEqual([]);
  return held;
}

const read = (): WalletVector => JSON.parse(readFileSync(FILE, "utf8")) as WalletVector;

describe("test-vectors/wallet/at-rest.json", () => {
  it("is what the wallet writes", async () => {
    const store = await makeWallet();
    const vector: WalletVector = {
      what: "A wallet at rest (docs/wallet-format.md): what its store holds, the key that opens it, and what is in it; bytes in base64url.",
      key: base64url(KEY),
      wallet: await atRest(store),
      holds: await heldIn(store),
    };
    const text = `${JSON.stringify(vector, null, 2)}\n`;
    if (process.env["WRIT_WRITE_VECTORS"] !== undefined) {
      mkdirSync(FOLDER, { recursive: true });
      writeFileSync(FILE, text);
    }
    expect(readFileSync(FILE, "utf8")).toBe(text);
  });

  it("is read by a reader that was written after the documentation alone", () => {
    const { key, wallet, holds } = read();
    expect(readAtRest(wallet, bytes(key))).toEqual(holds);
    expect(holds.map(({ collection }) => collection)).toEqual([
      "key",
      "key",
      "credential",
      "credential",
      "delegation",
    ]);
    expect(() => readAtRest({ ...wallet, counter: wallet.counter + 1 }, bytes(key))).toThrow();
  });

  it("is opened by the wallet", async () => {
    const { wallet: stored } = read();
    const store = await storeOf(stored);
    const wallet = await openWallet(store, rawKey(1), { clock: () => NOW, random: seededRandom("reader") });
    expect((await listKeys(wallet)).map(({ name }) => name)).toEqual([undefined, "second"]);
    expect((await listCredentials(wallet)).map(({ type }) => type[1])).toEqual([
      "AgentIdentityCredential",
      "DelegatedAuthorityCredential",
    ]);
    expect((await listDelegations(wallet)).map(({ to }) => to)).toEqual([signerOf("worker").did]);
  });
});
