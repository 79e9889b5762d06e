import {
  buildChain,
  checkSignedBy,
  checkValidity,
  isAuthority,
  isIdentity,
  parseDocument,
  writCredential,
  type JsonText,
  type Problem,
  type WritCredential,
} from "@writ/core";

import { checkIssuer } from "./check-issuer.js";
import { runChecks } from "./run-checks.js";
import { checkStatus } from "./status/check-status.js";
import { trustOf } from "./trust/trust-policy.js";
import { proofVerificationOf, type VerifierOptions } from "./verifier-options.js";
import { problem, type Check, type Refusal } from "./verification.js";

/** The outcome of {@link verifyCredential}. */
export type VerifyCredentialResult =
  | {
      readonly verified: true;
      /** Frozen, and made from the bytes that were verified. */
      readonly credential: WritCredential;
      readonly checks: readonly Check[];
      readonly asOf: number;
    }
  | Refusal;

const CHECKS = ["json", "profile", "signature", "issuer", "time", "chain", "status"] as const;

/**
 * Verifies a credential of Writ's, on its own: an identity credential, or the root of a chain of
 * authority (DESIGN 4). It says nothing about who shows it; for that there are presentations.
 *
 * Never throws on account of the input.
 *
 * @throws WritError `ARGUMENT_INVALID` where the trust policy was made by hand, or the clock tells no time.
 */
export async function verifyCredential(
  input: JsonText,
  options: VerifierOptions,
): Promise<VerifyCredentialResult> {
  const trust = trustOf(options.trust);
  const proofs = proofVerificationOf(options);
  return runChecks(CHECKS, input, options, async (run, json, lists) => {
    const credential = await run.obtain("profile", () => parseDocument(json, writCredential));
    if (credential === undefined) return run.refusal();

    const { issuer, credentialStatus = [] } = credential;
    await run.check("signature", async () => {
      const expected = { did: issuer, purpose: "assertionMethod", now: run.asOf } as const;
      return (await checkSignedBy(json, expected, proofs)).problems;
    });
    await run.check("issuer", () => checkIssuer(credential, trust, ""));
    await run.check("time", () =>
      [checkValidity(credential, run.asOf)].filter((found) => found !== undefined),
    );
    await run.check("chain", () => checkStandsAlone(credential));
    await run.check("status", async () => {
      const question = {
        profile: "strict",
        entries: credentialStatus,
        listIssuers: trust.listIssuersOf(issuer),
        pointer: "",
      } as const;
      return (await checkStatus([question], lists, proofs, run)).problems;
    });
    if (run.failed) return run.refusal();
    return { verified: true, credential, checks: run.checks, asOf: run.asOf };
  });
}

/** A link below a root means nothing without its parents, nor an approval without its invocation. */
function checkStandsAlone(credential: WritCredential): readonly Problem[] {
  if (isIdentity(credential)) return [];
  if (isAuthority(credential)) {
    buildChain({ credential, pointer: "" }, () => undefined);
    return [];
  }
  return [problem("CREDENTIAL_UNEXPECTED", "/type", "an approval is verified with its invocation")];
}
