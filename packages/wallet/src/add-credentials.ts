import {
  asJson,
  buildChain,
  checkSignedBy,
  checkValidity,
  createResolver,
  digestMultibase,
  isAuthority,
  isIdentity,
  parseDocument,
  WritError,
  writCredential,
  type JsonObject,
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
 * @param documents parsed by strict JSON
 * @returns the ids of those that were added
 * @throws WritError of the proofs, the schema or the chain, `EXPIRED`, `CREDENTIAL_UNEXPECTED`; the
 *   pointer begins with the position in `documents`.
 */
export async function addCredentials(
  wallet: Wallet,
  documents: readonly JsonObject[],
): Promise<readonly string[]> {
  const received: WritCredential[] = [];
  for (const [index, document] of documents.entries()) {
    received.push(await verifyReceived(document, `/${String(index)}`, wallet.clock()));
  }
  let added: readonly WritCredential[] = [];
  await vaultOf(wallet).add(async () => {
    const held = await listCredentials(wallet);
    const known = new Set(held.map(digestOf));
    added = distinct(received).filter((credential) => !known.has(digestOf(credential)));
    assertBelong(wallet.did, added, [...held, ...added]);
    return added.map(recordOf);
  });
  return added.map(({ id }) => id);
}

async function verifyReceived(document: JsonObject, pointer: string, now: number): Promise<WritCredential> {
  let credential: WritCredential;
  try {
    credential = parseDocument(document, writCredential);
  } catch (error) {
    throw error instanceof WritError ? relocated(error, pointer) : error;
  }
  const { problems } = await checkSignedBy(
    document,
    { did: credential.issuer, purpose: "assertionMethod", now },
    { resolver: createResolver() },
    pointer,
  );
  const validity = checkValidity(credential, now, pointer);
  const problem = problems[0] ?? (validity?.code === "EXPIRED" ? validity : undefined);
  if (problem !== undefined) throw new WritError(problem.code, problem.detail, { pointer: problem.pointer });
  return credential;
}

/** Refuses what has no place with the holder's own credentials and their chains. */
function assertBelong(
  holder: string,
  added: readonly WritCredential[],
  together: readonly WritCredential[],
): void {
  const holdings = holdingsOf(holder, together);
  const inChains = new Set<string>([holder]);
  const links = new Set<string>();
  for (const authority of holdings.authorities) {
    const chain = buildChain({ credential: authority, pointer: "" }, (digest) =>
      holdings.findAuthority(digest),
    );
    for (const { credential } of chain.links) {
      links.add(credential.id);
      inChains.add(credential.credentialSubject.id);
    }
  }
  const stranger = added.find(
    (credential) =>
      !(isAuthority(credential) && links.has(credential.id)) &&
      !(isIdentity(credential) && inChains.has(credential.credentialSubject.id)),
  );
  if (stranger !== undefined) {
    throw new WritError("CREDENTIAL_UNEXPECTED", `${stranger.id} was issued to somebody else`, {
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
