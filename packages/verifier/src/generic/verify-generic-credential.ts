import { parseStrictJsonObject, systemClock, type GenericCredential, type JsonText } from "@writ/core";

import { checkStatus, type EntryStatus } from "../status/check-status.js";
import { Verification, type Check, type Refusal } from "../verification.js";
import { trustOf } from "../trust/trust-policy.js";
import { genericProofVerification, type GenericVerifierOptions } from "./generic-options.js";
import {
  checkResources,
  checkSignature,
  checkTerms,
  checkTimes,
  checkTrust,
  hasOtherResources,
  receiveCredential,
} from "./received-credential.js";
import { statusQuestion } from "./status-question.js";

/**
 * The outcome of {@link verifyGenericCredential}. It is of no use to `decide`: nothing in it is authority.
 */
export type VerifyGenericCredentialResult =
  | {
      readonly verified: true;
      readonly kind: "generic-credential";
      /** Frozen, and made from the bytes that were verified. */
      readonly credential: GenericCredential;
      readonly issuer: string;
      /** What the status lists say, for purposes that do not end a credential as well. */
      readonly statuses: readonly EntryStatus[];
      readonly checks: readonly Check[];
      readonly asOf: number;
    }
  | Refusal;

const CHECKS = ["json", "profile", "signature", "terms", "issuer", "time", "status", "resources"] as const;

/**
 * Verifies a credential of any vocabulary (VC Data Model 2.0 and 1.1), secured by one of the three suites:
 * its form under the generic profile, every proof, the issuer's own among them, dates, status and the
 * digests of related resources. A document of Writ's own vocabulary is under the strict profile here too.
 *
 * Never throws on account of the input.
 */
export async function verifyGenericCredential(
  input: JsonText,
  options: GenericVerifierOptions,
): Promise<VerifyGenericCredentialResult> {
  const { status, contexts, resources = new Map<string, Uint8Array>(), scope, clock = systemClock } = options;
  const trust = options.trust && trustOf(options.trust);
  const run = new Verification(CHECKS, clock());
  const proofs = genericProofVerification(options);

  const json = await run.obtain("json", () => parseStrictJsonObject(input));
  if (json === undefined) return run.refusal();
  const received = await run.obtain("profile", () => receiveCredential(json, contexts));
  if (received === undefined) return run.refusal();

  await run.check("signature", () => checkSignature(received, run.asOf, proofs));
  await run.check("terms", () => checkTerms(json));
  let statuses: readonly EntryStatus[] = [];
  if (scope !== "proofs") {
    if (trust !== undefined) await run.check("issuer", () => checkTrust(received, trust));
    await run.check("time", () => checkTimes(received, run.asOf));
    await run.check("status", async () => {
      const question = statusQuestion(received, trust);
      const answer = await checkStatus([question], status, proofs, run.asOf);
      statuses = answer.statuses;
      return answer.problems;
    });
    const unchecked = hasOtherResources(received, resources);
    const found = checkResources(received, resources);
    if (found.length > 0 || !unchecked) await run.check("resources", () => found);
  }
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
}
