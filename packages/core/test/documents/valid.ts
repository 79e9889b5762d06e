import {
  agentIdentityCredential,
  principalIdentityCredential,
} from "../../src/documents/identity-credential.js";
import { approvalCredential } from "../../src/documents/approval-credential.js";
import { authorityCredential } from "../../src/documents/authority-credential.js";
import { enrolmentRequest } from "../../src/documents/enrolment-request.js";
import { presentation } from "../../src/documents/presentation.js";
import { statusListCredential } from "../../src/documents/status-list-credential.js";
import { successionStatement } from "../../src/documents/succession-statement.js";
import type { JsonObject } from "../../src/json/json-value.js";
import type { Shape } from "../../src/schema/shape.js";
import * as fixtures from "../fixtures.js";

/** A document of each type, with the shape and the schema that it fits. */
export const VALID: readonly {
  readonly name: string;
  readonly document: JsonObject;
  readonly shape: Shape<unknown>;
  readonly schema: string;
}[] = [
  {
    name: "agent identity",
    document: fixtures.AGENT_IDENTITY,
    shape: agentIdentityCredential,
    schema: "agent-identity-credential",
  },
  {
    name: "principal identity",
    document: fixtures.PRINCIPAL_IDENTITY,
    shape: principalIdentityCredential,
    schema: "principal-identity-credential",
  },
  {
    name: "root authority",
    document: fixtures.ROOT_AUTHORITY,
    shape: authorityCredential,
    schema: "delegated-authority-credential",
  },
  {
    name: "child authority",
    document: fixtures.CHILD_AUTHORITY,
    shape: authorityCredential,
    schema: "delegated-authority-credential",
  },
  { name: "approval", document: fixtures.APPROVAL, shape: approvalCredential, schema: "approval-credential" },
  {
    name: "status list",
    document: fixtures.STATUS_LIST,
    shape: statusListCredential,
    schema: "status-list-credential",
  },
  { name: "presentation", document: fixtures.PRESENTATION, shape: presentation, schema: "presentation" },
  {
    name: "enrolment request",
    document: fixtures.ENROLMENT,
    shape: enrolmentRequest,
    schema: "enrolment-request",
  },
  {
    name: "succession statement",
    document: fixtures.SUCCESSION,
    shape: successionStatement,
    schema: "succession-statement",
  },
];
