import {
  findCredentials,
  findGenericCredentials,
  holdingsOf,
  readHoldings,
  type CredentialFilter,
  type Holdings,
} from "../credentials.js";
import type { Wallet } from "../wallet.js";
import { isOwn, writCandidate, type Candidate } from "./candidate.js";

/** What is looked for. What is absent narrows nothing; of what is given, each credential has one. */
export interface CandidateHint {
  /** Names of types, as they stand in documents. */
  readonly type?: readonly string[];
}

/** What a wallet holds for a request. */
export interface Candidates {
  /** The wallet's own credentials, among which answers are found: at least those that the hint speaks of. */
  readonly own: readonly Candidate[];
  /** Their chains, and the identities of who is in them: shown beside an answer, and never as one. */
  readonly evidence: Holdings;
}

/**
 * The credentials in a wallet that may answer a request. All that is read of a wallet for a request is read
 * here, and nothing but credentials of the wallet's own DID, of the types that are asked for.
 *
 * @throws WritError of the wallet.
 */
export async function candidatesFor(wallet: Wallet, hint: CandidateHint): Promise<Candidates> {
  const own = new Map<string, Candidate>();
  // One by another issuer is no answer, but a reason why there is none.
  for (const filter of filtersOf(wallet.did, hint)) {
    for (const credential of await findCredentials(wallet, filter)) {
      const candidate = writCandidate(credential);
      if (candidate !== undefined) own.set(credential.id, candidate);
    }
    for (const { digest, credential } of await findGenericCredentials(wallet, filter)) {
      own.set(digest, { kind: "generic", document: credential });
    }
  }
  const candidates = [...own.values()].filter((candidate) => isOwn(candidate, wallet.did));
  const hasAuthority = candidates.some(({ kind }) => kind === "authority");
  return {
    own: candidates,
    evidence: hasAuthority ? await readHoldings(wallet) : holdingsOf(wallet.did, []),
  };
}

function filtersOf(subject: string, { type: types }: CandidateHint): readonly CredentialFilter[] {
  // Every credential is one of these, so it is no label.
  if (types === undefined || types.includes("VerifiableCredential")) return [{ subject }];
  return [...new Set(types)].map((type) => ({ subject, type }));
}
