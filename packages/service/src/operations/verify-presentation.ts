import { openObject, text, type JsonObject } from "@writ/core";
import { unbound, verifyGenericPresentation } from "@writ/verifier";

import type { Operation } from "../http/operation.js";
import { securedObject } from "./secured-object.js";
import { verificationAnswer } from "./verification-answer.js";
import type { AnybodysOptions } from "./verify-credential.js";

/** The body of `POST /presentations/verify` (VC API, section 3.3.2). */
export interface VerifyPresentationBody {
  readonly verifiablePresentation: JsonObject;
  readonly options?: {
    /** Compared with the proof's; not asked where it is left out. Nobody remembers that it was used. */
    readonly challenge?: string;
    readonly domain?: string;
  };
}

const bound = text({ maxLength: 512 });
const options = openObject<NonNullable<VerifyPresentationBody["options"]>>(
  { challenge: bound, domain: bound },
  ["challenge", "domain"],
);
const body = openObject<VerifyPresentationBody>({ verifiablePresentation: securedObject, options }, [
  "options",
]);

/** Verifies a presentation of anybody's, and each credential in it (VC API, section 3.3.2). */
export function verifyPresentationOperation(
  verification: AnybodysOptions,
): Operation<VerifyPresentationBody> {
  return {
    id: "verifyPresentation",
    method: "POST",
    path: "/presentations/verify",
    role: "verifier",
    summary: "Verify a presentation and the credentials in it, whoever made them",
    body,
    answers: { 200: "Verified", 400: "Not verified" },
    async handle({ body: { verifiablePresentation, options: { challenge, domain } = {} } }) {
      const result = await verifyGenericPresentation(JSON.stringify(verifiablePresentation), {
        ...verification,
        trust: "anybody",
        expectedChallenge: challenge ?? unbound,
        expectedDomain: domain ?? unbound,
      });
      const holder = result.verified ? result.holder : undefined;
      return verificationAnswer(result, holder === undefined ? {} : { holder });
    },
  };
}
