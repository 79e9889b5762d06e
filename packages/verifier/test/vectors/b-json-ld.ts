import { WRIT_CONTEXT, type SignOptions } from "@writ/core";

import { altered, rewritten, type Changes, type Documents } from "./documents.js";
import { refused, under, type Given, type Vector } from "./vector.js";

const [V2 = "", WRIT = ""] = WRIT_CONTEXT;
const RDF = { suite: "eddsa-rdfc-2022" } as const;
const ED25519_2020 = { suite: "Ed25519Signature2020" } as const;
const INLINE = { contexts: { inline: "plain-terms" } } as const;
/** Its validity has ended, and with it the authority of whoever hides that. */
const ENDED = { "/validFrom": "2026-11-21T09:00:00Z", "/validUntil": "2026-11-22T09:00:00Z" };
const ADA = "https://people.example/ada";
/** SHA-256 of `abc` (FIPS 180). */
const SRI_OF_ABC = "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";

/** Section B of HOSTILE.md: names that JSON-LD would read otherwise, and contexts. */
export async function jsonLd(documents: Documents): Promise<readonly Vector[]> {
  const { identity, generic } = documents;
  const unsignedTerm = { "/credentialSubject": { id: ADA, "@type": "Person" } };
  /** A member renamed to the IRI that it stands for: a signature over RDF still fits. */
  const renamed = (making: Promise<Given>, name: string): Promise<Given> =>
    rewritten(making, `"${name}":`, `"${iriOf(name)}":`);
  const ended = (proof: Partial<SignOptions>): Promise<Given> => identity(ENDED, undefined, proof);
  const genericContext = (context: unknown): Promise<Given> =>
    altered(generic(), { "/@context": [V2, context] });
  const ownContext = (context: unknown): Promise<Given> =>
    altered(identity(), ofBoth([...WRIT_CONTEXT, context]));
  const ofIdentity = (changes: Readonly<Record<string, unknown>>): Promise<Given> => identity(changes);

  return Promise.all([
    refused(
      "019-iri-key",
      "validUntil as a full IRI",
      rewritten(documents.presentation(), '"validUntil":', `"${iriOf("validUntil")}":`),
      `KEY_NOT_PLAIN /verifiableCredential/0/${tokenOf("validUntil")}`,
    ),
    ...["validUntil", "credentialStatus", "issuer"].flatMap((name) => [
      refused(
        `019-rdfc-${name.toLowerCase()}`,
        `${name} as a full IRI, under a signature over RDF; the credential has ended`,
        renamed(ended(RDF), name),
        `KEY_NOT_PLAIN /${tokenOf(name)}`,
      ),
      refused(
        `019-ed25519-2020-${name.toLowerCase()}`,
        `${name} as a full IRI, under an Ed25519Signature2020; the credential has ended`,
        renamed(ended(ED25519_2020), name),
        `KEY_NOT_PLAIN /${tokenOf(name)}`,
      ),
    ]),
    refused(
      "019-generic",
      "validUntil as a full IRI in a credential of others, which has ended",
      renamed(generic(ENDED, undefined, RDF), "validUntil"),
      `KEY_NOT_PLAIN /${tokenOf("validUntil")}`,
    ),
    refused(
      "020-graph",
      "everything inside @graph",
      altered(identity({}, undefined, RDF), { "/@graph": [{ id: ADA }] }),
      "KEY_NOT_PLAIN /@graph",
    ),
    ...["@included", "@reverse", "@nest", "@id", "@type"].flatMap((keyword) => [
      refused(
        `021-${keyword.slice(1)}`,
        `${keyword} in the subject`,
        ofIdentity({ [`/credentialSubject/${keyword}`]: { id: ADA } }),
        `KEY_NOT_PLAIN /credentialSubject/${keyword}`,
      ),
      refused(
        `021-generic-${keyword.slice(1)}`,
        `${keyword} in the subject of a credential of others`,
        altered(generic(), { [`/credentialSubject/${keyword}`]: ADA }),
        `KEY_NOT_PLAIN /credentialSubject/${keyword}`,
      ),
    ]),
    refused(
      "021-generic-type-alias",
      "@type for type",
      generic(unsignedTerm),
      "KEY_NOT_PLAIN /credentialSubject/@type",
    ),
    refused(
      "022-inline-context",
      "a context object",
      ownContext({ rank: "urn:rank" }),
      "CONTEXT_NOT_ALLOWED /@context",
    ),
    refused(
      "022-generic-inline-context",
      "a context object where the caller has not enabled them",
      genericContext({ rank: "urn:rank" }),
      "CONTEXT_NOT_ALLOWED /@context/1",
    ),
    refused(
      "023-scoped-context",
      "a context in the subject",
      rewritten(documents.presentation(), '"type":"Agent"', '"@context":{},"type":"Agent"'),
      "CONTEXT_NOT_ALLOWED /verifiableCredential/0/credentialSubject/@context",
    ),
    refused(
      "023-generic-scoped-context",
      "a context in the subject of a credential of others",
      altered(generic(), { "/credentialSubject/@context": V2 }),
      "KEY_NOT_PLAIN /credentialSubject/@context",
    ),
    ...(
      [
        ["024-vocab", "@vocab", { "@vocab": "https://people.example/" }],
        ["025-base", "@base", { "@base": "https://people.example/" }],
        ["026-import", "@import", { "@import": "https://people.example/context" }],
        ["029-redefined", "issuer", { issuer: "https://people.example/issuer" }],
        ["029-renamed", "holder2", { holder2: "https://www.w3.org/2018/credentials#holder" }],
      ] as const
    ).flatMap(([name, member, context]) => [
      refused(name, `${member} in a context object`, ownContext(context), "CONTEXT_NOT_ALLOWED /@context"),
      refused(
        name.replace("-", "-generic-"),
        `${member} in a context object of a credential of others, where they are enabled`,
        under(INLINE, genericContext(context)),
        `CONTEXT_NOT_ALLOWED /@context/1/${member}`,
      ),
    ]),
    refused(
      "026-unknown-context",
      "a context that is not pinned",
      ownContext("https://people.example/context"),
      "CONTEXT_NOT_ALLOWED /@context",
    ),
    refused(
      "026-generic-unknown-context",
      "a context that is not pinned, in a credential of others",
      genericContext("https://people.example/context"),
      "CONTEXT_NOT_ALLOWED /@context/1",
    ),
    refused(
      "027-other-bytes",
      "a related resource that does not have the bytes that were signed",
      under(
        { resources: { "https://people.example/context": Buffer.from("{}").toString("base64") } },
        generic({ "/relatedResource": { id: "https://people.example/context", digestSRI: SRI_OF_ABC } }),
      ),
      "DIGEST_MISMATCH /relatedResource",
    ),
    refused(
      "028-context-order",
      "the contexts in another order, everywhere",
      rewritten(
        documents.presentation(),
        JSON.stringify(WRIT_CONTEXT),
        JSON.stringify([WRIT, V2]),
        "everywhere",
      ),
      "CONTEXT_NOT_ALLOWED /@context",
    ),
    refused(
      "028-generic-context-order",
      "a context before that of the data model",
      altered(generic(), { "/@context": ["https://w3id.org/security/data-integrity/v2", V2] }),
      "CONTEXT_NOT_ALLOWED /@context",
    ),
  ]);
}

/** The contexts of a document and of the proof that repeats them. */
function ofBoth(contexts: readonly unknown[]): Changes {
  return { "/@context": contexts, "/proof/@context": contexts };
}

function iriOf(name: string): string {
  return `https://www.w3.org/2018/credentials#${name}`;
}

function tokenOf(name: string): string {
  return iriOf(name).replaceAll("/", "~1");
}
