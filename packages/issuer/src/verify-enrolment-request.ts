import {
  checkSignedBy,
  createResolver,
  ENROLMENT_DOMAIN,
  ENROLMENT_LIFE_MS,
  enrolmentRequest,
  parseDocument,
  parseTimestamp,
  refusal,
  WritError,
  type EnrolmentRequest,
  type JsonText,
} from "@writ/core";

import { givenJson } from "./given-json.js";

/**
 * The DID whose key signed a request, which it made within the last day.
 *
 * @throws WritError of the request's proof or form.
 */
export async function verifyEnrolmentRequest(
  request: JsonText | EnrolmentRequest,
  now: number,
): Promise<string> {
  const json = givenJson(request);
  const { holder } = parseDocument(json, enrolmentRequest);
  const { proofs, problems } = await checkSignedBy(
    json,
    { did: holder, purpose: "authentication", now, mismatch: "HOLDER_MISMATCH" },
    { resolver: createResolver() },
  );
  const [problem] = problems;
  if (problem !== undefined) throw refusal(problem);
  for (const { proof } of proofs) {
    if (proof.domain !== ENROLMENT_DOMAIN) {
      throw new WritError("DOMAIN_MISMATCH", "was not signed for enrolment", { pointer: "/proof/domain" });
    }
    if (now - parseTimestamp(proof.created ?? "") > ENROLMENT_LIFE_MS) {
      throw new WritError("PROOF_EXPIRED", "the request is older than a day", { pointer: "/proof/created" });
    }
  }
  return holder;
}
