import { digestMultibase } from "@writ/core";

import { allOf, altered, parsed, resign, type Changes, type Documents, type Shown } from "./documents.js";
import { DOMAIN, CHALLENGE } from "./story.js";
import { refused, under, type Given, type Vector } from "./vector.js";

const CREDENTIALS = "/verifiableCredential";

/** Section F of HOSTILE.md: presentations and their holders. */
export async function presentations(documents: Documents): Promise<readonly Vector[]> {
  const { story, presentation, genericPresentation, identity } = documents;
  const { bot, lead, thief, organisation } = story;
  const signed = (changes: Changes): Promise<Given> => presentation({ presentation: changes });
  const showing = (show: (credentials: Shown) => readonly (object | string)[]): Promise<Given> =>
    presentation({ show });
  const stolen = {
    show: () => [story.botIdentity, story.botAuthority, story.rootAuthority, story.leadIdentity],
  };
  const subject = (changes: Changes): Promise<Given> => identity(changes);
  const other = await resign(story.botIdentity, organisation, {
    "/id": uuid(1),
    "/credentialSubject/id": thief.did,
  });
  const asPerson = await resign(story.botIdentity, organisation, {
    "/type": ["VerifiableCredential", "PrincipalIdentityCredential"],
    "/credentialSubject": { id: bot.did, type: "Person", name: "Ada" },
  });

  return Promise.all([
    refused(
      "095-stolen",
      "credentials of another, in the thief's presentation",
      presentation({ holder: thief, ...stolen }),
      "HOLDER_BINDING /verifiableCredential",
    ),
    refused(
      "095-stolen-identity",
      "the identity of another beside one's own authority",
      presentation({
        holder: thief,
        show: ({ authority, root, leadIdentity }) => [story.botIdentity, authority, root, leadIdentity],
      }),
      "IDENTITY_MISSING /verifiableCredential",
    ),
    refused(
      "096-holder-not-signer",
      "a holder who did not sign",
      signed({ "/holder": lead.did }),
      "HOLDER_MISMATCH /proof/verificationMethod",
    ),
    refused(
      "096-generic-holder-not-signer",
      "a holder who did not sign, in a presentation of others",
      genericPresentation({ "/holder": lead.did }),
      "HOLDER_MISMATCH /proof",
    ),
    refused("097-no-holder", "no holder", signed({ "/holder": undefined }), "SCHEMA_INVALID /holder"),
    refused(
      "098-no-subject-id",
      "a subject without id",
      subject({ "/credentialSubject/id": undefined }),
      "SCHEMA_INVALID /credentialSubject/id",
    ),
    refused(
      "098-two-subjects",
      "two subjects",
      subject({ "/credentialSubject": [{ id: bot.did }, { id: thief.did }] }),
      "SCHEMA_INVALID /credentialSubject",
    ),
    refused(
      "099-one-bound",
      "the identity of somebody who is not in the chain, beside the holder's own",
      showing((credentials) => [...allOf(credentials), other]),
      "HOLDER_BINDING /verifiableCredential/4",
    ),
    refused(
      "099-person",
      "an identity credential that says that the holder is a person",
      showing(({ authority, root, leadIdentity }) => [asPerson, authority, root, leadIdentity]),
      "IDENTITY_KIND /verifiableCredential/0/type",
    ),
    ...(
      [
        ["101-no-challenge", "no challenge", { challenge: undefined }, "CHALLENGE_MISMATCH /proof/challenge"],
        [
          "101-other-challenge",
          "another challenge",
          { challenge: `${CHALLENGE}x` },
          "CHALLENGE_MISMATCH /proof/challenge",
        ],
        ["102-no-domain", "no domain", { domain: undefined }, "DOMAIN_MISMATCH /proof/domain"],
        [
          "102-superset",
          "a domain that holds the expected one",
          { domain: `${DOMAIN},https://evil.example` },
          "DOMAIN_MISMATCH /proof/domain",
        ],
        [
          "103-suffix",
          "a domain that begins with the expected one",
          { domain: `${DOMAIN}.evil` },
          "DOMAIN_MISMATCH /proof/domain",
        ],
        [
          "103-trailing-dot",
          "a domain with a dot at its end",
          { domain: `${DOMAIN}.` },
          "DOMAIN_MISMATCH /proof/domain",
        ],
        [
          "103-upper-case",
          "a domain in upper case",
          { domain: DOMAIN.toUpperCase() },
          "DOMAIN_MISMATCH /proof/domain",
        ],
      ] as const
    ).flatMap(([name, what, proof, answer]) => [
      refused(name, what, presentation({ proof: proof as object }), answer),
      refused(
        name.replace("-", "-generic-"),
        `${what}, in a presentation of others`,
        genericPresentation({}, proof as object),
        answer,
      ),
    ]),
    refused(
      "101-empty-challenge",
      "an empty challenge",
      altered(presentation(), { "/proof/challenge": "" }),
      "SCHEMA_INVALID /proof/challenge",
    ),
    refused(
      "102-array",
      "an array of domains",
      altered(presentation(), { "/proof/domain": [DOMAIN, "https://evil.example"] }),
      "SCHEMA_INVALID /proof/domain",
    ),
    refused(
      "104-nested",
      "a presentation inside a presentation",
      showing(() => [{ type: ["VerifiablePresentation"], holder: bot.did, verifiableCredential: [] }]),
      "TYPE_UNSUPPORTED /verifiableCredential/0/type",
    ),
    refused(
      "104-token",
      "a token for a credential",
      showing(() => ["eyJhbGciOiJFZERTQSJ9.e30.c2lnbmVk"]),
      "TYPE_UNSUPPORTED /verifiableCredential/0/type",
    ),
    refused(
      "104-generic-token",
      "a token for a credential, in a presentation of others",
      genericPresentation({ [CREDENTIALS]: ["eyJhbGciOiJFZERTQSJ9.e30.c2lnbmVk"] }),
      "ENVELOPE_UNSUPPORTED /verifiableCredential/0",
    ),
    refused(
      "104-generic-enveloped",
      "an enveloped credential, in a presentation of others",
      genericPresentation({
        [CREDENTIALS]: [
          {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            id: "data:application/vc+jwt,eyJhbGciOiJFZERTQSJ9.e30.c2lnbmVk",
            type: "EnvelopedVerifiableCredential",
          },
        ],
      }),
      "ENVELOPE_UNSUPPORTED /verifiableCredential/0/type",
    ),
    refused(
      "104-generic-nested",
      "a presentation inside a presentation of others",
      genericPresentation({ [CREDENTIALS]: [parsed(await genericPresentation())] }),
      "TYPE_UNSUPPORTED /verifiableCredential/0/type",
    ),
    refused("105-empty", "no credential", signed({ [CREDENTIALS]: [] }), "ARRAY_EMPTY /verifiableCredential"),
    refused(
      "105-absent",
      "no list of credentials",
      signed({ [CREDENTIALS]: undefined }),
      "SCHEMA_INVALID /verifiableCredential",
    ),
    refused(
      "106-untrusted",
      "a good signature by an issuer whom nobody trusts",
      identity({}, thief),
      "ISSUER_UNTRUSTED /issuer",
    ),
    refused(
      "106-generic-untrusted",
      "a good signature by an issuer of others whom nobody trusts",
      documents.generic({}, thief),
      "ISSUER_UNTRUSTED /issuer",
    ),
    refused(
      "106-list-of-nobody",
      "a presentation where nobody is trusted",
      under({ trust: [] }, presentation()),
      "ISSUER_UNTRUSTED /verifiableCredential/0/issuer",
    ),
    refused(
      "107-presentation-for-credential",
      "a presentation where a credential is expected",
      presentation().then((given) => ({ ...given, verify: "credential" })),
      "TYPE_UNSUPPORTED /type",
    ),
    refused(
      "107-credential-for-presentation",
      "a credential where a presentation is expected",
      identity().then(({ verify: _, ...given }) => given),
      "SCHEMA_INVALID /id",
    ),
    refused(
      "107-approval-alone",
      "an approval where a credential is expected that says something by itself",
      identity(
        {
          "/type": ["VerifiableCredential", "ApprovalCredential"],
          "/validUntil": "2026-11-23T09:10:00Z",
          "/credentialStatus": undefined,
          "/credentialSubject": {
            id: bot.did,
            approves: {
              invocationDigestMultibase: digestMultibase({}),
              authorityDigestMultibase: digestMultibase({}),
            },
          },
        },
        lead,
      ),
      "CREDENTIAL_UNEXPECTED /type",
    ),
    refused(
      "107-generic-type",
      "a document that is no credential",
      documents.generic({ "/type": ["https://people.example/Letter"] }),
      "TYPE_UNSUPPORTED /type",
    ),
  ]);
}

function uuid(last: number): string {
  return `urn:uuid:6f1c5a0e-0f5b-4a53-8d6f-${String(last).padStart(12, "0")}`;
}
