import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  asJson,
  createSeedSigner,
  digestMultibase,
  formatTimestamp,
  randomUuidUrn,
  signDocument,
  snapshot,
  WRIT_CONTEXT,
  type AgentIdentityCredential,
  type AuthorityCredential,
  type Environment,
  type Grant,
  type JsonObject,
  type KeySource,
  type Signer,
  type SignOptions,
} from "@writ/core";
import { openSqliteDatabase } from "@writ/database";
import { fixedClock, seededRandom, type FixedClock } from "@writ/testkit";
import { onTestFinished } from "vitest";

import {
  createDatabaseWalletStore,
  createMemoryWalletStore,
  createWallet,
  type Wallet,
  type WalletStore,
} from "../src/index.js";

/** The time at which every test begins. */
export const START = "2026-11-23T08:00:00Z";
export const NOW: number = Date.parse(START);
export const MINUTE = 60_000;
export const HOUR: number = 60 * MINUTE;

/** A raw key of equal bytes. */
export function rawKey(byte: number): KeySource {
  return { type: "raw", key: new Uint8Array(32).fill(byte) };
}

/** The signer of a name: the same on every run. */
export function signerOf(name: string): Signer {
  return createSeedSigner(seededRandom(`signer ${name}`)(32));
}

export const ORGANISATION: Signer = signerOf("organisation");
export const SERVICE: Signer = signerOf("service");

/** A folder that goes when the test does. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "writ-wallet-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** A database file for a wallet; each handle is closed when the test ends. */
export async function openDatabase(path: string, mode: "create" | "open") {
  const database = await openSqliteDatabase({ path, mode });
  onTestFinished(() => database.close());
  return database;
}

/** The stores that there are: each makes an empty one. */
export const STORES: readonly (readonly [name: string, open: () => Promise<WalletStore>])[] = [
  ["memory", () => Promise.resolve(createMemoryWalletStore())],
  [
    "database",
    async () => createDatabaseWalletStore(await openDatabase(join(temporaryFolder(), "wallet.db"), "create")),
  ],
];

export interface WalletWorld extends Environment {
  readonly clock: FixedClock;
  readonly store: WalletStore;
  readonly wallet: Wallet;
  /** The wallet's own signer, for what a test signs in its name. */
  readonly signer: Signer;
}

/** A new wallet, and the signer of its key. */
export async function openWorld(
  seed = "wallet",
  store: WalletStore = createMemoryWalletStore(),
): Promise<WalletWorld> {
  const clock = fixedClock(START);
  const source = seededRandom(seed);
  const drawn: Uint8Array[] = [];
  const random = (length: number): Uint8Array => {
    const bytes = source(length);
    if (length === 32) drawn.push(Uint8Array.from(bytes));
    return bytes;
  };
  const wallet = await createWallet(store, { secret: rawKey(1) }, { clock, random });
  const signer = drawn.map((secret) => createSeedSigner(secret)).find(({ did }) => did === wallet.did);
  if (signer === undefined) throw new Error("the wallet drew its seed otherwise");
  return { clock, random, store, wallet, signer };
}

let serial = 0;

/** A signed credential; `members` replace those of the frame before it is signed. */
export async function issue(
  signer: Signer,
  type: string,
  credentialSubject: object,
  { members = {}, proof = {} }: Overrides = {},
): Promise<JsonObject> {
  const id = randomUuidUrn(seededRandom(`credential ${String(serial++)}`));
  const status = (statusPurpose: string, list: string) => ({
    type: "BitstringStatusListEntry",
    statusPurpose,
    statusListIndex: String(serial),
    statusListCredential: `https://acme.example/status/${list}`,
  });
  const unsigned = snapshot({
    "@context": WRIT_CONTEXT,
    id,
    type: ["VerifiableCredential", type],
    issuer: signer.did,
    validFrom: formatTimestamp(NOW),
    validUntil: formatTimestamp(NOW + 8 * HOUR),
    credentialSubject,
    credentialStatus: [status("revocation", "r1"), status("suspension", "s1")],
    ...members,
  });
  return asJson(await signDocument(unsigned, { signer, purpose: "assertionMethod", created: NOW, ...proof }));
}

export interface Overrides {
  readonly members?: object;
  readonly proof?: Partial<SignOptions>;
}

/** The organisation vouches for an agent. */
export async function identityOf(
  did: string,
  {
    signer = ORGANISATION,
    name = "agent",
    ...overrides
  }: Overrides & { signer?: Signer; name?: string } = {},
): Promise<JsonObject & AgentIdentityCredential> {
  const agentId = randomUuidUrn(seededRandom(`agent ${did}`));
  const subject = { id: did, type: "Agent", agentId, name, owner: ORGANISATION.did };
  return (await issue(signer, "AgentIdentityCredential", subject, overrides)) as JsonObject &
    AgentIdentityCredential;
}

export const REFUNDS: Grant = {
  id: "refunds",
  actions: ["refund.create", "order.*"],
  resources: ["https://api.acme.example/v1/orders/"],
  args: { "/amount": { range: { min: 1, max: 20_000 } } },
  spend: { unit: "EUR", amountAt: "/amount", perAction: 20_000 },
};

export interface AuthorityOptions extends Overrides {
  readonly grants?: readonly Grant[];
  readonly maxHops?: number;
  readonly signer?: Signer;
  readonly principal?: string;
  readonly parent?: JsonObject;
}

/** The organisation, or another issuer, grants authority. */
export async function authorityOf(
  did: string,
  {
    grants = [REFUNDS],
    maxHops = 0,
    signer = ORGANISATION,
    principal = ORGANISATION.did,
    parent,
    ...overrides
  }: AuthorityOptions = {},
): Promise<JsonObject & AuthorityCredential> {
  const subject = {
    id: did,
    principal,
    ...(parent === undefined
      ? {}
      : { parent: { id: parent["id"], digestMultibase: digestMultibase(parent) } }),
    ...(maxHops === 0 ? {} : { redelegation: { maxHops } }),
    grants,
  };
  return (await issue(signer, "DelegatedAuthorityCredential", subject, overrides)) as JsonObject &
    AuthorityCredential;
}
