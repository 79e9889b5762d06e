import {
  CREDENTIALS_EXAMPLES_V2,
  CREDENTIALS_V1,
  CREDENTIALS_V2,
} from "../../src/jsonld/context-addresses.js";
import type { JsonObject } from "../../src/json/json-value.js";
import { snapshot } from "../../src/json/strict-json.js";
import { AGENT, edit, idOf, ORGANISATION } from "../fixtures.js";

/** A credential of VC 2.0 that is not of Writ's, with everything that its context alone can say. */
export const GENERIC: JsonObject = snapshot({
  "@context": [CREDENTIALS_V2],
  id: idOf("generic"),
  type: ["VerifiableCredential"],
  name: [
    { "@value": "Licence", "@language": "en" },
    { "@value": "رخصة", "@language": "ar", "@direction": "rtl" },
  ],
  description: "A licence",
  issuer: {
    id: ORGANISATION.did,
    name: [{ "@value": "Amt", "@language": "de-AT" }, "Office"],
    description: "Issues licences",
  },
  validFrom: "2026-11-23T08:00:00Z",
  validUntil: "2027-11-23T08:00:00+01:00",
  credentialSubject: [
    { id: AGENT.did, name: "Ada" },
    { name: "Without id", description: "Second subject" },
  ],
  credentialStatus: [
    {
      id: "https://issuer.example/status/r#5",
      type: "BitstringStatusListEntry",
      statusPurpose: "revocation",
      statusListIndex: "5",
      statusListCredential: "https://issuer.example/status/r",
    },
    {
      type: "BitstringStatusListEntry",
      statusPurpose: "message",
      statusListIndex: "6",
      statusListCredential: "https://issuer.example/status/m",
      statusSize: 2,
      statusMessage: [
        { status: "0x0", message: "valid" },
        { status: "0x1", message: "in doubt" },
      ],
    },
  ],
  credentialSchema: {
    id: "https://issuer.example/schema.json",
    type: "JsonSchema",
    digestSRI: "sha384-S57yQDg1MTzF56Oi9DbSQ14u7jBy0RDdx0YbeV7shwhCS88G8SCXeFq82PafhCrW",
  },
  relatedResource: {
    id: "https://issuer.example/terms.html",
    mediaType: "text/html",
    digestMultibase: "uEiDjsMRCmPwcFJr79MiZb7kkJ65B5GSbk0yklZkbeFK4VQ",
  },
});

/** A credential of VC 1.1. */
export const GENERIC_V1: JsonObject = snapshot({
  "@context": [CREDENTIALS_V1],
  id: "https://issuer.example/credentials/1",
  type: ["VerifiableCredential"],
  issuer: ORGANISATION.did,
  issuanceDate: "2026-11-23T08:00:00Z",
  expirationDate: "2027-11-23T08:00:00Z",
  credentialSubject: { id: AGENT.did },
  refreshService: { id: "https://issuer.example/refresh", type: "ManualRefreshService2018" },
  credentialSchema: { id: "https://issuer.example/schema", type: "JsonSchemaValidator2018" },
});

/** A credential with the terms of the examples, where they are allowed. */
export const EXAMPLES: JsonObject = edit(GENERIC, {
  "/@context": [CREDENTIALS_V2, CREDENTIALS_EXAMPLES_V2],
  "/type": ["VerifiableCredential", "ExampleDegreeCredential"],
  "/issuer": ORGANISATION.did,
  "/credentialSubject": {
    id: AGENT.did,
    degree: { type: "ExampleBachelorDegree", name: "BSc", score: 1.5, honours: true },
    alumniOf: { id: ORGANISATION.did, name: "University" },
  },
  "/evidence": [
    {
      id: "https://issuer.example/evidence/1",
      type: ["DocumentVerification"],
      verifier: { id: ORGANISATION.did },
    },
    { type: "Interview", documentPresence: "Physical" },
  ],
  "/termsOfUse": {
    type: "TrustFrameworkPolicy",
    trustFramework: "Employment & Life",
    policyId: "https://policy.example/125",
  },
  "/refreshService": { type: "VerifiableCredentialRefreshService2021", url: "https://refresh.example/1" },
});

/** A presentation of VC 2.0 with such credentials; its proofs are of no concern to the profile. */
export const GENERIC_PRESENTATION: JsonObject = snapshot({
  "@context": [CREDENTIALS_V2],
  id: idOf("generic presentation"),
  type: "VerifiablePresentation",
  holder: AGENT.did,
  verifiableCredential: [GENERIC, GENERIC_V1],
});
