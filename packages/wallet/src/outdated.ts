import {
  isAuthority,
  isIdentity,
  parseTimestamp,
  toHex,
  validityEnd,
  WritError,
  type WritCredential,
} from "@writ/core";

import { heldChains, ownAmong, type Received } from "./belonging.js";
import { saySame } from "./choose-authority.js";
import { credentialOf, digestIn } from "./credential-record.js";
import { findById } from "./find-by-id.js";
import type { Label, RecordContent, VaultRecord } from "./vault/record.js";
import { vaultOf, type Wallet } from "./wallet.js";

/** What comes into a wallet, and what goes because of it. */
interface Arrival {
  /** All that was received, also what is held already. */
  readonly received: readonly RecordContent[];
  readonly added: readonly Received[];
  /** Records of what is added, whose proofs have ended. */
  readonly replaced: readonly VaultRecord[];
  /** Ids of what is to go. */
  readonly supersedes: readonly string[];
}

/** Records in whose place the credentials come that are received. */
export async function outdated(
  wallet: Wallet,
  arrival: Arrival,
  now: number,
): Promise<readonly VaultRecord[]> {
  const gone = [...arrival.replaced];
  for (const id of arrival.supersedes) gone.push(await supersededBy(wallet, id, arrival));
  // Opened once, however many come in one's place: whoever sends many must not take long.
  const held = new Map<string, readonly Held[]>();
  for (const each of arrival.added) {
    if (each.kind !== "writ") continue;
    const labels = labelsOfAlike(each.credential);
    const key = JSON.stringify(labels);
    if (!held.has(key)) held.set(key, (await vaultOf(wallet).find("credential", ...labels)).map(heldOf));
    gone.push(...renewedBy(held.get(key) ?? [], each.credential, now));
  }
  return [...new Map(gone.map((record) => [toHex(record.stored.id), record])).values()];
}

/**
 * The record of an id in whose place one of what is received can stand. A credential of others' vocabularies may bear the
 * id of another.
 */
async function supersededBy(wallet: Wallet, id: string, arrival: Arrival): Promise<VaultRecord> {
  const vault = vaultOf(wallet);
  const found = [...(await findById(vault, "credential", id)), ...(await findById(vault, "generic", id))];
  if (found.length === 0) throw new WritError("NOT_FOUND", "the wallet has no credential of this id");
  for (const record of found) if (await isReplaced(wallet, record, arrival)) return record;
  throw new WritError(
    "ARGUMENT_INVALID",
    "nothing of its kind would come in the place of what is superseded",
    {
      hint: "What comes is of the same type and the same holder; a delegator's, or a former key's, goes only where no authority that stays needs it.",
    },
  );
}

/**
 * Whether something else of its type comes: of its subject, of another of the wallet's keys where it is of one, or of
 * anybody where no chain needs it. An identity is missed where an authority comes, and a delegator's where the agent's does.
 */
async function isReplaced(
  wallet: Wallet,
  record: VaultRecord,
  { received, added, supersedes }: Arrival,
): Promise<boolean> {
  const alike = received.filter((one) => isOfOneType(one, record));
  if (alike.length === 0) return false;
  const [before, after] = [valuesOf("subject", record), alike.flatMap((one) => valuesOf("subject", one))];
  if (after.some((subject) => before.includes(subject))) return true;
  // Whoever it is has another key since. The wallet's own are known; of all others, what no chain needs is of no use.
  const vault = vaultOf(wallet);
  if ((await ownAmong(vault, before)).size > 0) return (await ownAmong(vault, after)).size > 0;
  return !(await heldChains(wallet, added, supersedes)).knows({
    digest: digestIn(record),
    ...(record.collection === "credential" ? { credential: credentialOf(record) } : {}),
  });
}

function isOfOneType(one: RecordContent, other: RecordContent): boolean {
  const [types, others] = [valuesOf("type", one), valuesOf("type", other)];
  // Of others' vocabularies, some say no type of their own.
  return types.length === 0 ? others.length === 0 : types.some((type) => others.includes(type));
}

function valuesOf(label: string, { labels }: RecordContent): readonly string[] {
  return labels.flatMap(([name, value]) => (name === label ? [value] : []));
}

/** A record, and the credential that it is of. */
interface Held {
  readonly record: VaultRecord;
  readonly credential: WritCredential;
  readonly ends: number;
}

function heldOf(record: VaultRecord): Held {
  const credential = credentialOf(record);
  return { record, credential, ends: validityEnd(credential) };
}

/** What a credential has in common with all that it may renew. */
function labelsOfAlike({ issuer, type, credentialSubject }: WritCredential): readonly Label[] {
  return [
    ["subject", credentialSubject.id],
    ["type", type[1]],
    ["issuer", issuer],
  ];
}

/**
 * Records of what a credential renews, of those that are alike. An identity takes the place of one of the same subject by the same
 * issuer as soon as it has begun. An authority that says the same stays until it has ended, for what was
 * handed on of it and what waits for approval.
 */
function renewedBy(alike: readonly Held[], renewed: WritCredential, now: number): readonly VaultRecord[] {
  const [begins, lasts] = [parseTimestamp(renewed.validFrom), validityEnd(renewed)];
  return alike.flatMap(({ record, credential: before, ends }) => {
    // An older one that lasts longer may have been revoked since.
    const isRenewed = isIdentity(before)
      ? ends < lasts && begins <= now && begins >= parseTimestamp(before.validFrom)
      : ends <= now && isAuthority(before) && isAuthority(renewed) && saySame(before, renewed);
    return isRenewed ? [record] : [];
  });
}
