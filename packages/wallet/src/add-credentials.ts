import {
  createResolver,
  digestMultibase,
  validityEnd,
  WritError,
  type DidResolver,
  type GenericCredential,
  type WritCredential,
} from "@writ/core";

import { assertBelong, type Received } from "./belonging.js";
import { credentialOf, credentialRecord, digestIn, genericOf, genericRecord } from "./credential-record.js";
import { findById } from "./find-by-id.js";
import { outdated } from "./outdated.js";
import { parseReceivedCredential, verifyReceived, verifyReceivedGeneric } from "./received.js";
import type { Progress } from "./progress.js";
import type { RecordContent, VaultRecord } from "./vault/record.js";
import type { Vault, VaultChange } from "./vault/vault.js";
import { vaultOf, type Wallet } from "./wallet.js";

/** How credentials are taken in. */
export interface IntakeOptions {
  /**
   * Ids of credentials that go, because those that come stand in their place: for each there is one of its type and
   * its holder, or one of its type where no authority that stays needs it. Of one without id, its digest.
   */
  readonly supersedes?: readonly string[];
  /** For issuers of others' credentials whose DIDs are not keys themselves; did:key alone unless given. */
  readonly resolver?: DidResolver;
  /** Called as they are verified, which takes the time; what is verified is kept only at the end. */
  readonly onProgress?: (progress: Progress) => void;
}

/**
 * Takes credentials into the wallet, all or none. Each must be signed by its issuer and still have
 * life; each must be of one of the wallet's own keys, a parent in the chain of one that is, or the
 * identity of somebody in such a chain. One that is there already, by its digest, is passed over, unless its
 * proofs have ended; an identity credential takes the place of those that it renews, and an authority credential of those
 * that it renews and that have ended.
 *
 * @param documents credentials as they were received; a copy is verified and stored
 * @returns the ids of those that were added; of one without id, its digest
 * @throws WritError of the proofs, the schema or the chain, `EXPIRED`, `CREDENTIAL_DUPLICATE`,
 *   `CREDENTIAL_UNEXPECTED`; the pointer begins with the position in `documents`. `NOT_FOUND` where
 *   the wallet has none that is to be superseded; `ARGUMENT_INVALID` for what is no list, and where nothing
 *   of its kind would come in the place of what goes.
 */
export async function addCredentials(
  wallet: Wallet,
  documents: readonly object[],
  { supersedes = [], resolver = createResolver(), onProgress = () => undefined }: IntakeOptions = {},
): Promise<readonly string[]> {
  assertList(documents);
  const now = wallet.clock();
  const superseded = [...supersedes];
  const received = documents.map((document, index) => parse(document, `/${String(index)}`));
  assertInTheirPlace(received, superseded);
  for (const [index, each] of received.entries()) {
    onProgress({ done: index, total: received.length });
    if (each.kind === "writ") await verifyReceived(each.credential, now, each.pointer, "now-or-later");
    else await verifyReceivedGeneric(each.held, now, each.pointer, resolver);
  }
  let added: readonly Received[] = [];
  await vaultOf(wallet).change(async () => {
    const news = await newsIn(vaultOf(wallet), received, now);
    added = news.added;
    await assertBelong(wallet, added);
    const arrival = { received: received.map(recordOf), ...news, supersedes: superseded };
    return { add: added.map(recordOf), remove: await outdated(wallet, arrival, now) } satisfies VaultChange;
  });
  return added.map(({ id }) => id);
}

/** From JavaScript, it may be a single one. */
function assertList(given: unknown): void {
  if (!Array.isArray(given)) throw new WritError("ARGUMENT_INVALID", "credentials are given as a list");
}

/** What goes, goes because something else is there. */
function assertInTheirPlace(received: readonly Received[], supersedes: readonly string[]): void {
  if (supersedes.length === 0) return;
  if (received.length === 0 || received.some(({ id }) => supersedes.includes(id))) {
    throw new WritError("ARGUMENT_INVALID", "nothing would come in the place of what is superseded");
  }
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

/** What comes in, and the records of what it is that have ended. */
interface News {
  readonly added: readonly Received[];
  readonly replaced: readonly VaultRecord[];
}

/**
 * What is received and not held, or held with proofs that have ended: whoever brought those must not keep the same credential
 * out for good. Another credential with the id of one that is known is refused.
 */
async function newsIn(vault: Vault, received: readonly Received[], now: number): Promise<News> {
  const digests = new Map<string, string>();
  const added: Received[] = [];
  const replaced: VaultRecord[] = [];
  for (const each of received) {
    const collection = each.kind === "writ" ? "credential" : "generic";
    const key = `${collection} ${each.id}`;
    const [held] = digests.has(key) ? [] : await findById(vault, collection, each.id);
    const known = digests.get(key) ?? (held && digestIn(held));
    if (known !== undefined && known !== each.digest) {
      throw new WritError("CREDENTIAL_DUPLICATE", "the wallet knows another credential of this id", {
        pointer: `${each.pointer}/id`,
      });
    }
    const hasEnded = held !== undefined && validityEnd(documentOf(held)) <= now;
    if (known === undefined || hasEnded) added.push(each);
    if (hasEnded) replaced.push(held);
    digests.set(key, each.digest);
  }
  return { added, replaced };
}

function documentOf(record: VaultRecord): WritCredential | GenericCredential {
  return record.collection === "generic" ? genericOf(record).credential : credentialOf(record);
}
