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
  const writs = added.filter((each): each is ReceivedWrit => each.kind === "writ");
  const leaves = writs
    .map(({ credential }) => credential)
    .filter(isAuthority)
    .filter(({ credentialSubject }) => holders.has(credentialSubject.id));
  const arriving = await chainsOf(wallet, leaves, writs);
  let strangers = added.filter((each) => !speaksOf(each, holders) && !arriving.knows(each));
  if (strangers.length === 0) return;
  // Of whom else it may be the identity, is known from what is held: read only where it matters.
  for (const { did: holder } of await listKeys(wallet)) {
    const { authorities } = await readHoldings(useKeyIn(wallet, holder));
    const held = await chainsOf(wallet, authorities, writs);
    strangers = strangers.filter((each) => !held.knows(each));
  }
  const [stranger] = strangers;
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

/**
 * The chains of authority credentials, with the parents that were received or are held.
 *
 * @throws WritError of a chain, at the credential where it begins.
 */
async function chainsOf(
  wallet: Wallet,
  leaves: readonly AuthorityCredential[],
  received: readonly ReceivedWrit[],
): Promise<{ knows(received: Received): boolean }> {
  const places = new Map(received.map(({ credential, pointer }) => [digestMultibase(credential), pointer]));
  const arriving = received.map(({ credential }) => credential).filter(isAuthority);
  const known =
    leaves.length === 0 ? new Map<string, never>() : await withParents(wallet, [...leaves, ...arriving]);
  const locate = (digest: string): Link | undefined => {
    const credential = known.get(digest);
    return credential && { credential, pointer: places.get(digest) ?? "" };
  };
  const links = new Set<string>();
  const subjects = new Set<string>();
  for (const leaf of leaves) {
    const chain = buildChain(locate(digestMultibase(leaf)) ?? { credential: leaf, pointer: "" }, locate);
    for (const { credential } of chain.links) {
      links.add(digestMultibase(credential));
      subjects.add(credential.credentialSubject.id);
    }
  }
  return {
    knows(each) {
      if (each.kind === "generic") return false;
      return (
        links.has(each.digest) ||
        (isIdentity(each.credential) && subjects.has(each.credential.credentialSubject.id))
      );
    },
  };
}
