import { refusalOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  CREDENTIALS_EXAMPLES_V2,
  CREDENTIALS_V1,
  CREDENTIALS_V2,
} from "../../src/jsonld/context-addresses.js";
import { encodeBase58 } from "../../src/encoding/base58.js";
import { WritError } from "../../src/errors/writ-error.js";
import { asJson, deepFreeze, omit, type JsonObject } from "../../src/json/json-value.js";
import type { Signer } from "../../src/keys/signer.js";
import { addProof, signDocument, type SignOptions } from "../../src/proofs/sign-document.js";
import { SUITE_NAMES, suiteNamed, type SuiteName } from "../../src/proofs/suites.js";
import * as fixtures from "../fixtures.js";
import { socketsOpenedBy } from "../sockets.js";
import { faults, PLAIN } from "./signed.js";

const { AGENT, NOW, ORGANISATION, edit } = fixtures;
const RDF_SUITES = ["eddsa-rdfc-2022", "Ed25519Signature2020"] as const;
const FIRST = "urn:uuid:00000000-0000-4000-8000-000000000001";
const SIGNING: SignOptions = { signer: ORGANISATION, purpose: "assertionMethod", created: NOW };

const PLAIN_V1: JsonObject = {
  "@context": [CREDENTIALS_V1],
  type: ["VerifiableCredential"],
  issuer: ORGANISATION.did,
  issuanceDate: "2026-11-23T08:00:00Z",
  credentialSubject: { id: AGENT.did },
};

/** What the library does not sign: neither credential nor presentation. */
const OTHER: JsonObject = { "@context": CREDENTIALS_V2, id: "urn:x:1", name: "n", description: "d" };

const DOCUMENTS: readonly (readonly [string, JsonObject])[] = [
  ["a VC 2.0 credential", PLAIN],
  ["a VC 1.1 credential", PLAIN_V1],
  ["a credential of one type", edit(PLAIN, { "/type": "VerifiableCredential" })],
  ["an authority credential", fixtures.ROOT_AUTHORITY],
  ["a presentation with an invocation", fixtures.PRESENTATION],
  ["an enrolment request", fixtures.ENROLMENT],
  ["another document", OTHER],
];

describe.each(RDF_SUITES)("a proof by %s", (suite) => {
  describe.each(DOCUMENTS)("of %s", (_, document) => {
    it.each<readonly [string, Partial<SignOptions>]>([
      ["few", {}],
      ["a time with milliseconds", { created: NOW + 999 }],
      [
        "all",
        { id: FIRST, expires: NOW + 300_500, challenge: "c-ü", domain: "d", purpose: "authentication" },
      ],
    ])(
      "is the same from the library and by the steps of the specification, with %s options",
      async (__, more) => {
        const signed = await signDocument(document, { ...SIGNING, ...more, suite });
        const { proofValue, ...options } = signed["proof"];
        const hash = await suiteNamed(suite).hash(omit(signed, "proof"), asJson(options), []);
        expect(proofValue).toBe(`z${encodeBase58(await ORGANISATION.sign(hash))}`);
        expect(options).toEqual({
          ...suiteNamed(suite).names,
          created: "2026-11-23T08:00:00Z",
          verificationMethod: ORGANISATION.verificationMethod,
          proofPurpose: more.purpose ?? "assertionMethod",
          ...(more.id === undefined
            ? {}
            : { id: FIRST, expires: "2026-11-23T08:05:00Z", challenge: "c-ü", domain: "d" }),
        });
      },
    );

    it("leaves the document as it was, which may be frozen", async () => {
      const copy = deepFreeze(structuredClone(document));
      const signed = await signDocument(copy, { ...SIGNING, suite });
      expect(copy).toEqual(document);
      expect(omit(signed, "proof")).toEqual({ ...document, "@context": signed["@context"] });
      expect(Object.isFrozen(signed["proof"])).toBe(true);
    });
  });

  it("replaces the proof that was there, which it does not sign", async () => {
    const once = await signDocument(PLAIN, { ...SIGNING, signer: AGENT, suite });
    expect(await signDocument(once, { ...SIGNING, suite })).toEqual(
      await signDocument(PLAIN, { ...SIGNING, suite }),
    );
  });
});

describe.each(SUITE_NAMES)("a signer that fails, under %s", (suite) => {
  const failing = (sign: Signer["sign"]): SignOptions => ({
    ...SIGNING,
    suite,
    signer: { ...ORGANISATION, sign },
  });

  it.each<readonly [string, Error]>([
    ["an error of its own", new RangeError("the module is locked")],
    ["a refusal", new WritError("ARGUMENT_INVALID", "the signer is closed")],
  ])("is heard as it is: %s", async (_, error) => {
    const rejecting = failing(() => Promise.reject(error));
    const throwing = failing(() => {
      throw error;
    });
    for (const document of [PLAIN, fixtures.ENROLMENT, OTHER]) {
      await expect(signDocument(document, rejecting)).rejects.toBe(error);
      await expect(signDocument(document, throwing)).rejects.toBe(error);
    }
    await expect(addProof(await signDocument(PLAIN, SIGNING), rejecting)).rejects.toBe(error);
  });
});

/** Refused with a code, and with words that hold nothing of the document. */
async function refusalWithoutWords(call: () => Promise<unknown>): Promise<string> {
  let words = "";
  const { code } = await refusalOfAsync(() =>
    call().catch((error: unknown) => {
      const { problem } = error as WritError;
      words = `${String(error)} ${JSON.stringify(problem)} ${JSON.stringify(error)}`;
      throw error;
    }),
  );
  expect(words).not.toMatch(/secret/i);
  return code;
}

describe.each(RDF_SUITES)("%s does not sign, and does not repeat", (suite) => {
  const signing = (document: JsonObject, more: Partial<SignOptions> = {}): Promise<unknown> =>
    signDocument(document, { ...SIGNING, suite, ...more });

  it.each<readonly [string, Readonly<Record<string, unknown>>]>([
    ["30 a term without definition", { "/secretTerm": "x" }],
    ["30 one in the subject", { "/credentialSubject/secretTerm": "secret" }],
    ["30 a type without definition", { "/type": ["VerifiableCredential", "SecretCredential"] }],
    ["31 a relative id", { "/id": "secret" }],
    ["31 a relative issuer", { "/issuer": "secret" }],
    ["31 a subject that is a relative id", { "/credentialSubject/id": "/secret" }],
    ["12 a language that is none", { "/name": { "@value": "secret", "@language": "not one" } }],
    ["29 a protected term redefined", { "/@context/2": { name: "https://secret.example/" } }],
  ])("row %s", async (_, changes) => {
    expect(await refusalWithoutWords(() => signing(edit(PLAIN, changes)))).toBe("JSON_LD_INVALID");
  });

  it.each<readonly [string, string, JsonObject, string | undefined]>([
    ["1.1 of a credential of 2.0", CREDENTIALS_V1, PLAIN, "JSON_LD_INVALID"],
    ["2.0 of a credential of 1.1", CREDENTIALS_V2, PLAIN_V1, undefined],
  ])("row 29: a presentation of %s, unless the terms may be both", async (_, context, plain, code) => {
    const verifiableCredential = await signDocument(plain, { ...SIGNING, suite });
    const presentation = { "@context": [context], type: ["VerifiablePresentation"], verifiableCredential };
    const refused = signing(presentation).then(
      () => undefined,
      (error: unknown) => (error as WritError).code,
    );
    expect(await refused).toBe(code);
  });

  it("row 30: a document without contexts", async () => {
    expect(await refusalWithoutWords(() => signing({ secretTerm: "secret" }))).toBe("JSON_LD_INVALID");
  });

  it.each<readonly [string, Readonly<Record<string, unknown>>]>([
    ["a date that is none", { "/validFrom": "secret" }],
    ["no subject", { "/credentialSubject": undefined }],
    ["two issuers", { "/issuer": ["did:secret:1", "did:secret:2"] }],
    ["a status without type", { "/credentialStatus": { id: "urn:secret:1" } }],
    ["evidence that is no object", { "/evidence": "urn:secret:1" }],
    ["other contexts first", { "/@context": [...(PLAIN["@context"] as readonly string[])].reverse() }],
  ])("what the library would not verify: %s", async (_, changes) => {
    expect(await refusalWithoutWords(() => signing(edit(PLAIN, changes)))).toBe("SCHEMA_INVALID");
  });

  it.each([
    ["of an unknown address", "https://secret.example/v1"],
    ["of a pinned one over http", CREDENTIALS_V2.replace("https:", "http:")],
    ["of a pinned one with a fragment", `${CREDENTIALS_V2}#secret`],
    ["that is imported", { "@version": 1.1, "@import": "https://secret.example/v1" }],
  ])("row 26: a context %s, which is not looked for", async (_, context) => {
    const opened = await socketsOpenedBy(async () => {
      const refused = refusalWithoutWords(() => signing(edit(PLAIN, { "/@context/2": context })));
      expect(await refused).toBe("CONTEXT_NOT_ALLOWED");
    });
    expect(opened).toBe(0);
  });
});

it.each<readonly [SuiteName, string]>([
  ["eddsa-rdfc-2022", "JSON_LD_INVALID"],
  ["Ed25519Signature2020", "JSON_LD_INVALID"],
  ["eddsa-jcs-2022", "none"],
])("%s and a term without definition: %s", async (suite, code) => {
  // JCS signs every member; who verifies looks at the terms.
  const signing = signDocument(edit(PLAIN, { "/secretTerm": "x" }), { ...SIGNING, suite });
  expect(
    await signing.then(
      () => "none",
      (error: unknown) => (error as WritError).code,
    ),
  ).toBe(code);
});

/** Where every name is a term, such a proof would be read as a statement about nothing. */
it.each<readonly [SuiteName, JsonObject]>([
  ["Ed25519Signature2020", edit(PLAIN, { "/@context": [CREDENTIALS_V2, CREDENTIALS_EXAMPLES_V2] })],
  ["Ed25519Signature2020", edit(PLAIN_V1, { "/@context": [CREDENTIALS_V1, CREDENTIALS_EXAMPLES_V2] })],
  ["eddsa-rdfc-2022", edit(PLAIN_V1, { "/@context": [CREDENTIALS_V1, CREDENTIALS_EXAMPLES_V2] })],
])("%s is not verified without its own context", async (suite, document) => {
  const signed = await signDocument(document, { ...SIGNING, suite });
  expect(await faults(signed)).toEqual([]);
  const bare = edit(signed, { "/@context": document["@context"] });
  expect(await faults(bare)).toEqual(["CONTEXT_NOT_ALLOWED /proof"]);
});
