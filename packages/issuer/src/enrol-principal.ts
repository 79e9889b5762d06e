import {
  DEFAULT_SUITE,
  did as didShape,
  parseShape,
  principalIdentityCredential,
  type EnrolmentRequest,
  type JsonText,
  type PrincipalIdentityCredential,
  type PrincipalSubject,
  type SqlExecutor,
  type SuiteName,
} from "@writ/core";

import { recordEvent } from "./events.js";
import { idempotencyOf, type IdempotencyOptions } from "./idempotency.js";
import { issueCredential } from "./issue-credential.js";
import type { Organisation, Registry } from "./organisation.js";
import { insertPrincipal, principalByDid, principalSubject, type Principal } from "./principals.js";
import { verifyEnrolmentRequest } from "./verify-enrolment-request.js";

/** How long the identity credential of a principal lives unless told otherwise. */
export const DEFAULT_PRINCIPAL_LIFE_MS: number = 30 * 24 * 60 * 60 * 1000;

/** What the operator says of a principal. */
export interface PrincipalOptions {
  /** Unique in the organisation. */
  readonly name: string;
  readonly type: PrincipalSubject["type"];
}

/** How a principal is enrolled that has a key. */
export interface PrincipalEnrolment extends PrincipalOptions, IdempotencyOptions {
  /** How long the identity credential lives, in milliseconds; 30 days unless given. */
  readonly lifeMs?: number;
  /** By which the credential is signed; `eddsa-jcs-2022` unless given. */
  readonly suite?: SuiteName | undefined;
}

/**
 * Enrols the person, role or service that signed a request, as a wallet makes it: registers it as a principal and issues
 * its identity credential, with which it can delegate and approve (DESIGN 2).
 *
 * @throws WritError of the request's proof or form, `ALREADY_EXISTS`, `ISSUANCE_RULE`, and what {@link IdempotencyOptions} says; nothing is
 *   recorded then.
 */
export async function enrolPrincipal(
  organisation: Organisation,
  request: JsonText | EnrolmentRequest,
  { name, type, lifeMs = DEFAULT_PRINCIPAL_LIFE_MS, suite, idempotencyKey }: PrincipalEnrolment,
): Promise<{ readonly principal: Principal; readonly credential: PrincipalIdentityCredential }> {
  const created = organisation.clock();
  const did = await verifyEnrolmentRequest(request, created);
  const principal: Principal = { did, name, type, state: "active", created };
  const asked = { enrol: did, name, type, lifeMs, suite: suite ?? DEFAULT_SUITE };
  const credential = await issueCredential(
    organisation,
    {
      type: "PrincipalIdentityCredential",
      credentialSubject: principalSubject(principal),
      lifeMs,
      idempotency: idempotencyOf(idempotencyKey, asked),
      suite,
      shape: principalIdentityCredential,
    },
    (transaction) => register(transaction, organisation, principal),
  );
  // Where the same was asked before, it is the principal of then.
  return { principal: await principalByDid(organisation.database, did), credential };
}

/**
 * Registers a principal by its DID alone: it can own agents and be acted for. Nobody has shown that it holds the key,
 * and no credential is issued to it.
 *
 * @throws WritError `ALREADY_EXISTS`, those of the schema.
 */
export async function registerPrincipal(
  registry: Registry,
  { did, name, type }: PrincipalOptions & { readonly did: string },
): Promise<Principal> {
  parseShape(didShape, did, "/did");
  const principal: Principal = { did, name, type, state: "active", created: registry.clock() };
  await registry.database.transaction((transaction) => register(transaction, registry, principal));
  return principal;
}

async function register(transaction: SqlExecutor, registry: Registry, principal: Principal): Promise<void> {
  await insertPrincipal(transaction, principal);
  const { did, name, type } = principal;
  await recordEvent(transaction, registry, {
    action: "principal.registered",
    details: { did, name, type },
  });
}
