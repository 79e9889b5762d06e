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
  for (const id of supersedes) {
    const [record] = [
      ...(await findById(vault, "credential", id)),
      ...(await findById(vault, "generic", id)),
    ];
    if (record === undefined) throw new WritError("NOT_FOUND", "the wallet has no credential of this id");
    await assertReplaced(vault, record, received);
    gone.set(id, record);
  }
  for (const each of added) {
    if (each.kind !== "writ") continue;
    for (const record of await renewedBy(vault, each.credential, now))
      gone.set(credentialOf(record).id, record);
  }
  return [...gone.values()];
}

/** An identity is missed where an authority comes, and another's identity is not the agent's. */
async function assertReplaced(
  vault: Vault,
  record: VaultRecord,
  received: readonly RecordContent[],
): Promise<void> {
  const before = valuesOf("subject", record);
  for (const each of received.filter((one) => isOfOneType(one, record))) {
    const subjects = valuesOf("subject", each);
    if (subjects.some((subject) => before.includes(subject))) return;
    // The agent has another key since, and may have destroyed the one before.
    if ((await ownAmong(vault, subjects)).size > 0) return;
  }
  throw new WritError(
    "ARGUMENT_INVALID",
    "nothing of its kind would come in the place of what is superseded",
    {
      hint: "A credential stands in for one of the same type and the same holder.",
    },
  );
}

function isOfOneType(one: RecordContent, other: RecordContent): boolean {
  const [types, before] = [valuesOf("type", one), valuesOf("type", other)];
  // Of others' vocabularies, some say no type of their own.
  const isAlike = types.length === 0 ? before.length === 0 : types.some((type) => before.includes(type));
  return one.collection === other.collection && isAlike;
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
