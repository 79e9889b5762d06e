import {
  approves,
  buildChain,
  isAgentIdentity,
  isApproval,
  isAuthority,
  isIdentity,
  type AgentIdentityCredential,
  type Chain,
  type FindByDigest,
  type Link,
  type Presentation,
  type Problem,
  type WritCredential,
  digestMultibase,
} from "@writ/core";

import { problem } from "./verification.js";

/**
 * Whose identity must be in the presentation: that of the holder and of each subject on the way
 * (the rule), the holder's alone, or nobody's.
 */
export type IdentityPolicy = "every-subject" | "holder-only" | "chain-only";

export const IDENTITY_POLICIES: readonly IdentityPolicy[] = ["every-subject", "holder-only", "chain-only"];

/** A credential, and where it lies in the presentation. */
export interface Located<T extends WritCredential = WritCredential> {
  readonly credential: T;
  readonly pointer: string;
}

/** The credentials of a presentation, with their places. */
export function locate({ verifiableCredential }: Presentation): readonly Located[] {
  return verifiableCredential.map((credential, index) => ({
    credential,
    pointer: `/verifiableCredential/${String(index)}`,
  }));
}

/** Whether the holder is bound to what is shown, and known as an agent (DESIGN 4.7). */
export function checkHolder(
  { holder }: Presentation,
  credentials: readonly Located[],
  policy: IdentityPolicy,
): readonly Problem[] {
  const own = credentials.filter(({ credential }) => credential.credentialSubject.id === holder);
  if (own.length === 0) {
    return [problem("HOLDER_BINDING", "/verifiableCredential", "no credential was issued to the holder")];
  }
  const identities = own.filter(({ credential }) => isIdentity(credential));
  const other = identities.find(({ credential }) => !isAgentIdentity(credential));
  if (other !== undefined) {
    return [problem("IDENTITY_KIND", `${other.pointer}/type`, "the holder must be an agent")];
  }
  if (identities.length === 0 && policy !== "chain-only") return [missingIdentity(holder)];
  return [];
}

/**
 * Builds every chain that ends at the holder.
 *
 * @throws WritError of the chain.
 */
export function buildChains({ holder }: Presentation, credentials: readonly Located[]): readonly Chain[] {
  const links = credentials.filter((located): located is Link => isAuthority(located.credential));
  const byDigest = new Map(links.map((link) => [digestMultibase(link.credential), link]));
  const findParent: FindByDigest = (digest) => byDigest.get(digest);
  return links
    .filter(({ credential }) => credential.credentialSubject.id === holder)
    .map((leaf) => buildChain(leaf, findParent));
}

/**
 * Whether each credential has its place, and each subject on the way its identity: nothing is shown
 * that is neither a link of a chain to the holder, nor the identity of somebody in one, nor an
 * approval of this invocation (DESIGN 4.7).
 */
export function checkPlaces(
  document: Presentation,
  credentials: readonly Located[],
  chains: readonly Chain[],
  policy: IdentityPolicy,
): readonly Problem[] {
  const links = new Set<WritCredential>(
    chains.flatMap((chain) => chain.links.map(({ credential }) => credential)),
  );
  const subjects = new Set([
    document.holder,
    ...[...links].map(({ credentialSubject }) => credentialSubject.id),
  ]);
  const identified = new Set(
    credentials
      .filter(({ credential }) => isIdentity(credential))
      .map(({ credential }) => subjectOf(credential)),
  );
  const misplaced = credentials.flatMap(({ credential, pointer }) => {
    if (isApproval(credential)) {
      const { holder, invocation } = document;
      if (invocation !== undefined && approves(credential, holder, invocation)) return [];
      return [problem("CREDENTIAL_UNEXPECTED", pointer, "approves something else than is asked here")];
    }
    const hasPlace = isAuthority(credential) ? links.has(credential) : subjects.has(subjectOf(credential));
    return hasPlace ? [] : [problem("HOLDER_BINDING", pointer, "does not lead to the holder")];
  });
  if (policy !== "every-subject") return misplaced;
  const unknown = [...subjects].filter((subject) => !identified.has(subject)).map(missingIdentity);
  return [...misplaced, ...unknown];
}

/** Who approved the invocation, each once. */
export function approversOf(credentials: readonly Located[]): readonly string[] {
  const approvals = credentials.filter(({ credential }) => isApproval(credential));
  return [...new Set(approvals.map(({ credential }) => credential.issuer))];
}

/** Two credentials of one id could be taken for each other. */
export function checkDistinctIds(credentials: readonly Located[]): readonly Problem[] {
  const seen = new Set<string>();
  return credentials.flatMap(({ credential: { id }, pointer }) => {
    if (seen.has(id)) return [problem("CREDENTIAL_DUPLICATE", `${pointer}/id`, "the id occurs before")];
    seen.add(id);
    return [];
  });
}

/** The holder's identity, once it is established. */
export function agentOf(
  { holder }: Presentation,
  credentials: readonly Located[],
): AgentIdentityCredential["credentialSubject"] | undefined {
  for (const { credential } of credentials) {
    if (isAgentIdentity(credential) && credential.credentialSubject.id === holder) {
      return credential.credentialSubject;
    }
  }
  return undefined;
}

function subjectOf(credential: WritCredential): string {
  return credential.credentialSubject.id;
}

function missingIdentity(did: string): Problem {
  return problem("IDENTITY_MISSING", "/verifiableCredential", `no identity credential of ${did}`);
}
