import { proofsOf, WritError, type Proven } from "@writ/core";

/** A presentation holds 64 credentials at most; few of them have more than one proof. */
const MAX_PROOFS_IN_ALL = 80;

/**
 * Whoever presents chooses how many proofs are verified, up to this many in all: under the RDF suites each
 * costs milliseconds.
 *
 * @throws WritError `TOO_MANY_ITEMS`.
 */
export function assertFewProofs(presentation: Proven, credentials: readonly Proven[]): void {
  const count = [presentation, ...credentials].reduce((sum, each) => sum + proofsOf(each).length, 0);
  if (count <= MAX_PROOFS_IN_ALL) return;
  throw new WritError("TOO_MANY_ITEMS", `more than ${String(MAX_PROOFS_IN_ALL)} proofs in all`, {
    pointer: "/verifiableCredential",
  });
}
