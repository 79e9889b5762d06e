import { isJsonArray, openObject, refuse, type JsonObject, type Shape } from "@writ/core";
import { verifyGenericCredential, type GenericVerifierOptions } from "@writ/verifier";

import type { Operation } from "../http/operation.js";
import { securedObject } from "./secured-object.js";
import { verificationAnswer } from "./verification-answer.js";

/** What a verifier of others' documents goes by; whom they are by is told, and not asked. */
export type AnybodysOptions = Omit<GenericVerifierOptions, "trust" | "scope" | "resources">;

/** The body of `POST /credentials/verify` (VC API, section 3.3.1). */
export interface VerifyCredentialBody {
  readonly verifiableCredential: JsonObject;
  readonly options?: {
    /** With `proof` alone, dates and status are not asked. */
    readonly checks?: readonly string[];
  };
}

const names: Shape<readonly string[]> = {
  check(value, pointer) {
    const isList =
      isJsonArray(value) && value.length <= 16 && value.every((name) => typeof name === "string");
    if (!isList) refuse(pointer, "must be a list of names");
  },
  jsonSchema: { type: "array", items: { type: "string" }, maxItems: 16 },
};

const options = openObject<NonNullable<VerifyCredentialBody["options"]>>({ checks: names }, ["checks"]);
const body = openObject<VerifyCredentialBody>({ verifiableCredential: securedObject, options }, ["options"]);

/** Verifies a credential of anybody's (VC API, section 3.3.1). */
export function verifyCredentialOperation(verification: AnybodysOptions): Operation<VerifyCredentialBody> {
  return {
    id: "verifyCredential",
    method: "POST",
    path: "/credentials/verify",
    role: "verifier",
    summary: "Verify a credential, whoever issued it",
    body,
    answers: { 200: "Verified", 400: "Not verified" },
    async handle({ body: { verifiableCredential, options: { checks = [] } = {} } }) {
      const isProofAlone = checks.length === 1 && checks[0] === "proof";
      const result = await verifyGenericCredential(JSON.stringify(verifiableCredential), {
        ...verification,
        trust: "anybody",
        scope: isProofAlone ? "proofs" : "everything",
      });
      return verificationAnswer(result);
    },
  };
}
