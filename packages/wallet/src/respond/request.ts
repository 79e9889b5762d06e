import type { JsonObject, SuiteName } from "@writ/core";

import type { Candidate } from "./candidate.js";
import type { ClaimPath } from "./claim-path.js";

/** The languages that requests are written in. */
export type RequestLanguage = "dcql" | "vpr";

/** A request as it was read: what both languages come to. */
export interface Request {
  readonly language: RequestLanguage;
  readonly challenge: string;
  /** The name that the request gives its sender, if any. */
  readonly domain?: Named;
  /** What the name of its sender must begin with. */
  readonly domainPrefix?: string;
  /** By id; those of a Verifiable Presentation Request are known by their place. */
  readonly queries: ReadonlyMap<string, CredentialQuery>;
  /** Each is answered by all queries of one of its options, of which the first is preferred. */
  readonly sets: readonly QuerySet[];
  /** What the proof of an answer must be like. */
  readonly proofs: readonly ProofDemand[];
  /** Whether a presentation without credentials is an answer too. */
  readonly asksForHolder: boolean;
  /**
   * Refuses an answer that readers of the language would not take.
   *
   * @param shown by id of the query
   * @throws WritError `REQUEST_UNSUPPORTED`.
   */
  assertTaken(shown: ReadonlyMap<string, readonly JsonObject[]>): Promise<void>;
}

/** A text of the request, and where it stands. */
export interface Named {
  readonly text: string;
  readonly pointer: string;
}

/** A query for one credential. */
export interface CredentialQuery {
  readonly id: string;
  /** Where it stands in the request. */
  readonly pointer: string;
  /** What is asked for, in the words of the request. */
  readonly asked: JsonObject;
  /** Why the sender wants it, as it says. */
  readonly reason?: string;
  /** Whether several credentials may be shown. */
  readonly multiple: boolean;
  /** Why no credential whatever can be an answer. */
  readonly obstacle?: Pick<Unmet, "reason" | "detail">;
  /** Names of types, of which each answer has one; absent where any may do. */
  readonly types?: readonly string[];
  match(candidate: Candidate): Match;
}

/** Alternatives, each a set of queries by their ids. */
export interface QuerySet {
  readonly required: boolean;
  readonly options: readonly (readonly string[])[];
}

/** What a proof must be like; what is absent is free. */
export interface ProofDemand {
  readonly pointer: string;
  /** Names of DID methods of the holder. */
  readonly methods?: readonly string[];
  readonly suites?: readonly SuiteName[];
}

/** The claims that were asked for, of a credential that is shown whole all the same. */
export type AskedClaims = "all" | readonly ClaimPath[];

/** Whether a credential is what a query asks for, or in what it is not. */
export type Match =
  | { readonly matches: true; readonly claims: AskedClaims }
  | {
      readonly matches: false;
      readonly reason: "type" | "issuer" | "claims";
      /** Where the credential says something else. Few of these are ever told. */
      readonly places: () => readonly string[];
    };

/** Why a query has no answer: of the credentials at hand, what the nearest one fell short in. */
export type UnmetReason =
  /** The format is not one that the wallet holds. */
  | "format"
  /** An answer would not be bound to the holder and to the one who asks. */
  | "holder-binding"
  /** The holder's DID is not of a method that is accepted. */
  | "method"
  /** The proof would not be of a suite that is accepted. */
  | "suite"
  /** None is of the type. */
  | "type"
  | "issuer"
  | "claims"
  | "not-begun"
  | "ended"
  /** Its chain, or somebody's identity in it, is not at hand or not valid now. */
  | "evidence";

/** A query that has no answer. */
export interface Unmet {
  /** Id of the query. */
  readonly query: string;
  /** Where it stands in the request. */
  readonly pointer: string;
  readonly reason: UnmetReason;
  /** A sentence for a person. */
  readonly detail: string;
  readonly asked: JsonObject;
}
