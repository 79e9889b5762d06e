import {
  asJson,
  isAgentIdentity,
  isIdentity,
  type GenericPresentation,
  type Presentation,
  type WritCredential,
} from "@writ/core";

import { composeGenericPresentation, composePresentation } from "../sign-presentation.js";
import { jsonOf } from "./candidate.js";
import type { Answer } from "./find-answers.js";
import type { CredentialQuery, Request } from "./request.js";
import type { Selection } from "./select-answers.js";

/** A presentation before it is signed, and what it answers. */
export interface Draft {
  readonly answered: readonly Answered[];
  readonly unsigned: Presentation | GenericPresentation;
}

/** A query with a credential that answers it. */
export interface Answered {
  readonly query: CredentialQuery;
  readonly answer: Answer;
}

/**
 * The presentations that answer a request: in DCQL one for each credential that answers a query (OpenID4VP
 * 1.0, section 8.1), else one with all. They hold the answers and the evidence for them, each once.
 *
 * @throws WritError of the shape and the profile, `CREDENTIAL_DUPLICATE`.
 */
export function draftPresentations(request: Request, { shown }: Selection, holder: string): readonly Draft[] {
  const answered = [...shown].flatMap(([id, answers]) => {
    const query = request.queries.get(id);
    return query === undefined ? [] : answers.map((answer) => ({ query, answer }));
  });
  const groups = request.language === "dcql" ? answered.map((each) => [each]) : [answered];
  return groups.map((group) => ({ answered: group, unsigned: compose(group, holder) }));
}

/** Writ's own form where all that is shown is Writ's; what a service decides on has that form. */
function compose(group: readonly Answered[], holder: string): Presentation | GenericPresentation {
  const candidates = group.map(({ answer }) => answer.candidate);
  const own = candidates.flatMap((each) => (each.kind === "generic" ? [] : [each.document]));
  const evidence = evidenceBeside(group, holder);
  const isAgent = [...own, ...evidence].some(
    (credential) => isAgentIdentity(credential) && credential.credentialSubject.id === holder,
  );
  return isAgent && own.length === candidates.length
    ? composePresentation(holder, [...own, ...evidence])
    : composeGenericPresentation(holder, [...candidates.map(jsonOf), ...evidence.map(asJson)]);
}

/** What belongs beside the answers. Where one of them says who the holder is, nothing else needs to. */
function evidenceBeside(group: readonly Answered[], holder: string): readonly WritCredential[] {
  const isIdentified = group.some(({ answer }) => answer.candidate.kind === "identity");
  const tellsHolder = (credential: WritCredential): boolean =>
    isIdentity(credential) && credential.credentialSubject.id === holder;
  return group
    .flatMap(({ answer }) => answer.evidence.credentials)
    .filter((credential) => !(isIdentified && tellsHolder(credential)));
}
