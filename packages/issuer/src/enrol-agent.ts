import {
  agentIdentityCredential,
  randomUuidUrn,
  type AgentIdentityCredential,
  type EnrolmentRequest,
  type JsonText,
  type SuiteName,
} from "@writ/core";

import { identitySubject, insertAgent, type Agent } from "./agents.js";
import { recordEvent } from "./events.js";
import { issueCredential } from "./issue-credential.js";
import type { Organisation } from "./organisation.js";
import { verifyEnrolmentRequest } from "./verify-enrolment-request.js";

/** How long an identity credential lives unless told otherwise. */
export const DEFAULT_IDENTITY_LIFE_MS: number = 24 * 60 * 60 * 1000;

/** What the operator says of the agent that is enrolled. */
export interface EnrolmentOptions {
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
 * request cannot be used again.
 *
 * @throws WritError of the request's proof or form, `ALREADY_EXISTS`; nothing is recorded then.
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
    roles,
    created: now,
    state: "active",
    ...(environment === undefined ? {} : { environment }),
    ...(wallet === undefined ? {} : { wallet }),
  };
  const credential = await issueCredential(
    organisation,
    {
      type: "AgentIdentityCredential",
      agentId: agent.agentId,
      credentialSubject: identitySubject(agent),
      lifeMs: options.lifeMs ?? DEFAULT_IDENTITY_LIFE_MS,
      suite: options.suite,
      shape: agentIdentityCredential,
    },
    async (transaction) => {
      await insertAgent(transaction, agent);
      const { agentId } = agent;
      await recordEvent(transaction, organisation, {
        action: "agent.enrolled",
        agentId,
        details: { name, did, owner, roles: [...roles] },
      });
    },
  );
  return { agent, credential };
}
