import {
  agentIdentityCredential,
  DEFAULT_SUITE,
  randomUuidUrn,
  WritError,
  type AgentIdentityCredential,
  type EnrolmentRequest,
  type JsonText,
  type SqlExecutor,
  type SuiteName,
} from "@writ/core";

import { agentById, assertActive, identitySubject, insertAgent, type Agent } from "./agents.js";
import { findBegunEnrolment, type BegunEnrolment } from "./broken-off.js";
import { recordEvent } from "./events.js";
import { idempotencyOf, type IdempotencyOptions } from "./idempotency.js";
import { issueCredential } from "./issue-credential.js";
import type { Organisation } from "./organisation.js";
import { verifyEnrolmentRequest } from "./verify-enrolment-request.js";

/** How long an identity credential lives unless told otherwise. */
export const DEFAULT_IDENTITY_LIFE_MS: number = 24 * 60 * 60 * 1000;

/** What the operator says of the agent that is enrolled. */
export interface EnrolmentOptions extends IdempotencyOptions {
  /** Unique in the organisation. */
  readonly name: string;
  readonly roles?: readonly string[];
  /** DID of the accountable owner; the organisation unless given. */
  readonly owner?: string;
  readonly environment?: string;
  /** How long the identity credential lives, in milliseconds; a day unless given. */
  readonly lifeMs?: number;
  /** By which the credential is signed; `eddsa-jcs-2022` unless given. */
  readonly suite?: SuiteName | undefined;
  /** Where the operator keeps the agent's wallet, if on this machine. */
  readonly wallet?: string;
}

/**
 * Enrols the agent that signed a request: registers it and issues its identity credential
 * (DESIGN 6). The request proves that the agent holds its key; a key is enrolled once, so that a
 * request cannot be used again. Where that was broken off after the agent was registered, the same again
 * goes on.
 *
 * @throws WritError of the request's proof or form, `ALREADY_EXISTS`, `ISSUANCE_RULE`, and what
 *   {@link IdempotencyOptions} says; nothing is recorded then.
 */
export async function enrolAgent(
  organisation: Organisation,
  request: JsonText | EnrolmentRequest,
  options: EnrolmentOptions,
): Promise<{ readonly agent: Agent; readonly credential: AgentIdentityCredential }> {
  const now = organisation.clock();
  const did = await verifyEnrolmentRequest(request, now);
  const { name, roles = [], owner = organisation.did, environment, wallet } = options;
  const agent: Agent = {
    agentId: randomUuidUrn(organisation.random),
    name,
    did,
    owner,
    roles: [...roles],
    created: now,
    state: "active",
    ...(environment === undefined ? {} : { environment }),
    ...(wallet === undefined ? {} : { wallet }),
  };
  try {
    const credential = await issueIdentity(organisation, agent, options, async (transaction) => {
      await insertAgent(transaction, agent);
      const { agentId } = agent;
      await recordEvent(transaction, organisation, {
        action: "agent.enrolled",
        agentId,
        details: { name, did, owner, roles: [...roles] },
      });
    });
    // Where the same was asked before, it is the agent of then.
    return {
      agent: await agentById(organisation.database, credential.credentialSubject.agentId),
      credential,
    };
  } catch (error) {
    const isTaken = error instanceof WritError && error.code === "ALREADY_EXISTS";
    const begun = isTaken ? await findBegunEnrolment(organisation.database, organisation, agent) : undefined;
    if (begun === undefined) throw error;
    const alongside = async (transaction: SqlExecutor): Promise<void> => {
      await assertActive(transaction, begun.agent);
      // Somebody else may be about the same.
      if ((await findBegunEnrolment(transaction, organisation, agent)) === undefined) throw error;
    };
    const credential = await issueIdentity(organisation, begun.agent, options, alongside, begun);
    return { agent: begun.agent, credential };
  }
}

function issueIdentity(
  organisation: Organisation,
  agent: Agent,
  { lifeMs = DEFAULT_IDENTITY_LIFE_MS, suite, idempotencyKey }: EnrolmentOptions,
  alongside: (transaction: SqlExecutor) => Promise<void>,
  begun?: BegunEnrolment,
): Promise<AgentIdentityCredential> {
  const { name, did, owner, roles, environment } = agent;
  const request = { enrol: did, name, owner, roles, environment, lifeMs, suite: suite ?? DEFAULT_SUITE };
  return issueCredential(
    organisation,
    {
      type: "AgentIdentityCredential",
      agentId: agent.agentId,
      ...(begun === undefined ? {} : { inPlaceOf: { credentialId: begun.credentialId, as: "renews" } }),
      credentialSubject: identitySubject(agent),
      lifeMs,
      idempotency: idempotencyOf(idempotencyKey, request),
      suite,
      shape: agentIdentityCredential,
    },
    alongside,
  );
}
