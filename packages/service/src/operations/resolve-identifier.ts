import type { DidResolver } from "@writ/core";

import type { Operation } from "../http/operation.js";
import { answerIdentifier } from "../resolution/answer-identifier.js";

/** Resolves DIDs, and dereferences DID URLs (DID Resolution, section 12.1). */
export function resolveIdentifierOperation(resolver: DidResolver): Operation {
  return {
    id: "resolveIdentifier",
    method: "GET",
    path: "/1.0/identifiers/{identifier}",
    role: "resolver",
    summary: "Resolve a DID, or dereference a DID URL",
    query: {
      publicKeyFormat: "The type of a did:key's verification methods; `Multikey` unless given",
      enableExperimentalPublicKeyTypes: "`true` for types that are not among the specification's own",
      enableEncryptionKeyDerivation: "`true` for a key agreement key that is derived from an Ed25519 key",
    },
    answers: {
      200: "The document, or what the DID URL names",
      400: "Not a DID that is supported",
      404: "It names nothing",
      406: "It cannot be written as accepted",
      410: "The DID is deactivated",
    },
    async handle({ parameters, query, headers }) {
      const identifier = parameters["identifier"] ?? "";
      const accept = headers.get("accept") ?? undefined;
      return answerIdentifier({ identifier, query, accept, resolver });
    },
  };
}
