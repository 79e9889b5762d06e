import {
  agentIdentityCredential,
  authorityCredential,
  checkSignedByEach,
  createResolver,
  ENROLMENT_LIFE_MS,
  parseDocument,
  parseTimestamp,
  refusal,
  successionStatement,
  WritError,
  type EnrolmentRequest,
  type JsonText,
  type Problem,
  type SqlExecutor,
  type SuccessionStatement,
  type SuiteName,
} from "@writ/core";

import { agentById, assertActive, identitySubject, type Agent } from "./agents.js";
import { replaceKey } from "./agent-keys.js";
import { recordEvent } from "./events.js";
import { givenJson } from "./given-json.js";
import { issueCredential } from "./issue-credential.js";
import { authorityAnew, listRevokedWithKey, type OwnCredential } from "./issued-credentials.js";
import type { Organisation } from "./organisation.js";
import type { Renewed } from "./renew-credential.js";
import { entriesOfAgent, setEntry } from "./status-entries.js";
import { verifyEnrolmentRequest } from "./verify-enrolment-request.js";

/** What shows that a key is to follow the agent's. */
export type RotationRequest =
  /** Both keys say so: a statement as `requestRotation` of a wallet makes it, of the last day. */
  | { readonly type: "both-keys"; readonly statement: JsonText | SuccessionStatement }
  /** The operator's word alone, and that somebody holds the new key: an enrolment request of the last day. */
  | { readonly type: "lost-key"; readonly request: JsonText | EnrolmentRequest };

/** How an agent's key is rotated. */
export interface RotationOptions {
  /** For the records; it is not published. */
  readonly reason?: string;
  /** Where the operator keeps the agent's wallet from now on, if on this machine. */
  readonly wallet?: string;
  /** By which the credentials are signed; `eddsa-jcs-2022` unless given. */
  readonly suite?: SuiteName | undefined;
}

/** An agent with its new key. */
export interface RotatedAgent {
  readonly agent: Agent;
  /** What it had, issued to the new key; each ends when the one before would have. */
  readonly credentials: readonly Renewed[];
  /** What it had, and the organisation's rules or its roles do not let be issued any more. */
  readonly refused: readonly RefusedCredential[];
}

/** A credential that was not issued again, and why. */
export interface RefusedCredential {
  /** Id of the one before. */
  readonly credentialId: string;
  readonly problem: Problem;
}

/**
 * Gives an agent another key (DESIGN 6). It keeps its id, its name and its owner. What was issued to the old key
 * is revoked, and what of that was live is issued to the new one, meters and ends included; what was suspended is
 * not. Whatever the agent handed on ends with the old key.
 *
 * Where it was broken off after the key was changed, the same request again issues what is not issued yet. Where
 * nothing is left to issue, it is refused.
 *
 * @param agent as it is registered
 * @throws WritError `SUCCESSION_INVALID` for a statement about another agent's key, the codes of the request's proofs
 *   and form, `PROOF_EXPIRED`, `ALREADY_EXISTS` for a key that some agent has or had, `AGENT_INACTIVE`,
 *   `NOT_FOUND`; nothing is changed then.
 */
export async function rotateAgent(
  organisation: Organisation,
  { agentId, did: before }: Pick<Agent, "agentId" | "did">,
  request: RotationRequest,
  { reason, wallet, suite }: RotationOptions = {},
): Promise<RotatedAgent> {
  const did = await verifyRotation(request, before, organisation.clock());
  const isBegun = did === before;
  if (!isBegun)
    await changeKey(organisation, { agentId, did: before }, did, { by: request.type, reason, wallet });
  const agent = await agentById(organisation.database, agentId);
  const lost = await listRevokedWithKey(organisation.database, organisation, agent);
  if (isBegun && lost.length === 0) {
    throw new WritError("ALREADY_EXISTS", "that is the key that the agent has", {
      hint: "`writ agent show` lists what was issued to it, `writ renew` issues that again.",
    });
  }
  const credentials: Renewed[] = [];
  const refused: RefusedCredential[] = [];
  for (const each of lost) {
    try {
      credentials.push(await reissue(organisation, agent, each, suite));
    } catch (error) {
      // The others are issued all the same: the key has been changed.
      if (!(error instanceof WritError) || error.code !== "ISSUANCE_RULE") throw error;
      refused.push({ credentialId: each.credentialId, problem: error.problem });
    }
  }
  return { agent, credentials, refused };
}

/** The DID that follows. */
async function verifyRotation(request: RotationRequest, before: string, now: number): Promise<string> {
  if (request.type === "lost-key") return verifyEnrolmentRequest(request.request, now);
  const json = givenJson(request.statement);
  const { predecessor, successor, validFrom, proof = [] } = parseDocument(json, successionStatement);
  if (predecessor !== before && successor !== before) {
    throw new WritError("SUCCESSION_INVALID", "the statement is about another agent's key", {
      pointer: "/predecessor",
    });
  }
  if (!(now >= parseTimestamp(validFrom))) {
    throw new WritError("NOT_YET_VALID", `valid from ${validFrom}`, { pointer: "/validFrom" });
  }
  const [problem] = await checkSignedByEach(
    json,
    { dids: [predecessor, successor], purpose: "assertionMethod", now },
    { resolver: createResolver() },
  );
  if (problem !== undefined) throw refusal(problem);
  for (const { created = "" } of [proof].flat()) {
    if (now - parseTimestamp(created) > ENROLMENT_LIFE_MS) {
      throw new WritError("PROOF_EXPIRED", "the statement is older than a day", { pointer: "/proof" });
    }
  }
  return successor;
}

interface KeyChange {
  readonly by: RotationRequest["type"];
  readonly reason: string | undefined;
  readonly wallet: string | undefined;
}

/** The old key's credentials go in the transaction in which the new key comes. */
async function changeKey(
  organisation: Organisation,
  agent: Pick<Agent, "agentId" | "did">,
  did: string,
  { by, reason, wallet }: KeyChange,
): Promise<void> {
  const { agentId, did: from } = agent;
  await organisation.database.transaction(async (transaction) => {
    await assertActive(transaction, agent);
    await replaceKey(transaction, agent, { did, wallet, since: organisation.clock() });
    await recordEvent(transaction, organisation, {
      action: "agent.rotated",
      agentId,
      reason,
      details: { from, to: did, by },
    });
    for (const entry of await entriesOfAgent(transaction, organisation, agentId, "revocation")) {
      await setEntry(transaction, organisation, entry, {
        purpose: "revocation",
        reason: reason ?? "the agent's key was rotated",
        alongWith: "key",
      });
    }
  });
}

async function reissue(
  organisation: Organisation,
  agent: Agent,
  before: OwnCredential,
  suite: SuiteName | undefined,
): Promise<Renewed> {
  const { agentId, did } = agent;
  const draft = {
    agentId,
    inPlaceOf: { credentialId: before.credentialId, as: "supersedes" },
    lifeMs: before.validUntil - organisation.clock(),
    renewalLifeMs: before.lifeMs,
    suite,
  } as const;
  const alongside = async (transaction: SqlExecutor): Promise<void> => {
    await assertActive(transaction, agent);
    // Somebody else may be about the same, or have revoked it.
    const { credentialId } = before;
    const lost = await listRevokedWithKey(transaction, organisation, { agentId, credentialId });
    if (lost.length > 0) return;
    throw new WritError("ALREADY_EXISTS", "it was issued to the new key meanwhile, or revoked");
  };
  if (before.type === "AgentIdentityCredential") {
    const type = "AgentIdentityCredential" as const;
    const identity = { type, credentialSubject: identitySubject(agent), shape: agentIdentityCredential };
    return issueCredential(organisation, { ...draft, ...identity }, alongside);
  }
  const type = "DelegatedAuthorityCredential" as const;
  const credentialSubject = {
    ...(await authorityAnew(organisation.database, organisation, before)),
    id: did,
  };
  const authority = { type, credentialSubject, shape: authorityCredential };
  return issueCredential(organisation, { ...draft, ...authority }, alongside);
}
