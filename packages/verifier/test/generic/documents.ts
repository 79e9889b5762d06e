import {
  asJson,
  concatBytes,
  encodeBase64url,
  encodeStatusList,
  MIN_STATUS_ENTRIES,
  sha256,
  signDocument,
  utf8,
  type GenericContexts,
  type JsonObject,
  type Signer,
  type SignOptions,
} from "@writ/core";

import type { Check, Refusal } from "../../src/index.js";
import { CHALLENGE, countingSource, DOMAIN, MINUTE, NOW, signerOf, type CountingSource } from "../world.js";

export const ISSUER: Signer = signerOf("issuer");
export const HOLDER: Signer = signerOf("holder");
export const OTHER: Signer = signerOf("other");

export const V1 = "https://www.w3.org/2018/credentials/v1";
export const V2 = "https://www.w3.org/ns/credentials/v2";
export const LIST = "https://issuer.example/status/r";
export const MESSAGES = "https://issuer.example/status/m";

/** A resource that credentials rely on, and its bytes. */
export const TERMS = "https://issuer.example/terms.html";
export const TERMS_BYTES: Uint8Array = utf8("<p>Terms</p>");
const TERMS_DIGEST = `u${encodeBase64url(concatBytes(Uint8Array.of(0x12, 0x20), sha256(TERMS_BYTES)))}`;

const entry = { type: "BitstringStatusListEntry", statusPurpose: "revocation", statusListIndex: "5" };

/** What the context of VC 2.0 alone can say. */
export const CREDENTIAL: JsonObject = asJson({
  "@context": [V2],
  id: "urn:uuid:7a7d2f5c-8d58-4b0b-9a1c-0a2c3d4e5f60",
  type: ["VerifiableCredential"],
  name: [
    { "@value": "Licence", "@language": "en" },
    { "@value": "رخصة", "@language": "ar", "@direction": "rtl" },
  ],
  issuer: {
    id: ISSUER.did,
    name: [{ "@value": "Amt", "@language": "de-AT" }, "Office"],
    description: "Issues",
  },
  validFrom: "2026-11-23T08:00:00Z",
  validUntil: "2027-11-23T08:00:00+01:00",
  credentialSubject: [
    { id: HOLDER.did, name: "Ada" },
    { name: "Without id", description: "Second" },
  ],
  credentialStatus: [
    { id: `${LIST}#5`, ...entry, statusListCredential: LIST },
    {
      ...entry,
      statusPurpose: "message",
      statusListCredential: MESSAGES,
      statusSize: 2,
      statusMessage: ["0x0", "0x1", "0x2", "0x3"].map((status) => ({ status, message: `m ${status}` })),
    },
  ],
  credentialSchema: {
    id: "https://issuer.example/schema.json",
    type: "JsonSchema",
    digestSRI: "sha384-S57yQDg1MTzF56Oi9DbSQ14u7jBy0RDdx0YbeV7shwhCS88G8SCXeFq82PafhCrW",
  },
  relatedResource: {
    id: TERMS,
    mediaType: "text/html",
    digestMultibase: TERMS_DIGEST,
  },
});

export const CREDENTIAL_V1: JsonObject = asJson({
  "@context": [V1],
  id: "https://issuer.example/credentials/1",
  type: ["VerifiableCredential"],
  issuer: ISSUER.did,
  issuanceDate: "2026-11-23T08:00:00Z",
  expirationDate: "2027-11-23T08:00:00Z",
  credentialSubject: { id: HOLDER.did },
  refreshService: { id: "https://issuer.example/refresh", type: "ManualRefreshService2018" },
  credentialSchema: { id: "https://issuer.example/schema", type: "JsonSchemaValidator2018" },
});

/** Everything that a caller can allow: terms of the examples, and terms in the document. */
export const OPEN: GenericContexts = { examples: "allowed", inline: "plain-terms" };

export const CREDENTIAL_OPEN: JsonObject = asJson({
  "@context": [
    V2,
    "https://www.w3.org/ns/credentials/examples/v2",
    { grade: "https://terms.example/grade", Exam: "urn:terms:Exam" },
  ],
  type: ["VerifiableCredential", "ExampleDegreeCredential"],
  issuer: ISSUER.did,
  validFrom: "2026-11-23T08:00:00Z",
  credentialSubject: {
    id: HOLDER.did,
    degree: { type: "ExampleBachelorDegree", name: "BSc", score: 1.5, honours: true },
    alumniOf: { id: OTHER.did, name: "University" },
    passed: [
      { type: "Exam", grade: 1 },
      { type: "Exam", grade: 2 },
    ],
  },
  evidence: [
    { id: "https://issuer.example/evidence/1", type: ["DocumentVerification"], verifier: { id: OTHER.did } },
    { type: "Interview", documentPresence: "Physical" },
  ],
  termsOfUse: { type: "TrustFrameworkPolicy", trustFramework: "Employment & Life", policyId: "urn:p:125" },
});

/** A list of the issuer's, with these bits. */
export function statusList(
  id: string,
  statusPurpose: string | readonly string[],
  ...bits: readonly number[]
): JsonObject {
  return asJson({
    "@context": [V2],
    id,
    type: ["VerifiableCredential", "BitstringStatusListCredential"],
    issuer: ISSUER.did,
    validFrom: "2026-11-23T08:00:00Z",
    credentialSubject: {
      id: `${id}#list`,
      type: "BitstringStatusList",
      statusPurpose,
      encodedList: encodeStatusList(2 * MIN_STATUS_ENTRIES, bits),
      ttl: 600_000,
    },
  });
}

/** The lists of the credentials' statuses; the entry of index 5 reads 0 and "m 0x2" unless bits are given. */
export async function publishedLists(...bits: readonly number[]): Promise<CountingSource> {
  const lists = [
    statusList(LIST, ["revocation", "suspension"], ...bits),
    statusList(MESSAGES, "message", 10),
  ];
  const signed = await Promise.all(lists.map((list) => sign(list)));
  return countingSource(
    new Map(signed.map((list, index) => [[LIST, MESSAGES][index] ?? "", JSON.stringify(list)])),
  );
}

export function presentationOf(context: string, ...credentials: readonly JsonObject[]): JsonObject {
  return asJson({
    "@context": [context],
    id: "urn:uuid:7a7d2f5c-8d58-4b0b-9a1c-0a2c3d4e5f61",
    type: ["VerifiablePresentation"],
    holder: HOLDER.did,
    verifiableCredential: credentials,
  });
}

/** How a holder signs. */
export const PRESENTING: SignOptions = {
  signer: HOLDER,
  purpose: "authentication",
  created: NOW,
  expires: NOW + 5 * MINUTE,
  challenge: CHALLENGE,
  domain: DOMAIN,
};

/** How an issuer signs. */
export const CLAIMING: SignOptions = { signer: ISSUER, purpose: "assertionMethod", created: NOW };

/** A document signed by the issuer, unless told otherwise. */
export async function sign(document: JsonObject, more: Partial<SignOptions> = {}): Promise<JsonObject> {
  return asJson(await signDocument(document, { ...CLAIMING, ...more }));
}

/** A result in short: checks by their outcome, problems as code and pointer. */
export interface Told {
  readonly established: readonly string[];
  readonly failed: readonly string[];
  readonly open: readonly string[];
  readonly problems: readonly string[];
}

export function told(result: {
  readonly verified: boolean;
  readonly checks: readonly Check[];
  readonly problems?: Refusal["problems"];
}): Told {
  const { verified, checks, problems = [] } = result;
  const named = (outcome: Check["outcome"]) =>
    checks.filter((check) => check.outcome === outcome).map(({ name }) => name);
  const failed = named("failed");
  if (verified !== (failed.length === 0) || verified !== (problems.length === 0))
    throw new Error("half a result");
  const found = problems.map(({ code, pointer }) => `${code} ${pointer}`.trim());
  return { established: named("established"), failed, open: named("not_established"), problems: found };
}
