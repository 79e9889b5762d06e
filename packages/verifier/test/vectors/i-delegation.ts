import { asJson, digestMultibase, type Signer } from "@writ/core";

import { identify, presentChain, type ChainOptions } from "./chains.js";
import { GRANT, type Changes, type Documents, type Shown } from "./documents.js";
import { NOW, ORDERS, signerOf } from "./story.js";
import { refused, under, type Given, type Vector } from "./vector.js";

const AUTHORITY = "/verifiableCredential/1";
const SUBJECT = `${AUTHORITY}/credentialSubject`;

/** Section I of HOSTILE.md: chains, whatever their grants. */
export async function delegation(documents: Documents): Promise<readonly Vector[]> {
  const { story, presentation, root } = documents;
  const { organisation, lead, bot, thief, third } = story;
  const delegated = (authority: Changes): Promise<Given> => presentation({ authority });
  const showing = (show: (credentials: Shown) => readonly object[]): Promise<Given> => presentation({ show });
  const chain = (agents: readonly Signer[], options?: ChainOptions): Promise<Given> =>
    presentChain(documents, agents, options);
  const organisationItself = await identify(documents, organisation);

  return Promise.all([
    refused(
      "143-no-redelegation",
      "handed on where the parent does not permit it",
      presentation({ root: { "/credentialSubject/redelegation": undefined } }),
      `CHAIN_HOPS ${SUBJECT}/parent`,
    ),
    refused(
      "144-hops",
      "as many hops as the parent",
      delegated({ "/credentialSubject/redelegation": { maxHops: 1 } }),
      `CHAIN_HOPS ${SUBJECT}/redelegation`,
    ),
    refused(
      "144-eleven-links",
      "eleven links",
      chain(Array.from({ length: 11 }, (_, index) => signerOf(index + 20))),
      "CHAIN_TOO_LONG /verifiableCredential/20/credentialSubject/parent",
    ),
    refused(
      "145-loop",
      "an agent that hands authority on to itself over another",
      chain([lead, bot, lead]),
      "CHAIN_SUBJECT_REPEATED /verifiableCredential/2/credentialSubject/id",
    ),
    refused(
      "146-other-id",
      "a parent of another id than the link says",
      delegated({
        "/credentialSubject/parent": {
          id: story.leadIdentity.id,
          digestMultibase: digestMultibase(asJson(story.rootAuthority)),
        },
      }),
      `CHAIN_PARENT_MISMATCH ${SUBJECT}/parent`,
    ),
    refused(
      "146-other-chain",
      "a link of another chain, whose subject is another",
      presentation({ root: { "/credentialSubject/id": third.did } }),
      `CHAIN_ISSUER ${AUTHORITY}/issuer`,
    ),
    refused(
      "147-middle-removed",
      "the middle of a chain is left out",
      chain([lead, bot, third], { without: 1 }),
      "CHAIN_PARENT_MISSING /verifiableCredential/3/credentialSubject/parent",
    ),
    refused(
      "148-tail-cut",
      "the end of the chain is left out, so that it ends at another",
      showing(({ identity, root: first, leadIdentity }) => [identity, first, leadIdentity]),
      "HOLDER_BINDING /verifiableCredential/1",
    ),
    refused(
      "149-untrusted-root",
      "a root that the trust policy does not know",
      root({ "/credentialSubject/principal": thief.did }, thief),
      "ISSUER_UNTRUSTED /issuer",
    ),
    refused("149-no-roots", "no roots at all", under({ trust: [] }, root()), "ISSUER_UNTRUSTED /issuer"),
    refused(
      "151-middle-expired",
      "the last link has ended",
      delegated({ "/validFrom": NOW, "/validUntil": "2026-11-23T09:01:00Z" }).then((given) =>
        under({ now: "2026-11-23T09:02:00Z" }, given),
      ),
      `EXPIRED ${AUTHORITY}/validUntil`,
    ),
    refused(
      "151-root-expired",
      "the root has ended",
      presentation({ root: { "/validFrom": "2026-11-22T09:00:00Z", "/validUntil": NOW } }),
      "EXPIRED /verifiableCredential/2/validUntil",
    ),
    refused(
      "152-parent-missing",
      "the parent is left out",
      showing(({ identity, authority, leadIdentity }) => [identity, authority, leadIdentity]),
      `CHAIN_PARENT_MISSING ${SUBJECT}/parent`,
    ),
    refused(
      "153-two-parents",
      "two parents",
      delegated({
        "/credentialSubject/parent": [{ id: story.rootAuthority.id }, { id: story.leadIdentity.id }],
      }),
      `SCHEMA_INVALID ${SUBJECT}/parent`,
    ),
    refused(
      "163-to-itself",
      "an agent that hands authority on to itself",
      presentation({
        holder: lead,
        show: ({ authority, root: first, leadIdentity }) => [leadIdentity, authority, first],
      }),
      `CHAIN_SUBJECT_REPEATED ${SUBJECT}/id`,
    ),
    refused(
      "163-to-the-root",
      "authority handed back to the root's issuer",
      presentation({
        holder: organisation,
        show: ({ authority, root: first, leadIdentity }) => [
          organisationItself,
          authority,
          first,
          leadIdentity,
        ],
      }),
      `CHAIN_SUBJECT_REPEATED ${SUBJECT}/id`,
    ),
    refused(
      "218-issuer",
      "issued by somebody who is not the parent's subject",
      presentation({ by: thief }),
      `CHAIN_ISSUER ${AUTHORITY}/issuer`,
    ),
    refused(
      "219-two-credentials",
      "two credentials of one id",
      delegated({ "/id": story.rootAuthority.id }),
      "CREDENTIAL_DUPLICATE /verifiableCredential/1/id",
    ),
    refused(
      "220-principal",
      "a root in another principal's name",
      root({ "/credentialSubject/principal": thief.did }),
      "PRINCIPAL_NOT_AUTHORIZED /credentialSubject/principal",
    ),
    refused(
      "220-changed",
      "a principal who changes along the chain",
      delegated({ "/credentialSubject/principal": thief.did }),
      `CHAIN_PRINCIPAL ${SUBJECT}/principal`,
    ),
    refused(
      "220-resources",
      "a root on resources for which its issuer does not speak",
      under({ trust: [{ did: organisation.did, resources: [`${ORDERS}eu/`] }] }, root()),
      `RESOURCE_NOT_AUTHORIZED ${GRANT}/resources/0`,
    ),
    refused(
      "225-unidentified",
      "an agent in the middle of the chain without identity",
      showing(({ identity, authority, root: first }) => [identity, authority, first]),
      "IDENTITY_MISSING /verifiableCredential",
    ),
    refused(
      "227-over-an-hour",
      "a link without status that lives over an hour",
      delegated({ "/validUntil": "2026-11-23T10:00:01Z" }),
      `LIFE_TOO_LONG ${AUTHORITY}/validUntil`,
    ),
    refused(
      "227-later",
      "a link without status that begins 61 seconds after its proof",
      delegated({ "/validFrom": "2026-11-23T09:01:01Z" }),
      `STATUS_MISSING ${AUTHORITY}/validFrom`,
    ),
    refused(
      "227-root",
      "a root without status",
      root({ "/credentialStatus": undefined }),
      "STATUS_MISSING /credentialStatus",
    ),
  ]);
}
