import { isAuthority, isIdentity, parseTimestamp, WritError, type WritCredential } from "@writ/core";

import { ownAmong, type Received } from "./belonging.js";
import { saySame } from "./choose-authority.js";
import { credentialOf } from "./credential-record.js";
import { findById } from "./find-by-id.js";
import type { RecordContent, VaultRecord } from "./vault/record.js";
import type { Vault } from "./vault/vault.js";

/** What comes into a wallet, and what goes because of it. */
interface Arrival {
  /** All that was received, also what is held already. */
  readonly received: readonly RecordContent[];
  readonly added: readonly Received[];
  /** Ids of what is to go. */
  readonly supersedes: readonly string[];
}

/** Records in whose place the credentials come that are received. */
export async function outdated(
  vault: Vault,
  { received, added, supersedes }: Arrival,
  now: number,
): Promise<readonly VaultRecord[]> {
  const gone = new Map<string, VaultRecord>();
  for (const id of supersedes) gone.set(id, await supersededBy(vault, id, received));
  for (const each of added) {
    if (each.kind !== "writ") continue;
    for (const record of await renewedBy(vault, each.credential, now))
      gone.set(credentialOf(record).id, record);
  }
  return [...gone.values()];
}

/**
 * The record of an id in whose place one of what is received can stand. A credential of others' vocabularies may bear the
 * id of another.
 */
async function supersededBy(
  vault: Vault,
  id: string,
  received: readonly RecordContent[],
): Promise<VaultRecord> {
  const found = [...(await findById(vault, "credential", id)), ...(await findById(vault, "generic", id))];
  if (found.length === 0) throw new WritError("NOT_FOUND", "the wallet has no credential of this id");
  for (const record of found) if (await isReplaced(vault, record, received)) return record;
  throw new WritError(
    "ARGUMENT_INVALID",
    "nothing of its kind would come in the place of what is superseded",
    {
      hint: "A credential stands in for one of the same type and the same holder.",
    },
  );
}

/** An identity is missed where an authority comes, and another's where the agent's own comes, and the reverse. */
async function isReplaced(
  vault: Vault,
  record: VaultRecord,
  received: readonly RecordContent[],
): Promise<boolean> {
  const before = valuesOf("subject", record);
  const isOwn = !(await isOfChains(vault, before));
  for (const each of received.filter((one) => isOfOneType(one, record))) {
    const subjects = valuesOf("subject", each);
    if (subjects.some((subject) => before.includes(subject))) return true;
    // Whoever it is has another key since.
    if ((await ownAmong(vault, subjects)).size > 0 === isOwn) return true;
  }
  return false;
}

/** Whether it is of somebody who handed on to the wallet's own; a key that is not, and not held, was its own once. */
async function isOfChains(vault: Vault, subjects: readonly string[]): Promise<boolean> {
  if ((await ownAmong(vault, subjects)).size > 0) return false;
  for (const subject of subjects) {
    if ((await vault.count("credential", ["issuer", subject])) > 0) return true;
  }
  return false;
}

function isOfOneType(one: RecordContent, other: RecordContent): boolean {
  const [types, others] = [valuesOf("type", one), valuesOf("type", other)];
  // Of others' vocabularies, some say no type of their own.
  return types.length === 0 ? others.length === 0 : types.some((type) => others.includes(type));
}

function valuesOf(label: string, { labels }: RecordContent): readonly string[] {
  return labels.flatMap(([name, value]) => (name === label ? [value] : []));
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
