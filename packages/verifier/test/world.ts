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
  type Grant,
  type JsonObject,
  type Signer,
  type SignOptions,
} from "@writ/core";
import { openSqliteDatabase } from "@writ/database";
import {
  createOrganisation,
  enrolAgent,
  grantAuthority,
  publishStatusLists,
  type Agent,
  type Organisation,
} from "@writ/issuer";
import { fixedClock, seededRandom, type FixedClock } from "@writ/testkit";
import {
  addCredentials,
  createMemoryWalletStore,
  createPresentation,
  createWallet,
  delegateAuthority,
  requestEnrolment,
  type PresentationOptions,
  type Wallet,
} from "@writ/wallet";

import { edit } from "./edit.js";
import { trustOrganisations, type PresentationExpectations, type StatusListSource } from "../src/index.js";

export const START = "2026-11-23T08:00:00Z";
export const NOW: number = Date.parse(START);
export const MINUTE = 60_000;
export const HOUR: number = 60 * MINUTE;
export const DAY: number = 24 * HOUR;
export const CHALLENGE = "challenge-1";
export const DOMAIN = "https://shop.example";

/** The signer of a name: the same on every run. */
export function signerOf(name: string): Signer {
  return createSeedSigner(seededRandom(`signer ${name}`)(32));
}

export const STRANGER: Signer = signerOf("stranger");
export const SERVICE: Signer = signerOf("service");

/** An enrolled agent, its wallet, and the signer of the wallet's key. */
export interface Party {
  readonly agent: Agent;
  readonly wallet: Wallet;
  readonly signer: Signer;
  readonly identity: AgentIdentityCredential;
}

/** Status lists in memory that count how often they are asked for. */
export interface CountingSource extends StatusListSource {
  readonly lists: Map<string, string | Uint8Array>;
  readonly asked: string[];
}

export interface World {
  readonly clock: FixedClock;
  readonly organisation: Organisation;
  readonly lead: Party;
  readonly sub: Party;
  readonly third: Party;
  /** From the organisation to `lead`, from there to `sub`, from there to `third`. */
  readonly root: AuthorityCredential;
  readonly middle: AuthorityCredential;
  readonly leaf: AuthorityCredential;
  readonly expectations: PresentationExpectations;
  source(): Promise<CountingSource>;
  close(): Promise<void>;
}

export const REFUNDS: Grant = {
  id: "refunds",
  actions: ["refund.create", "order.*"],
  resources: ["https://api.acme.example/v1/orders/"],
  args: { "/amount": { range: { min: 1, max: 20_000 } }, "/note": { any: true, optional: true } },
  spend: { unit: "EUR", amountAt: "/amount", perAction: 20_000 },
};
export const EU: Grant = {
  id: "eu",
  within: "refunds",
  actions: ["refund.create"],
  resources: ["https://api.acme.example/v1/orders/eu/"],
  spend: { unit: "EUR", amountAt: "/amount", perAction: 500 },
};
export const SMALL: Grant = { id: "small", within: "eu", actions: ["refund.create"] };

export const INVOCATION = {
  action: "refund.create",
  resource: "https://api.acme.example/v1/orders/eu/77",
  args: { amount: 100 },
} as const;

/** An organisation, a chain of three agents, their wallets and the published lists. */
export async function openWorld(seed = "world", statusBase?: string): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), "writ-verifier-"));
  const database = await openSqliteDatabase({ path: join(folder, "organisation.db"), mode: "create" });
  const clock = fixedClock(START);
  const random = seededRandom(seed);
  const organisation = await createOrganisation(
    database,
    {
      name: "Acme",
      secret: { type: "raw", key: new Uint8Array(32).fill(1) },
      ...(statusBase === undefined ? {} : { statusBase }),
    },
    { clock, random },
  );
  const [lead, sub, third] = [
    await enrol(organisation, "lead"),
    await enrol(organisation, "sub"),
    await enrol(organisation, "third"),
  ];
  const root = await grantAuthority(organisation, lead.agent, { grants: [REFUNDS], maxHops: 2 });
  await add(lead.wallet, [root]);
  const first = await delegateAuthority(lead.wallet, { to: sub.agent.did, grants: [EU], maxHops: 1 });
  await add(sub.wallet, first.bundle);
  const second = await delegateAuthority(sub.wallet, { to: third.agent.did, grants: [SMALL] });
  await add(third.wallet, second.bundle);

  const source = async (): Promise<CountingSource> => {
    const lists = new Map<string, string | Uint8Array>();
    for (const { credential } of await publishStatusLists(organisation)) {
      lists.set(credential.id, JSON.stringify(credential));
    }
    return countingSource(lists);
  };
  const expectations = {
    trust: trustOrganisations([organisation.did]),
    status: await source(),
    clock,
    expectedChallenge: CHALLENGE,
    expectedDomain: DOMAIN,
  };
  const [middle, leaf] = [first.credential, second.credential];
  const close = async () => {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { clock, organisation, lead, sub, third, root, middle, leaf, expectations, source, close };
}

export function countingSource(lists: Map<string, string | Uint8Array>): CountingSource {
  const asked: string[] = [];
  return {
    lists,
    asked,
    get(address) {
      asked.push(address);
      const text = lists.get(address);
      return Promise.resolve(text === undefined ? null : { text });
    },
  };
}

async function enrol(organisation: Organisation, name: string): Promise<Party> {
  const source = seededRandom(`wallet ${name}`);
  const drawn: Uint8Array[] = [];
  const random = (length: number): Uint8Array => {
    const bytes = source(length);
    if (length === 32) drawn.push(Uint8Array.from(bytes));
    return bytes;
  };
  const secret = { type: "raw", key: new Uint8Array(32).fill(2) } as const;
  const wallet = await createWallet(
    createMemoryWalletStore(),
    { secret },
    { clock: organisation.clock, random },
  );
  const signer = drawn.map((seed) => createSeedSigner(seed)).find(({ did }) => did === wallet.did);
  if (signer === undefined) throw new Error("the wallet drew its seed otherwise");
  const request = JSON.stringify(await requestEnrolment(wallet));
  const { agent, credential } = await enrolAgent(organisation, request, { name });
  await add(wallet, [credential]);
  return { agent, wallet, signer, identity: credential };
}

async function add(wallet: Wallet, credentials: readonly object[]): Promise<void> {
  await addCredentials(wallet, credentials.map(asJson));
}

/** What a wallet presents to the service, as text. */
export async function present(
  { wallet }: Party,
  options: Partial<PresentationOptions> = {},
): Promise<string> {
  const { presentation } = await createPresentation(wallet, {
    challenge: CHALLENGE,
    domain: DOMAIN,
    ...options,
  });
  return JSON.stringify(presentation);
}

export interface Composition {
  /** Values at JSON Pointers of the unsigned presentation; `undefined` removes one. */
  readonly changes?: Readonly<Record<string, unknown>>;
  readonly proof?: Partial<SignOptions>;
}

/** A presentation of any credentials, signed by a holder as a wallet would sign it. */
export async function compose(
  signer: Signer,
  credentials: readonly unknown[],
  { changes = {}, proof = {} }: Composition = {},
): Promise<string> {
  const unsigned = {
    "@context": WRIT_CONTEXT,
    type: ["VerifiablePresentation"],
    holder: signer.did,
    verifiableCredential: credentials,
  };
  const signed = await signDocument(edit(unsigned as unknown as JsonObject, changes), {
    signer,
    purpose: "authentication",
    created: NOW,
    expires: NOW + 5 * MINUTE,
    challenge: CHALLENGE,
    domain: DOMAIN,
    ...proof,
  });
  return JSON.stringify(signed);
}

/** A credential with other values at some JSON Pointers, signed anew by the right key or another. */
export async function reissue<T extends object>(
  credential: T,
  signer: Signer,
  changes: Readonly<Record<string, unknown>> = {},
  proof: Partial<SignOptions> = {},
): Promise<T> {
  const unsigned = edit(asJson(credential), { "/proof": undefined, ...changes });
  const options = { signer, purpose: "assertionMethod", created: NOW, ...proof } as const;
  return (await signDocument(unsigned, options)) as unknown as T;
}

export interface LinkOptions {
  readonly grants?: readonly Grant[];
  readonly maxHops?: number;
  readonly changes?: Readonly<Record<string, unknown>>;
  readonly proof?: Partial<SignOptions>;
}

let serial = 0;

/** An authority credential below another, whatever a verifier may say of it. */
export async function linkBelow(
  parent: AuthorityCredential,
  signer: Signer,
  to: string,
  { grants = [EU], maxHops = 0, changes = {}, proof = {} }: LinkOptions = {},
): Promise<AuthorityCredential> {
  const unsigned = snapshot({
    "@context": WRIT_CONTEXT,
    id: randomUuidUrn(seededRandom(`link ${String(serial++)}`)),
    type: ["VerifiableCredential", "DelegatedAuthorityCredential"],
    issuer: signer.did,
    validFrom: formatTimestamp(NOW),
    validUntil: formatTimestamp(NOW + HOUR),
    credentialSubject: {
      id: to,
      principal: parent.credentialSubject.principal,
      parent: { id: parent.id, digestMultibase: digestMultibase(asJson(parent)) },
      ...(maxHops === 0 ? {} : { redelegation: { maxHops } }),
      grants,
    },
  });
  return (await reissue(unsigned, signer, changes, proof)) as unknown as AuthorityCredential;
}
