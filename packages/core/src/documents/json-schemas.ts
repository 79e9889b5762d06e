import type { JsonObject } from "../json/json-value.js";
import type { Shape } from "../schema/shape.js";
import { grants } from "../authority/grant.js";
import { approvalCredential } from "./approval-credential.js";
import { approvalRequest } from "./approval-request.js";
import { authorityCredential } from "./authority-credential.js";
import { enrolmentRequest } from "./enrolment-request.js";
import { agentIdentityCredential, principalIdentityCredential } from "./identity-credential.js";
import { invocation } from "./invocation.js";
import { presentation } from "./presentation.js";
import { statusListCredential } from "./status-list-credential.js";
import { successionStatement } from "./succession-statement.js";

const PUBLISHED: Readonly<Record<string, Shape<unknown>>> = {
  "agent-identity-credential": agentIdentityCredential,
  "principal-identity-credential": principalIdentityCredential,
  "delegated-authority-credential": authorityCredential,
  "approval-credential": approvalCredential,
  "status-list-credential": statusListCredential,
  presentation,
  invocation,
  "approval-request": approvalRequest,
  "enrolment-request": enrolmentRequest,
  "succession-statement": successionStatement,
  grants,
};

/**
 * The JSON Schema (2020-12) of each of Writ's documents, by file name. The files in `schemas/` are
 * these. A document that Writ accepts fits its schema; some rules a schema cannot say.
 */
export function jsonSchemas(): Readonly<Record<string, JsonObject>> {
  return Object.fromEntries(
    Object.entries(PUBLISHED).map(([name, { jsonSchema }]) => [
      `${name}.schema.json`,
      { $schema: "https://json-schema.org/draft/2020-12/schema", ...jsonSchema },
    ]),
  );
}
