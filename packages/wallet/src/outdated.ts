import { isAuthority, isIdentity, parseTimestamp, WritError, type WritCredential } from "@writ/core";

import type { Received } from "./belonging.js";
import { saySame } from "./choose-authority.js";
import { credentialOf } from "./credential-record.js";
import { findById } from "./find-by-id.js";
import type { VaultRecord } from "./vault/record.js";
import type { Vault } from "./vault/vault.js";

/** Records in whose place the credentials come that are added. */
export async function outdated(
  vault: Vault,
  added: readonly Received[],
  supersedes: readonly string[],
  now: number,
): Promise<readonly VaultRecord[]> {
  const gone = new Map<string, VaultRecord>();
  for (const id of supersedes) {
    const [record] = [
      ...(await findById(vault, "credential", id)),
      ...(await findById(vault, "generic", id)),
    ];
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
