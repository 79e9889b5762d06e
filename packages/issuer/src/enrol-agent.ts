import {
  asJson,
  agentIdentityCredential,
  checkSignedBy,
  createResolver,
  ENROLMENT_DOMAIN,
  ENROLMENT_LIFE_MS,
  enrolmentRequest,
  parseDocument,
  parseStrictJsonObject,
  parseTimestamp,
  randomUuidUrn,
  refusal,
  WritError,
  type AgentIdentityCredential,
  snapshot,
  type EnrolmentRequest,
  type JsonText,
  type SuiteName,
} from "@writ/core";

import { identitySubject, insertAgent, type Agent } from "./agents.js";
import { recordEvent } from "./events.js";
import { issueCredential } from "./issue-credential.js";
import type { Organisation } from "./organisation.js";

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

/** The DID whose key signed the request. */
async function verifyEnrolmentRequest(request: JsonText | EnrolmentRequest, now: number): Promise<string> {
  const json =
    typeof request === "string" || request instanceof Uint8Array
      ? parseStrictJsonObject(request)
      : asJson(snapshot(request));
  const { holder } = parseDocument(json, enrolmentRequest);
  const { proofs, problems } = await checkSignedBy(
    json,
    { did: holder, purpose: "authentication", now, mismatch: "HOLDER_MISMATCH" },
    { resolver: createResolver() },
  );
  const [problem] = problems;
  if (problem !== undefined) throw refusal(problem);
  for (const { proof } of proofs) {
    if (proof.domain !== ENROLMENT_DOMAIN) {
      throw new WritError("DOMAIN_MISMATCH", "was not signed for enrolment", { pointer: "/proof/domain" });
    }
    if (now - parseTimestamp(proof.created ?? "") > ENROLMENT_LIFE_MS) {
      throw new WritError("PROOF_EXPIRED", "the request is older than a day", { pointer: "/proof/created" });
    }
  }
  return holder;
}
