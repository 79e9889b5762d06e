import {
  enrolmentRequest,
  parseDocument,
  sameJson,
  WritError,
  type AgentIdentityCredential,
  type EnrolmentRequest,
  type ErrorCode,
  type JsonText,
} from "@writ/core";

import { findAgent, inactive, type Agent } from "./agents.js";
import { enrolAgent, type EnrolmentOptions } from "./enrol-agent.js";
import { givenJson } from "./given-json.js";
import type { Organisation } from "./organisation.js";

/** An agent of many that are enrolled, one after the other. */
export interface ImportedAgent {
  readonly agent: Agent;
  /** Its identity; none where it was enrolled before. */
  readonly credential?: AgentIdentityCredential;
}

/**
 * Enrols an agent, unless the one of this name has this key already: so that whoever enrols many begins from the
 * first again where it was broken off.
 *
 * @throws WritError as {@link enrolAgent}: `ALREADY_EXISTS` for a name or a key that is another agent's, and where the
 *   agent has other roles, another owner or environment than are asked for; `AGENT_INACTIVE`.
 */
export async function importAgent(
  organisation: Organisation,
  request: JsonText | EnrolmentRequest,
  options: EnrolmentOptions,
): Promise<ImportedAgent> {
  try {
    return await enrolAgent(organisation, request, options);
  } catch (error) {
    if (!(error instanceof WritError) || !MAY_BE_ENROLLED.includes(error.code)) throw error;
    const agent = await findAgent(organisation, options.name).catch(() => undefined);
    if (agent === undefined || agent.did !== holderOf(request)) throw error;
    if (agent.state !== "active") throw inactive(agent.state);
    assertAsAsked(agent, options);
    return { agent };
  }
}

/** Whoever asks for another owner must not believe to have got it. */
function assertAsAsked(agent: Agent, { roles, owner, environment }: EnrolmentOptions): void {
  const asked: Readonly<Record<string, boolean>> = {
    roles: roles === undefined || sameJson([...roles].sort(), [...agent.roles].sort()),
    owner: owner === undefined || owner === agent.owner,
    environment: environment === undefined || environment === agent.environment,
  };
  const [other] = Object.keys(asked).filter((name) => asked[name] === false);
  if (other === undefined) return;
  throw new WritError("ALREADY_EXISTS", `the agent is registered, and its ${other} not as asked for`, {
    hint: "`writ agent change` changes what is said of an agent.",
  });
}

/** A request ends after a day, and whoever made it may have been enrolled by then. */
const MAY_BE_ENROLLED: readonly ErrorCode[] = ["ALREADY_EXISTS", "PROOF_EXPIRED"];

/** Who asks, as the request says. Whoever is told that an agent is enrolled learns nothing that is not its name and DID. */
function holderOf(request: JsonText | EnrolmentRequest): string {
  return parseDocument(givenJson(request), enrolmentRequest).holder;
}
