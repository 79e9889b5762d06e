import {
  asJson,
  buildChain,
  checkSignedBy,
  checkValidity,
  createResolver,
  digestMultibase,
  isIdentity,
  parseDocument,
  snapshot,
  WritError,
  writCredential,
  type AuthorityCredential,
  type Link,
  type WritCredential,
} from "@writ/core";

import { holdingsOf, listCredentials } from "./credentials.js";
import type { RecordContent } from "./vault/vault.js";
import { vaultOf, type Wallet } from "./wallet.js";

/**
 * Takes credentials into the wallet, all or none. Each must be signed by its issuer and still have
 * life; each must be the wallet's own, a parent in the chain of one that is, or the identity of
 * somebody in such a chain. One that is there already is passed over.
 *
 * @param documents credentials as they were received; a copy is verified and stored
 * @returns the ids of those that were added
 * @throws WritError of the proofs, the schema or the chain, `EXPIRED`, `CREDENTIAL_UNEXPECTED`; the
 *   pointer begins with the position in `documents`.
 */
export async function addCredentials(
  wallet: Wallet,
  documents: readonly object[],
): Promise<readonly string[]> {
  const now = wallet.clock();
  const received = new Map<WritCredential, string>();
  documents.forEach((document, index) => {
    const pointer = `/${String(index)}`;
    received.set(parseReceived(document, pointer), pointer);
  });
  for (const [credential, pointer] of received) await verifyReceived(credential, now, pointer);
  let added: readonly WritCredential[] = [];
  await vaultOf(wallet).add(async () => {
    const held = await listCredentials(wallet);
    const known = new Set(held.map(digestOf));
    added = distinct([...received.keys()]).filter((credential) => !known.has(digestOf(credential)));
    assertBelong(wallet.did, added, [...held, ...added], received);
    return added.map(recordOf);
  });
  return added.map(({ id }) => id);
}

/** A copy, so that what is stored is what was verified. */
function parseReceived(document: object, pointer: string): WritCredential {
  try {
    return parseDocument(snapshot(document), writCredential);
  } catch (error) {
    throw error instanceof WritError ? relocated(error, pointer) : error;
  }
}

async function verifyReceived(credential: WritCredential, now: number, pointer: string): Promise<void> {
  const { problems } = await checkSignedBy(
    asJson(credential),
    { did: credential.issuer, purpose: "assertionMethod", now },
    { resolver: createResolver() },
    pointer,
  );
  const validity = checkValidity(credential, now, pointer);
  const problem = problems[0] ?? (validity?.code === "EXPIRED" ? validity : undefined);
  if (problem !== undefined) throw new WritError(problem.code, problem.detail, { pointer: problem.pointer });
}

/** Refuses what has no place with the holder's own credentials and their chains. */
function assertBelong(
  holder: string,
  added: readonly WritCredential[],
  together: readonly WritCredential[],
  places: ReadonlyMap<WritCredential, string>,
): void {
  const holdings = holdingsOf(holder, together);
  const inChains = new Set<string>([holder]);
  const links = new Set<WritCredential>();
  const locate = (credential: AuthorityCredential): Link => ({
    credential,
    pointer: places.get(credential) ?? "",
  });
  for (const authority of holdings.authorities) {
    const chain = buildChain(locate(authority), (digest) => {
      const parent = holdings.findAuthority(digest);
      return parent && locate(parent.credential);
    });
    for (const { credential } of chain.links) {
      links.add(credential);
      inChains.add(credential.credentialSubject.id);
    }
  }
  const stranger = added.find(
    (credential) =>
      !links.has(credential) && !(isIdentity(credential) && inChains.has(credential.credentialSubject.id)),
  );
  if (stranger !== undefined) {
    throw new WritError("CREDENTIAL_UNEXPECTED", `${stranger.id} was issued to somebody else`, {
      pointer: places.get(stranger) ?? "",
      hint: "A wallet takes credentials of its own key, and what is needed to present them.",
    });
  }
}

function distinct(credentials: readonly WritCredential[]): readonly WritCredential[] {
  return [...new Map(credentials.map((credential) => [digestOf(credential), credential])).values()];
}

function recordOf(credential: WritCredential): RecordContent {
  return {
    collection: "credential",
    value: { document: asJson(credential) },
    labels: [
      ["digest", digestOf(credential)],
      ["subject", credential.credentialSubject.id],
    ],
  };
}

function digestOf(credential: WritCredential): string {
  return digestMultibase(asJson(credential));
}

function relocated(error: WritError, pointer: string): WritError {
  const { code, detail, ...place } = error.problem;
  return new WritError(code, detail, { ...place, pointer: pointer + place.pointer, cause: error });
}
