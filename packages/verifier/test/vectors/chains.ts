import { asJson, digestMultibase, type AuthorityCredential, type JsonObject, type Signer } from "@writ/core";

import { resign, type Changes, type Documents } from "./documents.js";
import type { Given } from "./vector.js";

/** What differs in a chain. */
export interface ChainOptions {
  /** Of each link, root first. */
  readonly changes?: readonly Changes[];
  /** The position of a link that is not shown. */
  readonly without?: number;
}

/** What the organisation says of an agent whom it has not enrolled. */
export function identify({ story }: Documents, agent: Signer, serial = 0): Promise<JsonObject> {
  return resign(story.botIdentity, story.organisation, {
    "/id": uuid("6f1c5a0e-0f5b-4a53-8d6f", serial),
    "/credentialSubject/id": agent.did,
  });
}

/**
 * A presentation by the last of some agents: the organisation grants authority to the first, each hands it on
 * to the next. It holds their identities, and the links, the last one first.
 */
export async function presentChain(
  documents: Documents,
  agents: readonly Signer[],
  { changes = [], without }: ChainOptions = {},
): Promise<Given> {
  const { story, presentation } = documents;
  const identities = await Promise.all(
    [...new Set(agents)].map((agent, index) => identify(documents, agent, index)),
  );
  let signer = story.organisation;
  const links: JsonObject[] = [];
  for (const [index, agent] of agents.entries()) {
    const link = await linkTo(links.at(-1), signer, agent, index);
    links.push(await resign(link, signer, changes[index]));
    signer = agent;
  }
  const shown = links.filter((_, index) => index !== without).reverse();
  return presentation({ holder: signer, show: () => [...identities, ...shown] });

  function linkTo(
    parent: JsonObject | undefined,
    by: Signer,
    to: Signer,
    index: number,
  ): Promise<JsonObject> {
    const redelegation = { maxHops: Math.max(0, 9 - index) };
    const common = { "/issuer": by.did, "/credentialSubject/id": to.did };
    if (parent === undefined) {
      return resign(story.rootAuthority, by, { ...common, "/credentialSubject/redelegation": redelegation });
    }
    const { id, credentialSubject } = parent as unknown as AuthorityCredential;
    return resign(story.botAuthority, by, {
      ...common,
      "/id": uuid("5be1f0c2-6f0a-4d2b-9c53", index),
      "/credentialSubject/redelegation": redelegation,
      "/credentialSubject/parent": { id, digestMultibase: digestMultibase(asJson(parent)) },
      "/credentialSubject/grants/0/within": credentialSubject.grants[0]?.id,
    });
  }
}

function uuid(first: string, serial: number): string {
  return `urn:uuid:${first}-${String(serial).padStart(12, "0")}`;
}
