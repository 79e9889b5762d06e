import {
  digestMultibase,
  isAuthority,
  isIdentity,
  parseTimestamp,
  type AuthorityCredential,
  type IdentityCredential,
} from "@writ/core";

import { saySame } from "../choose-authority.js";
import { findCredentials } from "../credentials.js";
import { listKeys } from "../keys/keys.js";
import { useKeyIn, vaultOf, type Wallet } from "../wallet.js";
import { freshState, readStates, type RenewalState } from "./renewal-record.js";

/** A credential that can be renewed. */
export type Renewable = AuthorityCredential | IdentityCredential;

/** A credential of one of the wallet's keys, and how its renewal stands. */
export interface OwnCredential {
  /** The wallet as the key that it is of. */
  readonly as: Wallet;
  readonly credential: Renewable;
  readonly digest: string;
  readonly endsAt: number;
  readonly state: RenewalState;
  /** Id of a credential in the wallet that has come in its place. */
  readonly renewedId: string | undefined;
}

/** The identities and authorities of all the wallet's keys. */
export async function readOwn(wallet: Wallet): Promise<readonly OwnCredential[]> {
  const states = await readStates(vaultOf(wallet));
  const own: OwnCredential[] = [];
  for (const { did } of await listKeys(wallet)) {
    const held = (await findCredentials(wallet, { subject: did })).filter(
      (credential) => isAuthority(credential) || isIdentity(credential),
    );
    const as = useKeyIn(wallet, did);
    for (const credential of held) {
      const digest = digestMultibase(credential);
      const state = states.get(digest) ?? freshState(digest);
      const endsAt = endOf(credential);
      own.push({ as, credential, digest, endsAt, state, renewedId: renewedId(credential, state, held) });
    }
  }
  return own;
}

/**
 * The credential that has come in the place of another: the one that is remembered, as long as it is held,
 * or one that plainly continues it and ends later, however it came.
 */
function renewedId(
  credential: Renewable,
  { renewedId: remembered }: RenewalState,
  held: readonly Renewable[],
): string | undefined {
  const isLater = (other: Renewable): boolean =>
    other.id === remembered || (endOf(other) > endOf(credential) && continues(credential, other));
  return held.find((other) => other.id !== credential.id && isLater(other))?.id;
}

function continues(before: Renewable, after: Renewable): boolean {
  if (isAuthority(before)) return isAuthority(after) && saySame(before, after);
  return before.issuer === after.issuer && before.type[1] === after.type[1];
}

function endOf({ validUntil }: Renewable): number {
  return parseTimestamp(validUntil);
}
