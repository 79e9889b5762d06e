import { createResolver, type DidResolver, type GenericContexts } from "@writ/core";
import type { CurrentLists, Organisation } from "@writ/issuer";
import type { ChallengeStore, StatusListSource } from "@writ/verifier";

import type { Operation } from "../http/operation.js";
import { authorizeOperation, type AuthorizeOptions } from "./authorize.js";
import { createChallengeOperation } from "./create-challenge.js";
import { credentialStatusOperation } from "./credential-status.js";
import { issueCredentialOperation } from "./issue-credential.js";
import { resolveIdentifierOperation } from "./resolve-identifier.js";
import { statusListOperation } from "./status-list.js";
import { verifyCredentialOperation, type AnybodysOptions } from "./verify-credential.js";
import { verifyPresentationOperation } from "./verify-presentation.js";

/** What a process of the service has; what it lacks, it does not offer. */
export interface ServiceParts {
  /** For issuing, and for status lists. */
  readonly organisation?: Organisation;
  /** For serving status lists. */
  readonly lists?: CurrentLists;
  /** Where verification gets status lists from. */
  readonly status: StatusListSource;
  /** Contexts beyond the pinned ones, for issuing and verifying; none unless given. */
  readonly contexts?: GenericContexts;
  /** did:key alone unless given. */
  readonly resolver?: DidResolver;
  /** For presentations to this service: challenges of its own, and whom it trusts in what. */
  readonly authorization?: AuthorizeOptions & { readonly challenges: ChallengeStore };
  /** Milliseconds since 1970; the machine's unless given. */
  readonly clock?: () => number;
}

/** Every operation that the parts permit; which of them a process offers, its roles say. */
export function createOperations({
  organisation,
  lists,
  status,
  contexts = {},
  resolver = createResolver(),
  authorization,
  clock,
}: ServiceParts): readonly Operation[] {
  const verification: AnybodysOptions = {
    status,
    contexts,
    resolver,
    ...(clock === undefined ? {} : { clock }),
  };
  const operations: (Operation | undefined)[] = [
    organisation && issueCredentialOperation(organisation, contexts),
    organisation && credentialStatusOperation(organisation),
    organisation && lists && statusListOperation(organisation, lists),
    verifyCredentialOperation(verification),
    verifyPresentationOperation(verification),
    resolveIdentifierOperation(resolver),
    authorization &&
      createChallengeOperation(authorization.challenges, authorization.expectations.expectedDomain),
    authorization && authorizeOperation(authorization),
  ];
  return operations.filter((operation) => operation !== undefined);
}
