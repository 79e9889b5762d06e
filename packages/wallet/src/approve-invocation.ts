import {
  approvalCredential,
  composeCredential,
  MAX_APPROVAL_LIFE_MS,
  parseApprovalRequest,
  randomUuidUrn,
  signDocument,
  snapshot,
  type ApprovalCredential,
  type ApprovalRequest,
  type ApprovalSubject,
} from "@writ/core";

import { withSigner, type Wallet } from "./wallet.js";

/** How an approval is made. */
export interface ApprovalOptions {
  /** Milliseconds, at most and by default fifteen minutes. */
  readonly lifeMs?: number;
}

/**
 * Approves one invocation by one holder, with the wallet's own key (DESIGN 2). What is approved is
 * what the request shows: its digests are computed from the invocation, and those that it bears must
 * be the same.
 *
 * @throws WritError `SCHEMA_INVALID` for a request that is malformed or whose digests are of something
 *   else, `VALIDITY_INVALID` for a life that is too long; `KEY_PURPOSE` for a key that is not for `assertionMethod`,
 *   `NOT_FOUND` for one that was destroyed.
 */
export async function approveInvocation(
  wallet: Wallet,
  request: ApprovalRequest,
  { lifeMs = MAX_APPROVAL_LIFE_MS }: ApprovalOptions = {},
): Promise<ApprovalCredential> {
  const { holder, invocationDigestMultibase, authorityDigestMultibase } = parseApprovalRequest(
    snapshot(request),
  );
  const now = wallet.clock();
  const draft = composeCredential<"ApprovalCredential", ApprovalSubject>(
    {
      id: randomUuidUrn(wallet.random),
      type: "ApprovalCredential",
      issuer: wallet.did,
      from: now,
      lifeMs,
      credentialSubject: { id: holder, approves: { invocationDigestMultibase, authorityDigestMultibase } },
    },
    approvalCredential,
  );
  return withSigner(wallet, "assertionMethod", (signer) =>
    signDocument(draft, { signer, purpose: "assertionMethod", created: now }),
  );
}
