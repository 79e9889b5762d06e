import {
  buildChain,
  isAuthority,
  isIdentity,
  WritError,
  type AuthorityCredential,
  type Link,
  type WritCredential,
} from "@writ/core";

import { subjectsOf, type HeldGeneric } from "./credential-record.js";
import { findCredentials, withParents } from "./credentials.js";
import { listKeys } from "./keys/keys.js";
import type { Vault } from "./vault/vault.js";
import { vaultOf, type Wallet } from "./wallet.js";

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

/** Refuses what has no place with the credentials of the wallet's keys and their chains. */
export async function assertBelong(wallet: Wallet, added: readonly Received[]): Promise<void> {
  const holders = await ownAmong(vaultOf(wallet), added.flatMap(subjectsIn));
  const arriving = await arrivingChains(wallet, added, holders);
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

/**
 * The chains of what comes, with parents that come as well or are held.
 *
 * @throws WritError of a chain, at the credential where it begins.
 */
async function arrivingChains(
  wallet: Wallet,
  added: readonly Received[],
  holders: ReadonlySet<string>,
): Promise<Chains> {
  const places = new Map(added.map(({ digest, pointer }) => [digest, pointer]));
  const authorities = authoritiesIn(added);
  const isLeaf = ({ credentialSubject }: AuthorityCredential): boolean => holders.has(credentialSubject.id);
  const known = authorities.some(isLeaf) ? await withParents(wallet, authorities) : new Map<string, never>();
  const locate = (digest: string): Link | undefined => {
    const credential = known.get(digest);
    return credential && { credential, pointer: places.get(digest) ?? "" };
  };
  for (const [digest, credential] of known) {
    if (isLeaf(credential)) buildChain({ credential, pointer: places.get(digest) ?? "" }, locate);
  }
  return chainsTo(isLeaf, known);
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
  const own = new Set((await listKeys(wallet)).map(({ did }) => did));
  const type = "DelegatedAuthorityCredential";
  const held: WritCredential[] = [];
  for (const subject of own) held.push(...(await findCredentials(wallet, { type, subject })));
  const known = await withParents(wallet, [...held.filter(isAuthority), ...authoritiesIn(added)]);
  return chainsTo(
    ({ id, credentialSubject }) => own.has(credentialSubject.id) && !leaving.includes(id),
    known,
  );
}

function authoritiesIn(received: readonly Received[]): readonly AuthorityCredential[] {
  return received.flatMap((each) => (each.kind === "writ" ? [each.credential] : [])).filter(isAuthority);
}

/** The chains that end at some of the authority credentials that are known by their digests. */
function chainsTo(
  isLeaf: (credential: AuthorityCredential) => boolean,
  known: ReadonlyMap<string, AuthorityCredential>,
): Chains {
  const links = new Set<string>();
  const subjects = new Set<string>();
  for (const [leaf, credential] of known) {
    if (!isLeaf(credential)) continue;
    for (const [digest, { credentialSubject }] of linksTo(leaf, known)) {
      links.add(digest);
      subjects.add(credentialSubject.id);
    }
  }
  return {
    knows({ digest, credential }) {
      if (credential === undefined) return false;
      return links.has(digest) || (isIdentity(credential) && subjects.has(credential.credentialSubject.id));
    },
  };
}

/** A credential and all above it, by their digests; none where a parent is missing, as nothing can be shown of it. */
function linksTo(
  leaf: string,
  known: ReadonlyMap<string, AuthorityCredential>,
): ReadonlyMap<string, AuthorityCredential> {
  const links = new Map<string, AuthorityCredential>();
  for (let digest: string | undefined = leaf; digest !== undefined;) {
    const credential = known.get(digest);
    if (credential === undefined) return new Map();
    links.set(digest, credential);
    digest = credential.credentialSubject.parent?.digestMultibase;
  }
  return links;
}
