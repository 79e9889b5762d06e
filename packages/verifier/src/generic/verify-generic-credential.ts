import { checkIssuerSigned, type GenericCredential, type JsonText } from "@writ/core";

import { runChecks } from "../run-checks.js";
import type { EntryStatus } from "../status/check-status.js";
import type { Check, Refusal } from "../verification.js";
import { checkCredentials } from "./check-credentials.js";
import { genericProofVerification, type GenericVerifierOptions } from "./generic-options.js";
import { parseReceived } from "./received-credential.js";

/**
 * The outcome of {@link verifyGenericCredential}. It is of no use to `decide`: nothing in it is authority.
 */
export type VerifyGenericCredentialResult =
  | {
      readonly verified: true;
      readonly kind: "generic-credential";
      /** Frozen, and made from the bytes that were verified. */
      readonly credential: GenericCredential;
      /** DID, or another URL, of who signed it. */
      readonly issuer: string;
      /** What the status lists say of each entry. */
      readonly statuses: readonly EntryStatus[];
      readonly checks: readonly Check[];
      /** The time of the verification, in milliseconds since 1970. */
      readonly asOf: number;
    }
  | Refusal;

const CHECKS = ["json", "profile", "signature", "issuer", "time", "status", "resources"] as const;

/**
 * Verifies a credential of any vocabulary (VC Data Model 2.0 and 1.1), secured by one of the three suites:
 * its form under the generic profile, every proof, the issuer's own among them, dates, status and the
 * digests of related resources. A document of Writ's own vocabulary is under the strict profile here too.
 *
 * Never throws on account of the input.
 *
 * @throws WritError `ARGUMENT_INVALID` where the trust policy is missing or made by hand, or the clock tells
 *   no time.
 */
export async function verifyGenericCredential(
  input: JsonText,
  given: GenericVerifierOptions,
): Promise<VerifyGenericCredentialResult> {
  const options = { ...given };
  const { contexts, scope } = options;
  const proofs = genericProofVerification(options);
  return runChecks(CHECKS, input, options, async (run, json, lists) => {
    const received = await run.obtain("profile", () => parseReceived(json, contexts));
    if (received === undefined) return run.refusal();

    await run.check("signature", () => checkIssuerSigned(received, run.asOf, proofs));
    const statuses =
      scope === "proofs" ? [] : await checkCredentials(run, [received], options, proofs, lists);
    if (run.failed) return run.refusal();
    const { credential, issuer } = received;
    return {
      verified: true,
      kind: "generic-credential",
      credential,
      issuer,
      statuses,
      checks: run.checks,
      asOf: run.asOf,
    };
  });
}
