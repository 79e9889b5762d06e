import {
  asJson,
  checkSignedBy,
  checkValidity,
  parseTimestamp,
  PRESENTATION_LIFE_MS,
  proofsOf,
  type Presentation,
  type Problem,
  type ProofVerification,
} from "@writ/core";

import type { Located } from "./check-evidence.js";
import { assertFewProofs } from "./proof-count.js";
import { problem } from "./verification.js";

/**
 * The holder signed the presentation, and each issuer its credential. The first document that is not
 * as it should be ends it: whoever sends junk does not choose how much of it is looked at.
 */
export async function checkSignatures(
  document: Presentation,
  credentials: readonly Located[],
  now: number,
  proofs: ProofVerification,
): Promise<readonly Problem[]> {
  const holder = {
    did: document.holder,
    purpose: "authentication",
    now,
    mismatch: "HOLDER_MISMATCH",
  } as const;
  assertFewProofs(document, document.verifiableCredential);
  const { problems } = await checkSignedBy(asJson(document), holder, proofs);
  if (problems.length > 0) return problems;
  for (const { credential, pointer } of credentials) {
    const issuer = { did: credential.issuer, purpose: "assertionMethod", now } as const;
    const found = await checkSignedBy(asJson(credential), issuer, proofs, pointer);
    if (found.problems.length > 0) return found.problems;
  }
  return [];
}

/** Whether every credential is in force, and the presentation as brief as it must be (DESIGN 2 and 4.6). */
export function checkTimes(
  document: Presentation,
  credentials: readonly Located[],
  now: number,
): readonly Problem[] {
  const validity = credentials
    .map(({ credential, pointer }) => checkValidity(credential, now, pointer))
    .filter((found) => found !== undefined);
  const proofs = proofsOf(document).flatMap(({ proof: { created = "", expires }, pointer }) => {
    const brief =
      expires !== undefined && parseTimestamp(expires) - parseTimestamp(created) <= PRESENTATION_LIFE_MS;
    return brief
      ? []
      : [problem("PROOF_EXPIRED", `${pointer}/expires`, "must be within five minutes of created")];
  });
  return [...proofs, ...validity];
}
