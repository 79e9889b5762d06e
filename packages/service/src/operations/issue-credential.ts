import {
  asJson,
  openObject,
  SUITE_NAMES,
  WritError,
  type GenericContexts,
  type JsonObject,
} from "@writ/core";
import { issueGenericCredential, type GenericIssueOptions, type Organisation } from "@writ/issuer";

import type { Operation } from "../http/operation.js";
import { anyObject } from "./secured-object.js";

/** The body of `POST /issuers/{issuer}/credentials/issue` (VC API, section 3.2.1). */
export interface IssueBody {
  readonly credential: JsonObject;
  /** Whatever clients send; the issuer's name has said it all. */
  readonly options?: JsonObject;
}

const body = openObject<IssueBody>({ credential: anyObject, options: anyObject }, ["options"]);

/** The issuer whose credentials get a status; RDF is what most verifiers of other makes read. */
const WITH_STATUS: GenericIssueOptions = { suite: "eddsa-rdfc-2022", status: "allocated" };

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
    async handle({ parameters, body: { credential } }) {
      const options = ISSUERS.get(parameters["issuer"] ?? "");
      if (options === undefined) throw new WritError("NOT_FOUND", "there is no such issuer");
      const verifiableCredential = await issueGenericCredential(organisation, credential, {
        ...options,
        contexts,
      });
      return { status: 201, body: { verifiableCredential: asJson(verifiableCredential) } };
    },
  };
}
