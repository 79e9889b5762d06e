import { isAuthority, WritError, type Problem, type WritCredential } from "@writ/core";

import { chainEvidence, currentChain, rootIssuer } from "../chain-evidence.js";
import type { Holdings } from "../credentials.js";
import type { Candidate } from "./candidate.js";

/** What a verifier needs to see beside a credential, and nothing more. */
export interface Evidence {
  /** Links above it, and identities, the holder's first. */
  readonly credentials: readonly WritCredential[];
  /** Who began the chain. */
  readonly root?: string;
}

/**
 * The evidence for a candidate: the chain of an authority and who is in it; nothing for what stands alone.
 * Where it is not at hand or not valid now, the problem says what is the matter.
 */
export function evidenceOf(candidate: Candidate, holdings: Holdings, now: number): Evidence | Problem {
  if (candidate.kind !== "authority") return { credentials: [] };
  const { document: authority } = candidate;
  try {
    const chain = currentChain(holdings, authority, now);
    const root = rootIssuer(chain);
    const shown = chainEvidence(holdings, chain, now);
    const identities = shown.filter((credential) => !isAuthority(credential));
    const links = shown.filter((credential) => isAuthority(credential) && credential.id !== authority.id);
    return {
      credentials: [...identities.slice(0, 1), ...links, ...identities.slice(1)],
      ...(root === undefined ? {} : { root }),
    };
  } catch (error) {
    if (error instanceof WritError) return error.problem;
    throw error;
  }
}
