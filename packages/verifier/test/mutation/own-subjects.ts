import {
  asJson,
  digestMultibase,
  encodeStatusList,
  MIN_STATUS_ENTRIES,
  STATUS_LIST_CONTEXT,
  WRIT_CONTEXT,
  type JsonObject,
  type Signer,
  type SuiteName,
} from "@writ/core";

import {
  trustOrganisations,
  verifyCredential,
  verifyPresentation,
  type PresentationExpectations,
} from "../../src/index.js";
import {
  CHALLENGE,
  compose,
  countingSource,
  DOMAIN,
  EU,
  INVOCATION,
  REFUNDS,
  reissue,
  signerOf,
} from "../world.js";
import { COMMON, signable, type Subject } from "./subject.js";

const ORGANISATION = signerOf("organisation");
const LEAD = signerOf("lead");
const SUB = signerOf("sub");
const APPROVER = signerOf("approver");
const PURPOSES = ["revocation", "suspension"] as const;
const BASE = "https://acme.example/status/";

const urn = (number: number): string =>
  `urn:uuid:00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

const statusOf = (index: number): readonly JsonObject[] =>
  PURPOSES.map((statusPurpose) => ({
    type: "BitstringStatusListEntry",
    statusPurpose,
    statusListIndex: String(index),
    statusListCredential: BASE + statusPurpose,
  }));

/** A credential of the organisation's, before it is signed. */
function credential(number: number, type: string, issuer: string, credentialSubject: object): JsonObject {
  return asJson({
    "@context": WRIT_CONTEXT,
    id: urn(number),
    type: ["VerifiableCredential", type],
    issuer,
    validFrom: "2026-11-23T08:00:00Z",
    validUntil: "2026-11-23T09:00:00Z",
    credentialSubject,
    ...(issuer === ORGANISATION.did ? { credentialStatus: statusOf(number) } : {}),
  });
}

const identity = (number: number, did: string): JsonObject =>
  credential(number, "AgentIdentityCredential", ORGANISATION.did, {
    id: did,
    type: "Agent",
    agentId: urn(number + 10),
    name: "refund-bot",
    roles: ["refund-processor", "reader"],
    owner: ORGANISATION.did,
    environment: "prod",
  });

const statusList = (statusPurpose: string): JsonObject =>
  asJson({
    "@context": STATUS_LIST_CONTEXT,
    id: BASE + statusPurpose,
    type: ["VerifiableCredential", "BitstringStatusListCredential"],
    issuer: ORGANISATION.did,
    validFrom: "2026-11-23T08:00:00Z",
    validUntil: "2026-11-23T09:00:00Z",
    credentialSubject: {
      id: `${BASE}${statusPurpose}#list`,
      type: "BitstringStatusList",
      statusPurpose,
      encodedList: encodeStatusList(MIN_STATUS_ENTRIES, [77]),
      ttl: 600_000,
    },
  });

const rootAuthority = credential(3, "DelegatedAuthorityCredential", ORGANISATION.did, {
  id: LEAD.did,
  principal: ORGANISATION.did,
  redelegation: { maxHops: 1 },
  grants: [REFUNDS],
});

const childOf = (root: JsonObject): JsonObject =>
  credential(4, "DelegatedAuthorityCredential", LEAD.did, {
    id: SUB.did,
    principal: ORGANISATION.did,
    parent: { id: urn(3), digestMultibase: digestMultibase(root) },
    grants: [EU],
  });

const invocationUnder = (child: JsonObject): JsonObject =>
  asJson({
    authority: { digestMultibase: digestMultibase(child), grant: EU.id },
    ...INVOCATION,
    args: { amount: 100, note: { a: [1, null, 1], b: {} } },
    nonce: "n-1",
  });

const approvalOf = (invocation: JsonObject, child: JsonObject): JsonObject => ({
  ...credential(5, "ApprovalCredential", APPROVER.did, {
    id: SUB.did,
    approves: {
      invocationDigestMultibase: digestMultibase(invocation),
      authorityDigestMultibase: digestMultibase(child),
    },
  }),
  validUntil: "2026-11-23T08:15:00Z",
});

/** The documents of a chain of two, all signed by one suite. */
interface Story {
  readonly identities: readonly [lead: JsonObject, sub: JsonObject];
  readonly root: JsonObject;
  readonly child: JsonObject;
  readonly approval: JsonObject;
  readonly invocation: JsonObject;
  readonly lists: ReadonlyMap<string, JsonObject>;
}

const signing =
  (suite: SuiteName) =>
  (unsigned: JsonObject, signer = ORGANISATION): Promise<JsonObject> =>
    reissue(unsigned, signer, {}, { suite });

async function tell(suite: SuiteName): Promise<Story> {
  const sign = signing(suite);
  const root = await sign(rootAuthority);
  const child = await sign(childOf(root), LEAD);
  const invocation = invocationUnder(child);
  const lists = await Promise.all(PURPOSES.map((purpose) => sign(statusList(purpose))));
  return {
    identities: [await sign(identity(1, LEAD.did)), await sign(identity(2, SUB.did))],
    root,
    child,
    approval: await sign(approvalOf(invocation, child), APPROVER),
    invocation,
    lists: new Map(lists.map((list, index) => [BASE + String(PURPOSES[index]), list])),
  };
}

type Verifies = Subject["verifies"];

function expecting(lists: ReadonlyMap<string, JsonObject>): PresentationExpectations {
  return {
    ...COMMON,
    trust: trustOrganisations([ORGANISATION.did]),
    status: countingSource(new Map([...lists].map(([address, list]) => [address, JSON.stringify(list)]))),
    expectedChallenge: CHALLENGE,
    expectedDomain: DOMAIN,
  };
}

/** Writ's own documents under a suite; inside a presentation, all but the subject have the usual one. */
export async function ownSubjects(suite: SuiteName): Promise<readonly Subject[]> {
  const sign = signing(suite);
  const story = await tell(suite);
  const { identities, root, child, invocation, lists } = await tell("eddsa-jcs-2022");
  const [lead, sub] = identities;
  const expectations = expecting(lists);

  const alone: Verifies = async (altered) =>
    (await verifyCredential(JSON.stringify(altered), expectations)).verified;
  /** Whoever presents what it has altered can sign that. */
  const presented = async (
    credentials: readonly JsonObject[],
    { holder = SUB, asking }: { readonly holder?: Signer; readonly asking?: JsonObject } = {},
  ): Promise<boolean> => {
    const text = await signable(compose(holder, credentials, { changes: { "/invocation": asking } }));
    return text !== undefined && (await verifyPresentation(text, expectations)).verified;
  };
  const presentation = await compose(SUB, [...story.identities, story.root, story.child, story.approval], {
    changes: { "/invocation": story.invocation },
    proof: { suite },
  });
  const subjects: Readonly<Record<string, readonly [JsonObject, Verifies]>> = {
    "identity credential": [story.identities[0], alone],
    "identity credential, in a presentation": [
      story.identities[1],
      (altered) => presented([lead, altered, root, child]),
    ],
    "root authority": [story.root, alone],
    "root authority, in a presentation": [
      story.root,
      (altered) => presented([lead, altered], { holder: LEAD }),
    ],
    "child authority, in a presentation": [
      await sign(childOf(root), LEAD),
      (altered) => presented([lead, sub, root, altered]),
    ],
    "approval, in a presentation": [
      await sign(approvalOf(invocation, child), APPROVER),
      (altered) => presented([lead, sub, root, child, altered], { asking: invocation }),
    ],
    "presentation with a chain and an invocation": [
      JSON.parse(presentation) as JsonObject,
      async (altered) => (await verifyPresentation(JSON.stringify(altered), expectations)).verified,
    ],
    "status list": [
      story.lists.get(`${BASE}revocation`) ?? {},
      async (altered) => {
        const served = expecting(new Map([...lists, [`${BASE}revocation`, altered]]));
        return (await verifyCredential(JSON.stringify(lead), served)).verified;
      },
    ],
  };
  return Object.entries(subjects).map(([name, [document, verifies]]) => ({
    name,
    suite,
    document,
    verifies,
  }));
}
