import {
  digestMultibase,
  isAuthority,
  isIdentity,
  type AuthorityCredential,
  type IdentityCredential,
  type Link,
  type WritCredential,
} from "@writ/core";

import { credentialOf, genericOf, type HeldGeneric } from "./credential-record.js";
import { findById } from "./find-by-id.js";
import type { Label } from "./vault/record.js";
import { vaultOf, type Wallet } from "./wallet.js";

/** Which credentials are looked for; each that is given must fit. */
export interface CredentialFilter {
  /** Of a credential of others without id, its digest as multibase: so it is known to `addCredentials`. */
  readonly id?: string;
  /** Without `VerifiableCredential`, which all of them are. */
  readonly type?: string;
  /** DID of the issuer. */
  readonly issuer?: string;
  /** DID of the subject. */
  readonly subject?: string;
  /** Of the credential without its proof, as parents are named. */
  readonly digestMultibase?: string;
}

/**
 * All credentials in the wallet: its own, and what is needed to present them.
 *
 * @throws WritError as {@link findCredentials}.
 */
export function listCredentials(wallet: Wallet): Promise<readonly WritCredential[]> {
  return findCredentials(wallet, {});
}

/**
 * The credentials that fit a filter. Only these are read.
 *
 * @throws WritError `RECORD_TAMPERED`, `RECORD_MISSING`, `WALLET_ROLLED_BACK`, `WALLET_REKEYED`; `WALLET_CONFLICT` where
 *   others keep changing the wallet; `ARGUMENT_INVALID` for one that is closed.
 */
export async function findCredentials(
  wallet: Wallet,
  filter: CredentialFilter,
): Promise<readonly WritCredential[]> {
  return (await vaultOf(wallet).find("credential", ...labelsOf(filter))).map(credentialOf);
}

/**
 * The same one after the other, however many there are. That they are all of them is known only when it
 * has come to its end without an error.
 *
 * @throws WritError `RECORD_TAMPERED`, `RECORD_MISSING`, `WALLET_CONFLICT` where the wallet is changed
 *   meanwhile.
 */
export async function* eachCredential(
  wallet: Wallet,
  filter: CredentialFilter = {},
): AsyncIterable<WritCredential> {
  for await (const record of vaultOf(wallet).each("credential", ...labelsOf(filter))) {
    yield credentialOf(record);
  }
}

/**
 * The same of the credentials in others' vocabulary.
 *
 * @throws WritError as {@link findCredentials}.
 */
export async function findGenericCredentials(
  wallet: Wallet,
  filter: CredentialFilter = {},
): Promise<readonly HeldGeneric[]> {
  const vault = vaultOf(wallet);
  const { id, ...others } = filter;
  const found =
    id === undefined
      ? await vault.find("generic", ...labelsOf(others))
      : await findById(vault, "generic", id, ...labelsOf(others));
  return found.map(genericOf);
}

/**
 * How many credentials the wallet holds, of any vocabulary.
 *
 * @throws WritError `RECORD_TAMPERED`, `WALLET_ROLLED_BACK`, `WALLET_REKEYED`; `ARGUMENT_INVALID` for a wallet that
 *   is closed.
 */
export async function countCredentials(wallet: Wallet): Promise<number> {
  const vault = vaultOf(wallet);
  return (await vault.count("credential")) + (await vault.count("generic"));
}

function labelsOf({
  id,
  type,
  issuer,
  subject,
  digestMultibase: digest,
}: CredentialFilter): readonly Label[] {
  return Object.entries({ digest, id, type, issuer, subject }).flatMap(([name, text]) =>
    text === undefined ? [] : [[name, text] as const],
  );
}

/** The credentials of one holder at one moment, with all that is needed to present them. */
export interface Holdings {
  /** DID of the holder. */
  readonly holder: string;
  /** Authority that was granted to the holder. */
  readonly authorities: readonly AuthorityCredential[];
  /** An authority credential by its digest: the holder's, or one above it. */
  findAuthority(digest: string): Link | undefined;
  /** Identity credentials of the holder, or of somebody in its chains. */
  identitiesOf(did: string): readonly IdentityCredential[];
}

/**
 * What a wallet's DID holds. Credentials that have nothing to do with its authority are not read.
 *
 * @param authority id of the one authority credential that matters; all of them unless given
 */
export async function readHoldings(wallet: Wallet, authority?: string): Promise<Holdings> {
  const ofHolder = { type: "DelegatedAuthorityCredential", subject: wallet.did };
  const authorities = await findCredentials(wallet, {
    ...ofHolder,
    ...(authority === undefined ? {} : { id: authority }),
  });
  const links = [...(await withParents(wallet, authorities.filter(isAuthority))).values()];
  const dids = new Set([wallet.did, ...links.map(({ credentialSubject }) => credentialSubject.id)]);
  const identities = await Promise.all([...dids].map((did) => identitiesIn(wallet, did)));
  return holdingsOf(wallet.did, [...links, ...identities.flat()]);
}

/** Authority credentials, and all above them that the wallet has, by digest. */
export async function withParents(
  wallet: Wallet,
  leaves: readonly AuthorityCredential[],
): Promise<ReadonlyMap<string, AuthorityCredential>> {
  const links = new Map(leaves.map((leaf) => [digestMultibase(leaf), leaf]));
  for (const [, { credentialSubject }] of links) {
    const digest = credentialSubject.parent?.digestMultibase;
    if (digest === undefined || links.has(digest)) continue;
    const [parent] = await findCredentials(wallet, { digestMultibase: digest });
    // A map goes on through what is added on the way.
    if (parent !== undefined && isAuthority(parent)) links.set(digest, parent);
  }
  return links;
}

async function identitiesIn(wallet: Wallet, did: string): Promise<readonly IdentityCredential[]> {
  const found = await Promise.all(
    ["AgentIdentityCredential", "PrincipalIdentityCredential"].map((type) =>
      findCredentials(wallet, { type, subject: did }),
    ),
  );
  return found.flat().filter(isIdentity);
}

/** Indexes credentials for a holder. */
export function holdingsOf(holder: string, all: readonly WritCredential[]): Holdings {
  const authorities = all.filter(isAuthority);
  const identities = all.filter(isIdentity);
  const byDigest = new Map(
    authorities.map((credential) => [digestMultibase(credential), { credential, pointer: "" }]),
  );
  return {
    holder,
    authorities: authorities.filter(({ credentialSubject }) => credentialSubject.id === holder),
    findAuthority: (digest) => byDigest.get(digest),
    identitiesOf: (did) => identities.filter(({ credentialSubject }) => credentialSubject.id === did),
  };
}
