import {
  buildChain,
  digestMultibase,
  isAuthority,
  isIdentity,
  WritError,
  type AuthorityCredential,
  type Link,
  type WritCredential,
} from "@writ/core";

import { subjectsOf, type HeldGeneric } from "./credential-record.js";
import { readHoldings, withParents } from "./credentials.js";
import { listKeys } from "./keys/keys.js";
import type { Vault } from "./vault/vault.js";
import { useKeyIn, vaultOf, type Wallet } from "./wallet.js";

/** A credential that has passed its profile. */
export type Received = {
  readonly id: string;
  readonly digest: string;
  /** Where it was in what was given. */
  readonly pointer: string;
} & (
  | { readonly kind: "writ"; readonly credential: WritCredential }
  | { readonly kind: "generic"; readonly held: HeldGeneric }
);

type ReceivedWrit = Extract<Received, { readonly kind: "writ" }>;

/** Refuses what has no place with the credentials of the wallet's keys and their chains. */
export async function assertBelong(wallet: Wallet, added: readonly Received[]): Promise<void> {
  const holders = await ownAmong(vaultOf(wallet), added.flatMap(subjectsIn));
  const arriving = await chainsOf(wallet, leavesIn(added, holders), added, refuse);
  const strangers = added.filter((each) => !speaksOf(each, holders) && !arriving.knows(each));
  if (strangers.length === 0) return;
  // Of whom else it may be the identity, is known from what is held: read only where it matters.
  const held = await heldChains(wallet, added);
  const stranger = strangers.find((each) => !held.knows(each));
  if (stranger === undefined) return;
  throw new WritError("CREDENTIAL_UNEXPECTED", `${stranger.id} was issued to somebody else`, {
    pointer: stranger.pointer,
    hint: "A wallet takes credentials of its own keys, and what is needed to present them.",
  });
}

/**
 * The chains by which the wallet's keys hold authority, with what is added.
 *
 * @param leaving ids of what the wallet will not hold any more
 */
export async function heldChains(
  wallet: Wallet,
  added: readonly Received[],
  leaving: readonly string[] = [],
): Promise<Chains> {
  const leaves = [...leavesIn(added, await ownAmong(vaultOf(wallet), added.flatMap(subjectsIn)))];
  for (const { did } of await listKeys(wallet)) {
    const { authorities } = await readHoldings(useKeyIn(wallet, did));
    leaves.push(...authorities.filter(({ id }) => !leaving.includes(id)));
  }
  // One that lacks a parent by now, as that has ended and was renewed, keeps nothing else from coming.
  return chainsOf(wallet, leaves, added, passOver);
}

function leavesIn(added: readonly Received[], holders: ReadonlySet<string>): readonly AuthorityCredential[] {
  return writsIn(added)
    .map(({ credential }) => credential)
    .filter(isAuthority)
    .filter(({ credentialSubject }) => holders.has(credentialSubject.id));
}

function writsIn(received: readonly Received[]): readonly ReceivedWrit[] {
  return received.filter((each): each is ReceivedWrit => each.kind === "writ");
}

/** Whether it is a credential of the wallet's own. An approval has its place in a presentation only. */
function speaksOf(received: Received, holders: ReadonlySet<string>): boolean {
  const mayBeHeld =
    received.kind === "generic" || isAuthority(received.credential) || isIdentity(received.credential);
  return mayBeHeld && subjectsIn(received).some((subject) => holders.has(subject));
}

/** Of whom it speaks. */
function subjectsIn(received: Received): readonly string[] {
  return received.kind === "generic"
    ? subjectsOf(received.held.credential)
    : [received.credential.credentialSubject.id];
}

/** Those of some DIDs of which the wallet has the key. */
export async function ownAmong(vault: Vault, dids: readonly string[]): Promise<ReadonlySet<string>> {
  const own = new Set<string>();
  for (const did of new Set(dids)) if ((await vault.count("key", ["did", did])) > 0) own.add(did);
  return own;
}

/** What stands in some chains of authority. */
export interface Chains {
  /** Whether it is a link of one, or the identity of whoever holds a link; others' vocabularies have no place in any. */
  knows(each: { readonly digest: string; readonly credential?: WritCredential }): boolean;
}

function refuse(error: WritError): never {
  throw error;
}

function passOver(): void {
  // Nothing stands in it.
}

/**
 * The chains of authority credentials, with the parents that were received or are held.
 *
 * @param onBroken told of a chain that is none, at the credential where it begins
 */
async function chainsOf(
  wallet: Wallet,
  leaves: readonly AuthorityCredential[],
  received: readonly Received[],
  onBroken: (error: WritError) => void,
): Promise<Chains> {
  const writs = writsIn(received);
  const places = new Map(writs.map(({ digest, pointer }) => [digest, pointer]));
  const arriving = writs.map(({ credential }) => credential).filter(isAuthority);
  const known =
    leaves.length === 0 ? new Map<string, never>() : await withParents(wallet, [...leaves, ...arriving]);
  const locate = (digest: string): Link | undefined => {
    const credential = known.get(digest);
    return credential && { credential, pointer: places.get(digest) ?? "" };
  };
  const links = new Set<string>();
  const subjects = new Set<string>();
  for (const leaf of leaves) {
    try {
      const chain = buildChain(locate(digestMultibase(leaf)) ?? { credential: leaf, pointer: "" }, locate);
      for (const { credential } of chain.links) {
        links.add(digestMultibase(credential));
        subjects.add(credential.credentialSubject.id);
      }
    } catch (error) {
      if (!(error instanceof WritError)) throw error;
      onBroken(error);
    }
  }
  return {
    knows({ digest, credential }) {
      if (credential === undefined) return false;
      return links.has(digest) || (isIdentity(credential) && subjects.has(credential.credentialSubject.id));
    },
  };
}
