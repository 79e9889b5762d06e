import {
  asJson,
  choice,
  list,
  openObject,
  relocate,
  SUITE_NAMES,
  text,
  WritError,
  type GenericContexts,
  type JsonObject,
} from "@writ/core";
import {
  issueGenericCredential,
  STATUS_PURPOSES,
  type GenericIssueOptions,
  type Organisation,
  type StatusPurpose,
} from "@writ/issuer";

import type { Operation } from "../http/operation.js";
import { anyObject } from "./secured-object.js";

/** The body of `POST /issuers/{issuer}/credentials/issue` (VC API, section 3.2.1). */
export interface IssueBody {
  readonly credential: JsonObject;
  readonly options?: {
    /** By which the status is changed later; the credential's `id` unless given. */
    readonly credentialId?: string;
    /** What the credential's status can say; `revocation` for the issuer `status`, nothing for the others. */
    readonly statusPurposes?: readonly StatusPurpose[];
  };
}

const options = openObject<NonNullable<IssueBody["options"]>>(
  { credentialId: text({ maxLength: 2048 }), statusPurposes: list(choice(...STATUS_PURPOSES)) },
  ["credentialId", "statusPurposes"],
);
const body = openObject<IssueBody>({ credential: anyObject, options }, ["options"]);

/** The issuer whose credentials get a status; RDF is what most verifiers of other makes read. */
const WITH_STATUS: GenericIssueOptions = { suite: "eddsa-rdfc-2022", status: ["revocation"] };

/** What each issuer of the service does: one for each suite, and one with status entries. */
const ISSUERS: ReadonlyMap<string, GenericIssueOptions> = new Map<string, GenericIssueOptions>([
  ...SUITE_NAMES.map((suite) => [suite, { suite }] as const),
  ["status", WITH_STATUS],
]);

/** Signs credentials of others' vocabularies in the organisation's name (VC API, section 3.2.1). */
export function issueCredentialOperation(
  organisation: Organisation,
  contexts: GenericContexts,
): Operation<IssueBody> {
  return {
    id: "issueCredential",
    method: "POST",
    path: "/issuers/{issuer}/credentials/issue",
    role: "issuer",
    scope: "issue",
    summary: "Issue a credential; the issuer names the cryptographic suite, or is `status`",
    body,
    answers: { 201: "The credential with its proof", 400: "Not issued", 404: "There is no such issuer" },
    replays: "by-idempotency-key",
    async handle({
      parameters,
      requestId,
      body: { credential, options: { credentialId, statusPurposes } = {} },
    }) {
      const issuer = ISSUERS.get(parameters["issuer"] ?? "");
      if (issuer === undefined) {
        throw new WritError("NOT_FOUND", `the issuers are ${[...ISSUERS.keys()].join(", ")}`);
      }
      const verifiableCredential = await issueGenericCredential(organisation, credential, {
        ...issuer,
        ...(statusPurposes === undefined ? {} : { status: statusPurposes }),
        credentialId,
        contexts,
        // Where the process ends after it issued and before it answered, the same again gets the same credential.
        idempotencyKey: requestId,
      }).catch((error: unknown) => {
        throw relocate(error, "/credential");
      });
      return { status: 201, body: { verifiableCredential: asJson(verifiableCredential) } };
    },
  };
}
