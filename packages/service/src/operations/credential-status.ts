import { choice, literal, openObject, refined, refuse, text, type Shape } from "@writ/core";
import { setCredentialStatus, type Organisation } from "@writ/issuer";

import type { Operation } from "../http/operation.js";

/** The body of `POST /credentials/status` (VC API, section 3.2.2). */
export interface CredentialStatusBody {
  readonly credentialId: string;
  readonly credentialStatus: {
    readonly type: "BitstringStatusListEntry";
    readonly statusPurpose: "revocation" | "suspension";
    /** With `statusListCredential`, the one entry that is meant; all of the credential's without. */
    readonly statusListIndex?: string;
    readonly statusListCredential?: string;
  };
  /** Whether the status is set; true unless given. */
  readonly status?: boolean;
}

const truth: Shape<boolean> = {
  check(value, pointer) {
    // Nothing that could be taken for the other one.
    literal(value === true).check(value, pointer);
  },
  jsonSchema: { type: "boolean" },
};

const entry = refined(
  openObject<CredentialStatusBody["credentialStatus"]>(
    {
      type: literal("BitstringStatusListEntry"),
      statusPurpose: choice("revocation", "suspension"),
      statusListIndex: text({ pattern: /^(?:0|[1-9][0-9]{0,8})$/, what: "a decimal index" }),
      statusListCredential: text({ maxLength: 1024 }),
    },
    ["statusListIndex", "statusListCredential"],
  ),
  ({ statusListIndex, statusListCredential }, pointer) => {
    // Half a name names nothing.
    if ((statusListIndex === undefined) === (statusListCredential === undefined)) return;
    refuse(pointer, "an entry is named by its list and its index");
  },
);

const body = openObject<CredentialStatusBody>(
  { credentialId: text({ maxLength: 2048 }), credentialStatus: entry, status: truth },
  ["status"],
);

/**
 * Revokes, suspends or resumes a credential that the organisation issued over HTTP (VC API, section 3.2.2).
 * Those of agents are not within a token's reach.
 */
export function credentialStatusOperation(organisation: Organisation): Operation<CredentialStatusBody> {
  return {
    id: "updateCredentialStatus",
    method: "POST",
    path: "/credentials/status",
    role: "issuer",
    scope: "status",
    summary: "Set the status of a credential; a revocation is for good",
    body,
    answers: { 200: "The lists say so from now on", 400: "Not changed", 404: "No such credential or entry" },
    replays: "by-idempotency-key",
    async handle({ body: { credentialId, credentialStatus, status = true } }) {
      const { statusPurpose: purpose, statusListCredential: list, statusListIndex } = credentialStatus;
      const isNamed = list !== undefined && statusListIndex !== undefined;
      await setCredentialStatus(organisation, credentialId, {
        purpose,
        reach: "credentials-of-others",
        to: status ? "set" : "cleared",
        ...(isNamed ? { entry: { list, index: Number(statusListIndex) } } : {}),
      });
      return { status: 200, body: {} };
    },
  };
}
