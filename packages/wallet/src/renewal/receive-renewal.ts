import {
  asJson,
  isAgentIdentity,
  isAuthority,
  isIdentity,
  parseTimestamp,
  sameJson,
  WritError,
  type JsonObject,
  type WritCredential,
} from "@writ/core";

import { addCredentials } from "../add-credentials.js";
import { listKeys } from "../keys/keys.js";
import { parseReceivedCredential } from "../received.js";
import type { Wallet } from "../wallet.js";
import type { RenewedCredential } from "./credential-renewal.js";
import type { Renewable } from "./own-credentials.js";

/** As many as a presentation can show. */
const MAX_CREDENTIALS = 64;

/**
 * Takes in what came for a credential, or nothing of it. Exactly one must be of the wallet's own keys, and
 * continue the credential: the same subject, issuer, type, and principal or agent, begun before the other
 * has ended, and ending later. The rest must be what its chain needs.
 *
 * @throws WritError `RENEWAL_INVALID`, `TOO_MANY_ITEMS`, and what `addCredentials` throws.
 */
export async function receiveRenewal(
  wallet: Wallet,
  before: Renewable,
  answer: unknown,
): Promise<RenewedCredential> {
  const received = parseAnswer(answer);
  const own = new Set((await listKeys(wallet)).map(({ did }) => did));
  const [renewed, ...others] = received.filter(({ credentialSubject: { id } }) => own.has(id));
  if (renewed === undefined) throw invalid("holds no credential of the wallet's own");
  if (others.length > 0) throw invalid("holds more of the wallet's own than was asked for");
  assertContinues(before, renewed);
  await addCredentials(wallet, received);
  return {
    credentialId: before.id,
    renewedId: renewed.id,
    endsAt: parseTimestamp(renewed.validUntil),
    differs: differences(asJson(before.credentialSubject), asJson(renewed.credentialSubject)),
  };
}

function parseAnswer(answer: unknown): readonly WritCredential[] {
  if (!Array.isArray(answer)) throw invalid("is no list");
  if (answer.length > MAX_CREDENTIALS) {
    throw new WritError("TOO_MANY_ITEMS", `a renewal is more than ${String(MAX_CREDENTIALS)} credentials`);
  }
  return Array.from(answer as readonly unknown[], (document, index) => parse(document, `/${String(index)}`));
}

function parse(document: unknown, pointer: string): WritCredential {
  if (typeof document !== "object" || document === null)
    throw invalid("holds what is no credential", pointer);
  let received: ReturnType<typeof parseReceivedCredential>;
  try {
    received = parseReceivedCredential(document, pointer);
  } catch (cause) {
    // Its getters run there, and may throw anything.
    if (cause instanceof WritError) throw cause;
    throw invalid("cannot be read", pointer, cause);
  }
  if ("json" in received) throw invalid("holds a credential in others' vocabulary", pointer);
  return received;
}

function assertContinues(before: Renewable, after: WritCredential): void {
  const subject = before.credentialSubject.id;
  if (after.credentialSubject.id !== subject) throw invalid("was issued to another of the wallet's keys");
  if (after.type[1] !== before.type[1]) throw invalid("is of another type");
  if (after.issuer !== before.issuer) throw invalid("is by another issuer");
  if (isAuthority(before) && isAuthority(after)) {
    const isSame = after.credentialSubject.principal === before.credentialSubject.principal;
    if (!isSame) throw invalid("acts for another principal");
  }
  if (isIdentity(before) && isAgentIdentity(before) && isIdentity(after) && isAgentIdentity(after)) {
    const isSame = after.credentialSubject.agentId === before.credentialSubject.agentId;
    if (!isSame) throw invalid("vouches for another agent");
  }
  const end = parseTimestamp(before.validUntil);
  if (parseTimestamp(after.validUntil) <= end) throw invalid("ends no later");
  if (parseTimestamp(after.validFrom) > end) throw invalid("begins after the other has ended");
}

/** A renewed parent is another one, and nothing that its holder has to know of. */
function differences(before: JsonObject, after: JsonObject): readonly string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .filter((name) => name !== "parent" && !sameJson(before[name] ?? null, after[name] ?? null))
    .sort();
}

function invalid(why: string, pointer = "", cause?: unknown): WritError {
  return new WritError("RENEWAL_INVALID", `what came for the credential ${why}`, { pointer, cause });
}
