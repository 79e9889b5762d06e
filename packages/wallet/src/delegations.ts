import {
  asJson,
  checkValidity,
  digestMultibase,
  freeOf,
  isAuthority,
  type AuthorityCredential,
  type DimensionValues,
} from "@writ/core";

import { currentChain } from "./chain-evidence.js";
import { chooseAuthority } from "./choose-authority.js";
import { credentialOf } from "./credential-record.js";
import { readHoldings } from "./credentials.js";
import { vaultOf, type Wallet } from "./wallet.js";

/** What of an authority its holder may still hand on. */
export interface FreeAuthority {
  readonly authority: AuthorityCredential;
  /** How many links may follow; 0 where nothing may be handed on. */
  readonly maxHops: number;
  readonly grants: readonly FreeGrant[];
  /** What this wallet handed on of it and has not ended. */
  readonly delegations: readonly AuthorityCredential[];
}

/** One grant of it: what is effective, and what of that was not handed on. */
export interface FreeGrant {
  readonly id: string;
  readonly effective: DimensionValues;
  readonly free: Partial<DimensionValues>;
}

/**
 * What of an authority is still free to be handed on: its grants with all that they inherit, less the
 * budgets that this wallet handed on already. What others handed on below is not known here.
 *
 * The authority is named by its credential's id, where the wallet holds several.
 *
 * @throws WritError `NOT_FOUND`, `AUTHORITY_AMBIGUOUS`, `EXPIRED`, and of the chain.
 */
export async function freeToDelegate(
  wallet: Wallet,
  { authority: id }: { readonly authority?: string } = {},
): Promise<FreeAuthority> {
  const now = wallet.clock();
  const holdings = await readHoldings(wallet);
  const authority = chooseAuthority(holdings, id, now);
  const { grants } = currentChain(holdings, authority, now);
  const delegations = (await listDelegations(wallet, authority)).filter(
    (delegation) => checkValidity(delegation, now) === undefined,
  );
  const handedOn = delegations.flatMap(({ credentialSubject }) => credentialSubject.grants);
  return {
    authority,
    maxHops: authority.credentialSubject.redelegation?.maxHops ?? 0,
    grants: grants.map((grant) => ({
      id: grant.written.id,
      effective: grant.effective,
      free: freeOf(
        grant,
        handedOn.filter(({ within }) => within === grant.written.id),
      ),
    })),
    delegations,
  };
}

/** Remembers what was handed on. */
export async function recordDelegation(wallet: Wallet, credential: AuthorityCredential): Promise<void> {
  const labels = [["parent", credential.credentialSubject.parent?.digestMultibase ?? ""]] as const;
  const record = { collection: "delegation", value: { document: asJson(credential) }, labels } as const;
  await vaultOf(wallet).change(() => Promise.resolve({ add: [record] }));
}

async function listDelegations(
  wallet: Wallet,
  parent: AuthorityCredential,
): Promise<readonly AuthorityCredential[]> {
  const records = await vaultOf(wallet).find("delegation", ["parent", digestMultibase(parent)]);
  return records.map(credentialOf).filter(isAuthority);
}
