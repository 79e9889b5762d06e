import { composeSuccessionStatement, signSuccessionStatement, type SuccessionStatement } from "@writ/core";

import { useKey } from "./keys/keys.js";
import { withSigner, type Wallet } from "./wallet.js";

/**
 * A statement for an organisation that another key of the wallet follows this one (DESIGN 6), signed by both.
 *
 * @param successor DID of the key that follows
 * @throws WritError `NOT_FOUND`; `KEY_PURPOSE` where one of them is not for `assertionMethod`;
 *   `SUCCESSION_INVALID` where both are the same.
 */
export async function requestRotation(wallet: Wallet, successor: string): Promise<SuccessionStatement> {
  const next = await useKey(wallet, successor);
  const statement = composeSuccessionStatement({ predecessor: wallet.did, successor }, wallet);
  const handedOver = await withSigner(wallet, "assertionMethod", (signer) =>
    signSuccessionStatement(statement, signer, wallet),
  );
  return withSigner(next, "assertionMethod", (signer) => signSuccessionStatement(handedOver, signer, wallet));
}
