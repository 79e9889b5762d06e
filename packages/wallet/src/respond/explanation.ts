import {
  asJson,
  digestMultibase,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type SuiteName,
} from "@writ/core";

import { jsonOf } from "./candidate.js";
import { claimsBeyond } from "./claim-path.js";
import type { Answered, Draft } from "./draft-presentations.js";
import type { AskedClaims, RequestLanguage, Unmet } from "./request.js";

/** What an answer to a request shows, to whom, and what it lacks. */
export interface RequestExplanation {
  readonly language: RequestLanguage;
  /** To whom: what the answer is bound to, with the challenge. */
  readonly domain: string;
  readonly challenge: string;
  /** DID of the wallet. */
  readonly holder: string;
  /** By which suite it is signed; absent where none is accepted that the wallet signs with. */
  readonly suite?: SuiteName;
  /** Whether the request can be answered. */
  readonly complete: boolean;
  /** What is shown; empty where the request cannot be answered. */
  readonly presentations: readonly ExplainedPresentation[];
  /** Each query without which there is no answer. */
  readonly missing: readonly Unmet[];
  /** Ids of queries that could be answered and need not be: optional ones, and further alternatives. */
  readonly leftOut: readonly string[];
  /** Each optional query that nothing in the wallet answers; the request can be answered without. */
  readonly absent: readonly Unmet[];
}

/** One presentation of an answer. */
export interface ExplainedPresentation {
  readonly answers: readonly AnsweredQuery[];
  readonly credentials: readonly ShownCredential[];
}

/** A query that is answered. */
export interface AnsweredQuery {
  readonly id: string;
  /** Where it stands in the request. */
  readonly pointer: string;
  /** Why the sender wants it, as it says. */
  readonly reason?: string;
}

/** A credential that is shown, and shown whole: the suites know no selective disclosure. */
export interface ShownCredential {
  readonly id?: string;
  readonly types: readonly string[];
  readonly issuer: string;
  /** Asked for, or needed to verify what was. */
  readonly role: "answer" | "evidence";
  /** JSON Pointers to claims about its subject beyond what was asked for; of evidence no claim was. */
  readonly disclosesMore: readonly string[];
}

/** What a presentation holds, read from the very document that is signed. */
export function explainPresentation({ answered, unsigned }: Draft): ExplainedPresentation {
  const { verifiableCredential = [] } = asJson(unsigned);
  const credentials = (
    isJsonArray(verifiableCredential) ? verifiableCredential : [verifiableCredential]
  ).filter(isJsonObject);
  return {
    answers: answered.map(({ query: { id, pointer, reason } }) => ({
      id,
      pointer,
      ...(reason === undefined ? {} : { reason }),
    })),
    credentials: credentials.map((credential) => explainCredential(credential, answered)),
  };
}

function explainCredential(credential: JsonObject, answered: readonly Answered[]): ShownCredential {
  const { id, type = [], issuer = "" } = credential;
  const digest = digestMultibase(credential);
  const asked = answered
    .filter(({ answer }) => digestMultibase(jsonOf(answer.candidate)) === digest)
    .map(({ answer }) => answer.claims);
  const url = isJsonObject(issuer) ? issuer["id"] : issuer;
  return {
    ...(typeof id === "string" ? { id } : {}),
    types: (isJsonArray(type) ? type : [type]).filter((name) => typeof name === "string"),
    issuer: typeof url === "string" ? url : "",
    role: asked.length > 0 ? "answer" : "evidence",
    disclosesMore: claimsBeyond(credential, together(asked)),
  };
}

/** A credential that answers several queries is asked for all that they ask for. */
function together(asked: readonly AskedClaims[]): AskedClaims {
  const paths = asked.flatMap((claims) => (claims === "all" ? [] : claims));
  return asked.includes("all") ? "all" : paths;
}
