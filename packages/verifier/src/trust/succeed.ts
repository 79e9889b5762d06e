import { createTrustPolicy, type TrustPolicy } from "./trust-policy.js";

/** Who follows whom. */
export interface Succession {
  readonly predecessor: string;
  readonly successor: string;
}

/**
 * The policy in which the successor has what the predecessor had: it issues identity, opens chains for
 * the same principals, the predecessor among them, on the same resources, and signs the status lists of
 * the same issuers. The predecessor signs status lists only: for what the successor issues, too, because
 * lists that it began go on.
 */
export function succeed(
  { identityIssuers, authorityRoots, statusIssuers }: TrustPolicy,
  { predecessor, successor }: Succession,
): TrustPolicy {
  const lists = statusIssuers.flatMap(({ issuer, lists: signers }) =>
    issuer === predecessor ? signers : [],
  );
  return createTrustPolicy({
    identityIssuers: identityIssuers.map((did) => (did === predecessor ? successor : did)),
    authorityRoots: authorityRoots.map((root) =>
      root.did === predecessor
        ? { ...root, did: successor, principals: [...(root.principals ?? []), predecessor] }
        : root,
    ),
    statusIssuers: [
      ...statusIssuers.map(({ issuer, lists: signers }) => ({
        issuer,
        lists: signers.includes(predecessor) ? [...signers, successor] : signers,
      })),
      { issuer: successor, lists: [...lists, predecessor] },
    ],
  });
}
