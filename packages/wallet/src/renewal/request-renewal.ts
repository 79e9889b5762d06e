import { isAuthority, WritError, type Presentation, type WritCredential } from "@writ/core";

import { chainEvidence, currentChain } from "../chain-evidence.js";
import { readHoldings } from "../credentials.js";
import { composePresentation, signPresentation } from "../sign-presentation.js";
import type { Wallet } from "../wallet.js";
import { renewalDomain } from "./credential-renewal.js";
import type { Renewable } from "./own-credentials.js";

/**
 * A signed request to renew one credential: a presentation of exactly that one, and for an authority of
 * its chain, so that whoever gets it verifies it as a service would.
 *
 * @throws WritError `IDENTITY_MISSING`, `EXPIRED`, `KEY_PURPOSE`, of the chain and of the schema.
 */
export async function requestRenewal(
  wallet: Wallet,
  credential: Renewable,
  { domain, challenge }: { readonly domain: string; readonly challenge: string },
): Promise<Presentation> {
  const now = wallet.clock();
  const unsigned = composePresentation(wallet.did, await evidenceOf(wallet, credential, now));
  return signPresentation(wallet, unsigned, { challenge, domain: renewalDomain(domain), now });
}

async function evidenceOf(
  wallet: Wallet,
  credential: Renewable,
  now: number,
): Promise<readonly WritCredential[]> {
  if (!isAuthority(credential)) return [credential];
  const holdings = await readHoldings(wallet, credential.id);
  const [held] = holdings.authorities;
  if (held === undefined) throw new WritError("NOT_FOUND", "the wallet holds this authority no more");
  return chainEvidence(holdings, currentChain(holdings, held, now), now);
}
