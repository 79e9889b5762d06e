import {
  buildChain,
  createResolver,
  digestMultibase,
  isAuthority,
  isIdentity,
  parseTimestamp,
  WritError,
  type AuthorityCredential,
  type DidResolver,
  type Link,
  type WritCredential,
} from "@writ/core";

import { saySame } from "./choose-authority.js";
import {
  credentialOf,
  credentialRecord,
  genericRecord,
  subjectsOf,
  type HeldGeneric,
} from "./credential-record.js";
import { readHoldings, withParents } from "./credentials.js";
import { listKeys } from "./keys/keys.js";
import { parseReceivedCredential, verifyReceived, verifyReceivedGeneric } from "./received.js";
import type { RecordContent, VaultRecord } from "./vault/record.js";
import type { Vault, VaultChange } from "./vault/vault.js";
import type { Progress } from "./rekey-wallet.js";
import { useKeyIn, vaultOf, type Wallet } from "./wallet.js";

/** How credentials are taken in. */
export interface IntakeOptions {
  /** Ids of credentials that go, because those that come stand in their place. */
  readonly supersedes?: readonly string[];
  /** For issuers of others' credentials whose DIDs are not keys themselves; did:key alone unless given. */
  readonly resolver?: DidResolver;
  /** Called as they are verified, which takes the time; what is verified is kept only at the end. */
  readonly onProgress?: (progress: Progress) => void;
}

/** A credential that has passed its profile. */
type Received = {
  readonly id: string;
  readonly digest: string;
  /** Where it was in what was given. */
  readonly pointer: string;
} & (
  | { readonly kind: "writ"; readonly credential: WritCredential }
  | { readonly kind: "generic"; readonly held: HeldGeneric }
);

type ReceivedWrit = Extract<Received, { readonly kind: "writ" }>;

/**
 * Takes credentials into the wallet, all or none. Each must be signed by its issuer and still have
 * life; each must be of one of the wallet's own keys, a parent in the chain of one that is, or the
 * identity of somebody in such a chain. One that is there already, by its digest, is passed over; an
 * identity credential takes the place of those that it renews, and an authority credential of those
 * that it renews and that have ended.
 *
 * @param documents credentials as they were received; a copy is verified and stored
 * @returns the ids of those that were added; of one without id, its digest
 * @throws WritError of the proofs, the schema or the chain, `EXPIRED`, `CREDENTIAL_DUPLICATE`,
 *   `CREDENTIAL_UNEXPECTED`; the pointer begins with the position in `documents`. `NOT_FOUND` where
 *   the wallet has none that is to be superseded.
 */
export async function addCredentials(
  wallet: Wallet,
  documents: readonly object[],
  { supersedes = [], resolver = createResolver(), onProgress = () => undefined }: IntakeOptions = {},
): Promise<readonly string[]> {
  const now = wallet.clock();
  const superseded = [...supersedes];
  const received = documents.map((document, index) => parse(document, `/${String(index)}`));
  for (const [index, each] of received.entries()) {
    onProgress({ done: index, total: received.length });
    if (each.kind === "writ") await verifyReceived(each.credential, now, each.pointer, "now-or-later");
    else await verifyReceivedGeneric(each.held, now, each.pointer, resolver);
  }
  let added: readonly Received[] = [];
  await vaultOf(wallet).change(async () => {
    added = await unknownOf(vaultOf(wallet), received);
    await assertBelong(wallet, added);
    const remove = await outdated(vaultOf(wallet), added, superseded, now);
    return { add: added.map(recordOf), remove } satisfies VaultChange;
  });
  return added.map(({ id }) => id);
}

function parse(document: object, pointer: string): Received {
  const received = parseReceivedCredential(document, pointer);
  if ("json" in received) {
    const { digest } = received;
    return { kind: "generic", id: received.credential.id ?? digest, digest, pointer, held: received };
  }
  const digest = digestMultibase(received);
  return { kind: "writ", id: received.id, digest, pointer, credential: received };
}

function recordOf(received: Received): RecordContent {
  return received.kind === "writ" ? credentialRecord(received.credential) : genericRecord(received.held);
}

/** What is received and not held; another credential with the id of one that is known is refused. */
async function unknownOf(vault: Vault, received: readonly Received[]): Promise<readonly Received[]> {
  const digests = new Map<string, string>();
  const unknown: Received[] = [];
  for (const each of received) {
    const collection = each.kind === "writ" ? "credential" : "generic";
    const key = `${collection} ${each.id}`;
    const known = digests.get(key) ?? (await heldDigest(vault, collection, each));
    if (known !== undefined && known !== each.digest) {
      throw new WritError("CREDENTIAL_DUPLICATE", "the wallet knows another credential of this id", {
        pointer: `${each.pointer}/id`,
      });
    }
    digests.set(key, each.digest);
    if (known === undefined) unknown.push(each);
  }
  return unknown;
}

/** The digest of the credential that bears an id, or has it for a digest where it bears none. */
async function heldDigest(
  vault: Vault,
  collection: "credential" | "generic",
  { id, digest }: Received,
): Promise<string | undefined> {
  const [found] = await vault.find(collection, [id === digest ? "digest" : "id", id]);
  return found?.labels.find(([name]) => name === "digest")?.[1];
}

/** Refuses what has no place with the credentials of the wallet's keys and their chains. */
async function assertBelong(wallet: Wallet, added: readonly Received[]): Promise<void> {
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
async function ownAmong(vault: Vault, dids: readonly string[]): Promise<ReadonlySet<string>> {
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

/** Records in whose place the credentials come that are added. */
async function outdated(
  vault: Vault,
  added: readonly Received[],
  supersedes: readonly string[],
  now: number,
): Promise<readonly VaultRecord[]> {
  const gone = new Map<string, VaultRecord>();
  for (const id of supersedes) {
    const found = [
      ...(await vault.find("credential", ["id", id])),
      ...(await vault.find("generic", ["id", id])),
    ];
    const [record] = found;
    if (record === undefined) throw new WritError("NOT_FOUND", "the wallet has no credential of this id");
    gone.set(id, record);
  }
  for (const each of added) {
    if (each.kind !== "writ") continue;
    for (const record of await renewedBy(vault, each.credential, now))
      gone.set(credentialOf(record).id, record);
  }
  return [...gone.values()];
}

/**
 * Records of what a credential renews. An identity takes the place of one of the same subject by the same
 * issuer as soon as it has begun. An authority that says the same stays until it has ended, for what was
 * handed on of it and what waits for approval.
 */
async function renewedBy(
  vault: Vault,
  renewed: WritCredential,
  now: number,
): Promise<readonly VaultRecord[]> {
  const { issuer, type, credentialSubject, validFrom, validUntil } = renewed;
  const alike = await vault.find(
    "credential",
    ["subject", credentialSubject.id],
    ["type", type[1]],
    ["issuer", issuer],
  );
  return alike.filter((record) => {
    const before = credentialOf(record);
    const ends = parseTimestamp(before.validUntil);
    if (isIdentity(before)) return ends < parseTimestamp(validUntil) && parseTimestamp(validFrom) <= now;
    return ends <= now && isAuthority(before) && isAuthority(renewed) && saySame(before, renewed);
  });
}
