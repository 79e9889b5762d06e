import { seededRandom } from "@writ/testkit";

import { WRIT_CONTEXT, STATUS_LIST_CONTEXT } from "../src/documents/contexts.js";
import { randomUuidUrn } from "../src/crypto/random.js";
import { parsePointer } from "../src/json/pointer.js";
import type { JsonObject, JsonValue } from "../src/json/json-value.js";
import { snapshot } from "../src/json/strict-json.js";
import { createSeedSigner, type Signer } from "../src/keys/signer.js";
import { digestMultibase } from "../src/documents/digest.js";

/** The time at which the tests' documents are made. */
export const NOW: number = Date.parse("2026-11-23T08:00:00Z");

/** The signer of a name: the same on every run. */
export function signerOf(name: string): Signer {
  return createSeedSigner(seededRandom(`signer ${name}`)(32));
}

/** The `urn:uuid:` of a name. */
export function idOf(name: string): string {
  return randomUuidUrn(seededRandom(`id ${name}`));
}

export const ORGANISATION: Signer = signerOf("organisation");
export const PRINCIPAL: Signer = signerOf("principal");
export const AGENT: Signer = signerOf("agent");
export const SUB_AGENT: Signer = signerOf("sub-agent");
export const SERVICE: Signer = signerOf("service");

const STATUS = [
  {
    type: "BitstringStatusListEntry",
    statusPurpose: "revocation",
    statusListIndex: "4127",
    statusListCredential: "https://issuer.example/status/r1",
  },
  {
    type: "BitstringStatusListEntry",
    statusPurpose: "suspension",
    statusListIndex: "0",
    statusListCredential: "https://issuer.example/status/s1",
  },
];

function credential(name: string, type: string, issuer: string, credentialSubject: object): JsonObject {
  return snapshot({
    "@context": WRIT_CONTEXT,
    id: idOf(name),
    type: ["VerifiableCredential", type],
    issuer,
    validFrom: "2026-11-23T08:00:00Z",
    validUntil: "2026-11-24T08:00:00Z",
    credentialSubject,
    credentialStatus: STATUS,
  });
}

export const AGENT_IDENTITY: JsonObject = credential(
  "agent identity",
  "AgentIdentityCredential",
  ORGANISATION.did,
  {
    id: AGENT.did,
    type: "Agent",
    agentId: idOf("agent"),
    name: "refund-bot",
    roles: ["refund-processor", "reader"],
    owner: PRINCIPAL.did,
    environment: "prod",
  },
);

export const PRINCIPAL_IDENTITY: JsonObject = credential(
  "principal identity",
  "PrincipalIdentityCredential",
  ORGANISATION.did,
  { id: PRINCIPAL.did, type: "Person", name: "Ada Lovelace" },
);

export const ROOT_AUTHORITY: JsonObject = credential("root", "DelegatedAuthorityCredential", PRINCIPAL.did, {
  id: AGENT.did,
  principal: PRINCIPAL.did,
  redelegation: { maxHops: 1 },
  grants: [
    {
      id: "refunds",
      actions: ["refund.create", "order.*"],
      resources: ["https://api.acme.example/v1/orders/"],
      audience: [SERVICE.did],
      args: {
        "/orderId": { prefix: "EU-" },
        "/amount": { range: { min: 1, max: 20000 } },
        "/currency": { oneOf: ["EUR"] },
        "/note": { any: true, optional: true },
        "/options": { equals: { a: [null, [], 1, 1], "x:y": {} }, optional: true },
      },
      spend: { unit: "EUR", amountAt: "/amount", unitAt: "/currency", perAction: 20000 },
    },
  ],
});

export const CHILD_AUTHORITY: JsonObject = credential("child", "DelegatedAuthorityCredential", AGENT.did, {
  id: SUB_AGENT.did,
  principal: PRINCIPAL.did,
  parent: { id: ROOT_AUTHORITY["id"], digestMultibase: digestMultibase(ROOT_AUTHORITY) },
  grants: [{ id: "eu", within: "refunds", actions: ["refund.create"] }],
});

export const APPROVAL: JsonObject = edit(
  credential("approval", "ApprovalCredential", PRINCIPAL.did, {
    id: AGENT.did,
    approves: {
      invocationDigestMultibase: digestMultibase({}),
      authorityDigestMultibase: digestMultibase(ROOT_AUTHORITY),
    },
  }),
  { "/credentialStatus": undefined, "/validUntil": "2026-11-23T08:15:00Z" },
);

export const STATUS_LIST: JsonObject = snapshot({
  "@context": STATUS_LIST_CONTEXT,
  id: "https://issuer.example/status/r1",
  type: ["VerifiableCredential", "BitstringStatusListCredential"],
  issuer: ORGANISATION.did,
  validFrom: "2026-11-23T08:00:00Z",
  validUntil: "2026-11-23T09:00:00Z",
  credentialSubject: {
    id: "https://issuer.example/status/r1#list",
    type: "BitstringStatusList",
    statusPurpose: "revocation",
    encodedList: "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA",
    ttl: 60000,
  },
});

export const INVOCATION: JsonObject = snapshot({
  authority: { digestMultibase: digestMultibase(ROOT_AUTHORITY), grant: "refunds" },
  action: "refund.create",
  resource: "https://api.acme.example/v1/orders/77",
  args: {
    orderId: "EU-77",
    amount: 100,
    currency: "EUR",
    note: { "a:b": [null, [], 1, 1], "@id": "x", price: "1.50" },
  },
  nonce: "n-1",
});

export const PRESENTATION: JsonObject = snapshot({
  "@context": WRIT_CONTEXT,
  type: ["VerifiablePresentation"],
  holder: AGENT.did,
  verifiableCredential: [AGENT_IDENTITY, PRINCIPAL_IDENTITY, ROOT_AUTHORITY, APPROVAL],
  invocation: INVOCATION,
});

export const ENROLMENT: JsonObject = snapshot({
  "@context": WRIT_CONTEXT,
  id: idOf("enrolment"),
  type: ["VerifiablePresentation", "EnrolmentRequest"],
  holder: AGENT.did,
});

export const SUCCESSION: JsonObject = snapshot({
  "@context": WRIT_CONTEXT,
  id: idOf("succession"),
  type: ["SuccessionStatement"],
  predecessor: ORGANISATION.did,
  successor: SERVICE.did,
  validFrom: "2026-11-23T08:00:00Z",
});

type Editable = Record<string, unknown>;

/** A copy of a document with other values at some JSON Pointers; `undefined` removes a member. */
export function edit(document: JsonObject, changes: Readonly<Record<string, unknown>>): JsonObject {
  const copy = structuredClone(document) as Editable;
  for (const [pointer, value] of Object.entries(changes)) {
    const path = [...parsePointer(pointer)];
    const last = path.pop() as string;
    const parent = path.reduce<Editable>((place, token) => place[token] as Editable, copy);
    if (value === undefined) Reflect.deleteProperty(parent, last);
    else parent[last] = value;
  }
  return copy as Record<string, JsonValue>;
}
