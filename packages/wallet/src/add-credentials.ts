import {
  asJson,
  buildChain,
  digestMultibase,
  isIdentity,
  WritError,
  writCredential,
  type AuthorityCredential,
  type Link,
  type WritCredential,
} from "@writ/core";

import { holdingsOf, listCredentials } from "./credentials.js";
import type { RecordContent } from "./vault/vault.js";
import { parseReceived, verifyReceived } from "./received.js";
import { vaultOf, type Wallet } from "./wallet.js";

/**
 * Takes credentials into the wallet, all or none. Each must be signed by its issuer and still have
 * life; each must be the wallet's own, a parent in the chain of one that is, or the identity of
 * somebody in such a chain. One that is there already is passed over.
 *
 * @param documents credentials as they were received; a copy is verified and stored
 * @returns the ids of those that were added
 * @throws WritError of the proofs, the schema or the chain, `EXPIRED`, `CREDENTIAL_DUPLICATE`,
 *   `CREDENTIAL_UNEXPECTED`; the pointer begins with the position in `documents`.
 */
export async function addCredentials(
  wallet: Wallet,
  documents: readonly object[],
): Promise<readonly string[]> {
  const now = wallet.clock();
  const received = new Map<WritCredential, string>();
  documents.forEach((document, index) => {
    const pointer = `/${String(index)}`;
    received.set(parseReceived(document, writCredential, pointer), pointer);
  });
  for (const [credential, pointer] of received)
    await verifyReceived(credential, now, pointer, "now-or-later");
  let added: readonly WritCredential[] = [];
  await vaultOf(wallet).add(async () => {
    const held = await listCredentials(wallet);
    added = unknownOf([...received.keys()], held, received);
    assertBelong(wallet.did, added, [...held, ...added], received);
    return added.map(recordOf);
  });
  return added.map(({ id }) => id);
}

/** What is received and not held; another credential with the id of one that is known is refused. */
function unknownOf(
  received: readonly WritCredential[],
  held: readonly WritCredential[],
  places: ReadonlyMap<WritCredential, string>,
): readonly WritCredential[] {
  const digests = new Map(held.map((credential) => [credential.id, digestMultibase(credential)]));
  return received.filter((credential) => {
    const digest = digestMultibase(credential);
    const known = digests.get(credential.id);
    if (known !== undefined && known !== digest) {
      throw new WritError("CREDENTIAL_DUPLICATE", "the wallet knows another credential of this id", {
        pointer: `${places.get(credential) ?? ""}/id`,
      });
    }
    digests.set(credential.id, digest);
    return known === undefined;
  });
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

function recordOf(credential: WritCredential): RecordContent {
  return {
    collection: "credential",
    value: { document: asJson(credential) },
    labels: [
      ["digest", digestMultibase(credential)],
      ["subject", credential.credentialSubject.id],
    ],
  };
}
