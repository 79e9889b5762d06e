import { checkGenericValidity, type Problem, type ProofVerification } from "@writ/core";

import { asksSomething, checkStatus, type EntryStatus } from "../status/check-status.js";
import type { ObtainedLists } from "../status/obtained-lists.js";
import type { Finding, Verification } from "../verification.js";
import { genericTrustOf, type GenericVerifierOptions } from "./generic-options.js";
import { checkDigests, checkTrust, statusQuestion, type ReceivedCredential } from "./received-credential.js";

/** The checks that are made of credentials whose signatures are good, in their order. */
export type CredentialCheck = "issuer" | "time" | "status" | "resources";

/**
 * Whose credentials they are, whether they are in force, and whether what they rely on is at hand and
 * unchanged. A check that has nothing to look at establishes nothing.
 *
 * @returns what the status lists say
 */
export async function checkCredentials<Name extends string>(
  run: Verification<Name | CredentialCheck>,
  credentials: readonly ReceivedCredential[],
  options: GenericVerifierOptions,
  proofs: ProofVerification,
  lists: ObtainedLists,
): Promise<readonly EntryStatus[]> {
  const { resources = new Map<string, Uint8Array>() } = options;
  const trust = genericTrustOf(options);
  let statuses: readonly EntryStatus[] = [];
  await run.check("issuer", () =>
    trust === undefined ? "not_established" : ofEach(credentials, (each) => checkTrust(each, trust)),
  );
  await run.check("time", () =>
    ofEach(credentials, (each) => checkGenericValidity(each.credential, run.asOf, each.pointer)),
  );
  await run.check("status", async () => {
    const questions = credentials.map((each) => statusQuestion(each, trust));
    const answer = await checkStatus(questions, lists, proofs, run);
    statuses = answer.statuses;
    return questions.some(asksSomething) ? answer.problems : "not_established";
  });
  await run.check("resources", () => checkDigests(credentials, resources));
  return statuses;
}

function ofEach(
  credentials: readonly ReceivedCredential[],
  check: (credential: ReceivedCredential) => readonly Problem[],
): Finding {
  return credentials.length === 0 ? "not_established" : credentials.flatMap(check);
}
