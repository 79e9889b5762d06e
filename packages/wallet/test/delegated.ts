import type { AuthorityCredential, Grant, StatusEntry } from "@writ/core";

import {
  addCredentials,
  createMemoryWalletStore,
  delegateAuthority,
  type DelegationOptions,
  type DelegationStatus,
  type DelegationStatusPort,
  type StatusRequest,
  type StatusRevocation,
  type WalletStore,
} from "../src/index.js";
import {
  authorityOf,
  identityOf,
  openWorld,
  SERVICE,
  signerOf,
  type AuthorityOptions,
  type WalletWorld,
} from "./world.js";

export const SUB: string = signerOf("sub").did;
export const OTHER: string = signerOf("other").did;

/** A grant with a budget, metered on an account of its own. */
export function payments(id: string, budget: number, position: number, more: Partial<Grant> = {}): Grant {
  const account = `urn:uuid:00000000-0000-4000-8000-${String(position).padStart(12, "0")}`;
  const meter = { ledger: SERVICE.did, account };
  return { id, actions: ["pay"], spend: { unit: "EUR", budget }, meter, ...more };
}

export const PAY: Grant = payments("pay", 100, 0);
export const READ: Grant = { id: "read", actions: ["order.read"] };

export interface LeadWorld extends WalletWorld {
  readonly parent: AuthorityCredential;
  /** Hands a part of `pay` on. */
  readonly handOn: (
    budget: number,
    options?: Partial<DelegationOptions> & { readonly grant?: Partial<Grant> },
    status?: DelegationStatus,
  ) => Promise<AuthorityCredential>;
}

/** A wallet that may hand on a budget of 100, and reading. */
export async function openLead(
  options: AuthorityOptions = {},
  store: WalletStore = createMemoryWalletStore(),
): Promise<LeadWorld> {
  const world = await openWorld("lead", store);
  const parent = await authorityOf(world.wallet.did, { grants: [PAY, READ], maxHops: 2, ...options });
  await addCredentials(world.wallet, [await identityOf(world.wallet.did), parent]);
  return {
    ...world,
    parent,
    async handOn(budget, { grant, ...more } = {}, status) {
      const grants = [payments("part", budget, 1, { within: "pay", ...grant })];
      return (await delegateAuthority(world.wallet, { to: SUB, grants, ...more }, status)).credential;
    },
  };
}

/** An entry of a list of the organisation that `world.ts` speaks of. */
export function entry(
  statusListIndex: string,
  { list = "r1", base = "https://acme.example/status/", ...more }: EntryOptions = {},
): StatusEntry {
  return {
    type: "BitstringStatusListEntry",
    statusPurpose: "revocation",
    statusListIndex,
    statusListCredential: base + list,
    ...more,
  };
}

interface EntryOptions extends Partial<StatusEntry> {
  readonly list?: string;
  readonly base?: string;
}

/** An organisation's port: it gives out indexes from 70,000 on, and remembers what it was asked. */
export function openStatus(
  allocate?: (request: StatusRequest, signal: AbortSignal) => unknown,
): DelegationStatus & {
  readonly requests: StatusRequest[];
  readonly revocations: StatusRevocation[];
} {
  const requests: StatusRequest[] = [];
  const revocations: StatusRevocation[] = [];
  const status: DelegationStatusPort = {
    allocate(request, signal) {
      requests.push(request);
      if (allocate !== undefined) return allocate(request, signal) as Promise<readonly StatusEntry[]>;
      return Promise.resolve([entry(String(70_000 + requests.length))]);
    },
    revoke(revocation) {
      revocations.push(revocation);
      return Promise.resolve();
    },
  };
  return { status, requests, revocations };
}
