import { describe, expect, it } from "vitest";

import {
  CREDENTIALS_EXAMPLES_V2,
  CREDENTIALS_V1,
  CREDENTIALS_V2,
  DATA_INTEGRITY_V1,
  DATA_INTEGRITY_V2,
} from "../../src/jsonld/context-addresses.js";
import { isJsonArray, type JsonObject } from "../../src/json/json-value.js";
import { signDocument, type SignOptions } from "../../src/proofs/sign-document.js";
import { SUITE_NAMES, type SuiteName } from "../../src/proofs/suites.js";
import * as fixtures from "../fixtures.js";
import { ASKED, theySign, theyVerify } from "./digitalbazaar.js";
import { faults } from "./signed.js";

const { AGENT, NOW, PRINCIPAL, edit, idOf, signerOf } = fixtures;
const ED25519_2020_V1 = "https://w3id.org/security/suites/ed25519-2020/v1";

/** VC 2.0: subjects of any kind, with terms of its context alone. */
const PLAIN_V2: JsonObject = {
  "@context": [CREDENTIALS_V2],
  type: ["VerifiableCredential"],
  issuer: PRINCIPAL.did,
  name: "Überweisung \u{1f600} \u2028",
  validFrom: "2026-11-23T08:00:00Z",
  credentialSubject: { id: AGENT.did, description: '1e21, / \\ " \u0001' },
};

/** VC 2.0: what others put into credentials. */
const RICH_V2: JsonObject = {
  ...PLAIN_V2,
  "@context": [CREDENTIALS_V2, CREDENTIALS_EXAMPLES_V2],
  id: idOf("rich"),
  type: ["VerifiableCredential", "ExampleAlumniCredential"],
  issuer: { id: PRINCIPAL.did, name: [{ "@value": "Universität", "@language": "de", "@direction": "ltr" }] },
  validUntil: "2027-11-23T08:00:00Z",
  credentialSubject: [
    {
      id: AGENT.did,
      alumniOf: { id: "https://university.example", degrees: [{ level: 1 }, { level: true }] },
    },
    { alumniOf: "another", degrees: 1.5 },
  ],
  evidence: [{ id: "https://university.example/e/1", type: "ExampleEvidence", seen: "in person" }],
  termsOfUse: { type: "ExamplePolicy", forbids: ["resale", "archival"] },
};

/** VC 1.1. */
const PLAIN_V1: JsonObject = {
  "@context": [CREDENTIALS_V1],
  id: idOf("plain 1.1"),
  type: ["VerifiableCredential"],
  issuer: PRINCIPAL.did,
  issuanceDate: "2026-11-23T08:00:00Z",
  expirationDate: "2027-11-23T08:00:00Z",
  credentialSubject: { id: AGENT.did },
};

const RICH_V1: JsonObject = {
  ...PLAIN_V1,
  "@context": [CREDENTIALS_V1, CREDENTIALS_EXAMPLES_V2],
  type: ["VerifiableCredential", "ExampleAlumniCredential"],
  credentialSubject: { id: AGENT.did, alumniOf: [{ "@value": "université", "@language": "fr" }], count: 3 },
};

const WITH_DATA_INTEGRITY_V1: JsonObject = {
  ...PLAIN_V1,
  "@context": [CREDENTIALS_V1, DATA_INTEGRITY_V1],
};

const presenting = (context: string, verifiableCredential: readonly object[]): JsonObject =>
  edit(
    {},
    {
      "/@context": [context],
      "/type": ["VerifiablePresentation"],
      "/holder": AGENT.did,
      "/verifiableCredential": verifiableCredential.length === 0 ? undefined : verifiableCredential,
    },
  );

interface Example {
  readonly what: string;
  readonly unsigned: JsonObject;
  readonly by: string;
}

const CREDENTIALS: readonly Example[] = [
  { what: "a VC 2.0 credential", unsigned: PLAIN_V2, by: "principal" },
  { what: "a VC 2.0 credential with much in it", unsigned: RICH_V2, by: "principal" },
  { what: "a VC 1.1 credential", unsigned: PLAIN_V1, by: "principal" },
  { what: "a VC 1.1 credential with more", unsigned: RICH_V1, by: "principal" },
  { what: "AgentIdentityCredential", unsigned: fixtures.AGENT_IDENTITY, by: "organisation" },
  { what: "PrincipalIdentityCredential", unsigned: fixtures.PRINCIPAL_IDENTITY, by: "organisation" },
  { what: "DelegatedAuthorityCredential", unsigned: fixtures.ROOT_AUTHORITY, by: "principal" },
  { what: "DelegatedAuthorityCredential below the root", unsigned: fixtures.CHILD_AUTHORITY, by: "agent" },
  { what: "ApprovalCredential", unsigned: fixtures.APPROVAL, by: "principal" },
  { what: "BitstringStatusListCredential", unsigned: fixtures.STATUS_LIST, by: "organisation" },
  {
    what: "a VC 1.1 credential that brings the terms of proofs",
    unsigned: WITH_DATA_INTEGRITY_V1,
    by: "principal",
  },
];

const PRESENTATIONS: readonly Example[] = [
  { what: "an empty VC 2.0 presentation", unsigned: presenting(CREDENTIALS_V2, []), by: "agent" },
  { what: "an empty VC 1.1 presentation", unsigned: presenting(CREDENTIALS_V1, []), by: "agent" },
  { what: "an EnrolmentRequest", unsigned: fixtures.ENROLMENT, by: "agent" },
];

const signing = (suite: SuiteName, by: string): SignOptions => ({
  signer: signerOf(by),
  purpose: "assertionMethod",
  created: NOW,
  suite,
});
const presentingBy = (suite: SuiteName, by: string): SignOptions => ({
  ...signing(suite, by),
  purpose: "authentication",
  ...ASKED,
});

/** The document with the contexts that Writ gives it for a suite's proof. */
async function prepared(unsigned: JsonObject, suite: SuiteName): Promise<JsonObject> {
  const { "@context": context } = await signDocument(unsigned, signing(suite, "agent"));
  return edit(unsigned, { "/@context": context });
}

/** The same, with one character less in the subject's or holder's DID. */
function altered(signed: JsonObject): JsonObject {
  const place = [
    ["/holder", signed["holder"]],
    ["/credentialSubject/id", (signed["credentialSubject"] as JsonObject | undefined)?.["id"]],
  ].find(([, value]) => typeof value === "string") as [string, string] | undefined;
  const [pointer, value] = place ?? ["/credentialSubject/0/id", AGENT.did];
  return edit(signed, { [pointer]: value.slice(0, -1) });
}

describe.each(SUITE_NAMES)("@digitalbazaar/vc and %s", (suite) => {
  describe.each([
    ...CREDENTIALS.map((example) => ({ ...example, optionsOf: signing })),
    ...PRESENTATIONS.map((example) => ({ ...example, optionsOf: presentingBy })),
  ])("$what", ({ unsigned, by, optionsOf }) => {
    const options = optionsOf(suite, by);

    it("that Writ signs, they verify, and not when it is altered", async () => {
      const signed = await signDocument(unsigned, options);
      expect(await theyVerify(signed)).toBe(true);
      expect(await theyVerify(altered(signed))).toBe(false);
    });

    it("that they sign, Writ verifies, and not when it is altered", async () => {
      const signed = await theySign(await prepared(unsigned, suite), suite, by);
      expect(await faults(signed)).toEqual([]);
      expect(await faults(altered(signed))).toEqual(["SIGNATURE_INVALID /proof"]);
    });

    it("has the same proof from both", async () => {
      const theirs = await theySign(await prepared(unsigned, suite), suite, by);
      expect(theirs).toEqual(await signDocument(unsigned, options));
    });
  });

  describe.each<readonly [string, JsonObject, readonly Example[]]>([
    ["a VC 2.0 presentation of others' credentials", presenting(CREDENTIALS_V2, []), CREDENTIALS.slice(0, 4)],
    ["a VC 1.1 presentation of others' credentials", presenting(CREDENTIALS_V1, []), CREDENTIALS.slice(2, 4)],
    ["a presentation with an invocation", fixtures.PRESENTATION, CREDENTIALS.slice(4, 9)],
  ])("%s", (_, frame, examples) => {
    const options = presentingBy(suite, "agent");

    /** Its credentials are of one suite after the other, beginning with the presentation's. */
    async function unsignedPresentation(): Promise<JsonObject> {
      const start = SUITE_NAMES.indexOf(suite);
      const held = examples.map(({ unsigned, by }, index) =>
        signDocument(unsigned, signing(SUITE_NAMES[(start + index) % SUITE_NAMES.length] ?? suite, by)),
      );
      return edit(frame, { "/verifiableCredential": await Promise.all(held) });
    }

    it("that Writ signs, they verify", async () => {
      const signed = await signDocument(await unsignedPresentation(), options);
      expect(await theyVerify(signed)).toBe(true);
    });

    it("that Writ signs for another challenge, and one of another holder, they refuse", async () => {
      const signed = await signDocument(await unsignedPresentation(), options);
      expect(await theyVerify(signed, "c-2")).toBe(false);
      expect(await theyVerify(altered(signed))).toBe(false);
    });

    it("that they sign, Writ verifies, with each credential, and not when one is altered", async () => {
      const signed = await theySign(await prepared(await unsignedPresentation(), suite), suite, "agent");
      const { verifiableCredential: held } = signed as {
        readonly verifiableCredential: readonly JsonObject[];
      };
      expect(await faults(signed)).toEqual([]);
      expect(await Promise.all(held.map(faults))).toEqual(held.map(() => []));
      const [first = {}] = held;
      expect(await faults(edit(signed, { "/verifiableCredential/0": altered(first) }))).toEqual([
        "SIGNATURE_INVALID /proof",
      ]);
      expect(await faults(altered(first))).toEqual(["SIGNATURE_INVALID /proof"]);
      expect(signed).toEqual(await signDocument(await unsignedPresentation(), options));
    });
  });
});

/** VC Data Integrity 1.0, section 2.4.1, and the specification of Ed25519Signature2020. */
describe("the contexts that signing adds", () => {
  it.each<readonly [string, JsonObject, SuiteName, readonly string[]]>([
    ["VC 2.0", PLAIN_V2, "eddsa-jcs-2022", []],
    ["VC 2.0", PLAIN_V2, "eddsa-rdfc-2022", []],
    ["VC 2.0", PLAIN_V2, "Ed25519Signature2020", [ED25519_2020_V1]],
    ["VC 1.1", RICH_V1, "eddsa-jcs-2022", [DATA_INTEGRITY_V2]],
    ["VC 1.1", RICH_V1, "eddsa-rdfc-2022", [DATA_INTEGRITY_V2]],
    ["VC 1.1", RICH_V1, "Ed25519Signature2020", [ED25519_2020_V1]],
    ["VC 1.1 with data-integrity/v1", WITH_DATA_INTEGRITY_V1, "eddsa-rdfc-2022", []],
    ["VC 1.1 with data-integrity/v1", WITH_DATA_INTEGRITY_V1, "Ed25519Signature2020", [ED25519_2020_V1]],
    ["Writ's own", fixtures.ROOT_AUTHORITY, "eddsa-rdfc-2022", []],
    ["Writ's own", fixtures.ROOT_AUTHORITY, "Ed25519Signature2020", [ED25519_2020_V1]],
  ])("to %s, for %s", async (_, unsigned, suite, added) => {
    const once = await signDocument(unsigned, signing(suite, "agent"));
    expect(once["@context"]).toEqual([unsigned["@context"], added].flat());
    const again = await signDocument(once, signing(suite, "agent"));
    expect(again["@context"]).toEqual(once["@context"]);
    expect(isJsonArray(unsigned["@context"]) && unsigned["@context"].includes(ED25519_2020_V1)).toBe(false);
  });
});
