import {
  asWritCredential,
  digestMultibase,
  isAuthority,
  isIdentity,
  type AuthorityCredential,
  type IdentityCredential,
  type Link,
  type WritCredential,
} from "@writ/core";

import { vaultOf, type Wallet } from "./wallet.js";

/** The credentials in a wallet at one moment, as the rest of the wallet looks them up. */
export interface Holdings {
  readonly all: readonly WritCredential[];
  /** Authority that was granted to the wallet's own key. */
  readonly authorities: readonly AuthorityCredential[];
  /** An authority credential by its digest. */
  findAuthority(digest: string): Link | undefined;
  /** Identity credentials of a DID. */
  identitiesOf(did: string): readonly IdentityCredential[];
}

/** All credentials in the wallet: its own, and what is needed to present them. */
export async function listCredentials(wallet: Wallet): Promise<readonly WritCredential[]> {
  return (await readHoldings(wallet)).all;
}

/** The wallet's credentials, indexed for its own holder. */
export async function readHoldings(wallet: Wallet): Promise<Holdings> {
  const records = await vaultOf(wallet).find("credential");
  return holdingsOf(
    wallet.did,
    records.map((record) => asWritCredential(record["document"] ?? null)),
  );
}

/** Indexes credentials for a holder. */
export function holdingsOf(holder: string, all: readonly WritCredential[]): Holdings {
  const authorities = all.filter(isAuthority);
  const identities = all.filter(isIdentity);
  const byDigest = new Map(
    authorities.map((credential) => [digestMultibase(credential), { credential, pointer: "" }]),
  );
  return {
    all,
    authorities: authorities.filter(({ credentialSubject }) => credentialSubject.id === holder),
    findAuthority: (digest) => byDigest.get(digest),
    identitiesOf: (did) => identities.filter(({ credentialSubject }) => credentialSubject.id === did),
  };
}
