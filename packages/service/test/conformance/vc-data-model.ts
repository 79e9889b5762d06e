import { SUITE_NAMES, type JsonObject, type JsonValue } from "@writ/core";
import { expect } from "vitest";

import {
  accepts,
  acceptsPresentation,
  expectNotIssued,
  expectRefused,
  expectVerified,
  named,
  notIssued,
  notVerified,
  refuses,
  refusesPresentation,
  shows,
} from "./cases.js";
import { changed, CREDENTIAL, EXAMPLES, PRESENTATION, V1, V2 } from "./documents.js";
import { memberOf } from "./service.js";
import { ALL_SUITES, bySomebody, OTHER, sign, signAnything, SOMEBODY } from "./signing.js";
import { but, must, type Case, type Specification } from "./specification.js";

const URN = "urn:uuid:11111111-1111-4111-8111-111111111111";
const SHA256_OF_V2 = "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734";
const OF_OTHER_BYTES = "00".repeat(32);

/** A multihash of SHA-256 in multibase base64url. */
function multihash(hex: string): string {
  return `u${Buffer.from(`1220${hex}`, "hex").toString("base64url")}`;
}

function sri(hex: string): string {
  return `sha256-${Buffer.from(hex, "hex").toString("base64")}`;
}

/** Each value in turn at a pointer, none of which will do. */
function refusesEach(
  what: string,
  pointer: string,
  values: readonly (JsonValue | undefined)[],
): readonly Case[] {
  return values.flatMap((value) => refuses(`${what} ${named(value)}`, { [pointer]: value }));
}

/** The rules that hold for every member whose values have a type. */
function typedMember(
  member: string,
  type: string,
  more: JsonObject = {},
): readonly (Case | readonly Case[])[] {
  const pointer = `/${member}`;
  return [
    accepts(`a ${member}`, { [pointer]: { type, ...more } }),
    accepts(`two values of ${member}`, {
      [pointer]: [
        { type, ...more, id: URN },
        { type, ...more, id: `${URN}2` },
      ],
    }),
    refusesEach(`a ${member}`, pointer, [
      "x",
      5,
      [],
      ["x"],
      { ...more },
      { type: 5, ...more },
      { type: [], ...more },
    ]),
    refuses(`one of two of ${member} without type`, {
      [pointer]: [
        { type, ...more },
        { ...more, id: URN },
      ],
    }),
    refuses(`a ${member} whose id is no URL`, { [pointer]: { type, ...more, id: "not a url" } }),
  ];
}

/** A presentation of credentials. */
function presentationOf(credentials: readonly JsonObject[]): JsonObject {
  return changed(PRESENTATION, { "/verifiableCredential": credentials });
}

const NO_URL: readonly JsonValue[] = ["not a url", 123, true, null, "", { id: URN }, [URN, `${URN}2`]];

/** W3C XML Schema 1.1, part 2: dateTimeStamp. */
const NO_DATE_TIME_STAMP: readonly JsonValue[] = [
  "2024-01-01",
  "yesterday",
  1_704_067_200,
  "2024-13-01T00:00:00Z",
  "2024-01-32T00:00:00Z",
  "2024-02-30T00:00:00Z",
  "2024-01-01T25:00:00Z",
  "2024-01-01T00:00Z",
  "2024-01-01 00:00:00Z",
  "2024-01-01T00:00:00+15:00",
  "2024-01-01T00:00:00",
  "2024-01-01T00:00:61Z",
  ["2024-01-01T00:00:00Z"],
  null,
];

export const VC_DATA_MODEL: Specification = {
  title: "Verifiable Credentials Data Model 2.0",
  url: "https://www.w3.org/TR/vc-data-model-2.0/",
  file: "vc-data-model.ts",
  requirements: [
    must(
      "1.3",
      "A document is a credential or a presentation.",
      notVerified("a document of neither type", { "/type": ["ExampleDegreeCredential"] }),
      shows("does not verify a presentation as a credential", async (service) => {
        const presentation = await sign(PRESENTATION, "eddsa-rdfc-2022", { purpose: "authentication" });
        expectVerified(await service.verifyPresentation(presentation));
        expectRefused(await service.verify(presentation));
      }),
      shows("does not verify a credential as a presentation", async (service) => {
        expectRefused(
          await service.verifyPresentation(await sign(bySomebody(CREDENTIAL), "eddsa-rdfc-2022")),
        );
      }),
    ),
    must(
      "1.3, 4.12",
      "A document is secured by a securing mechanism at least.",
      shows("does not verify a credential without proof, or with none in a list", async (service) => {
        for (const proof of [undefined, [], null, "x"]) {
          expectRefused(await service.verify(changed(bySomebody(CREDENTIAL), { "/proof": proof })));
        }
      }),
      shows("does not verify a presentation without proof, or with none in a list", async (service) => {
        for (const proof of [undefined, [], null, "x"]) {
          expectRefused(await service.verifyPresentation(changed(PRESENTATION, { "/proof": proof })));
        }
      }),
      shows("does not verify a presentation of a credential without proof", async (service) => {
        const presentation = presentationOf([bySomebody(CREDENTIAL)]);
        expectRefused(await service.verifyPresentation(await signAnything(presentation)));
      }),
    ),
    must(
      "1.3",
      "An issuer includes all required properties, and secures what it issues.",
      shows("issues with context, types, issuer, subject and proof", async (service) => {
        for (const suite of ALL_SUITES) {
          const issued = memberOf(await service.issue(suite, CREDENTIAL), "verifiableCredential");
          expect(issued).toMatchObject({ ...CREDENTIAL, "@context": expect.any(Array) as unknown });
          expect(issued).toMatchObject({
            issuer: service.did,
            proof: { proofValue: expect.any(String) as unknown },
          });
        }
      }),
    ),
    must(
      "1.3",
      "A verifier verifies, and produces errors for what does not conform.",
      shows("does not verify what was changed after it was signed", async (service) => {
        for (const suite of ALL_SUITES) {
          const credential = await sign(changed(bySomebody(CREDENTIAL), { "/name": "A" }), suite);
          expectVerified(await service.verify(credential));
          const { proofValue = "" } = credential["proof"] as { proofValue?: string };
          const changes = [
            { "/name": "B" },
            { "/name": undefined },
            { "/issuer": OTHER.did },
            { "/type": ["VerifiableCredential"] },
            { "/validUntil": "2030-01-01T00:00:00Z" },
            { "/credentialSubject/degree": "Doctor" },
            { "/proof/created": "2026-11-23T08:00:01Z" },
            { "/proof/proofValue": `${proofValue.slice(0, -1)}${proofValue.endsWith("2") ? "3" : "2"}` },
            { "/proof/verificationMethod": OTHER.verificationMethod },
          ];
          for (const change of changes) expectRefused(await service.verify(changed(credential, change)));
        }
      }),
      shows("does not verify what is neither JSON nor an object", async (service) => {
        for (const document of ["x", 5, null, [], [CREDENTIAL], true]) {
          expectRefused(await service.verify(document));
          expectRefused(await service.verifyPresentation(document));
        }
      }),
    ),
    must(
      "2",
      "Verification includes that the status check succeeds, where there is a status.",
      shows("does not verify what was revoked", async (service) => {
        const credential = memberOf(await service.issue("status", CREDENTIAL), "verifiableCredential");
        expectVerified(await service.verify(credential));
        const { id: credentialId, credentialStatus } = credential;
        expect((await service.setStatus({ credentialId, credentialStatus })).status).toBe(200);
        expectRefused(await service.verify(credential));
      }),
    ),
    must(
      "4.3",
      "There is a `@context`; it is an ordered set whose first item is the context of the data model.",
      accepts("the data model's context first"),
      accepts("the data model's context alone", {
        "/@context": [V2],
        "/type": ["VerifiableCredential"],
        "/credentialSubject": { id: "did:example:student", name: "Ada" },
      }),
      refusesEach("a context", "/@context", [
        undefined,
        [],
        {},
        null,
        5,
        V2,
        [EXAMPLES],
        [EXAMPLES, V2],
        [`${V2}/`],
        [`${V2}#`],
        [{ "@vocab": "https://example.org/" }, V2],
      ]),
      acceptsPresentation("a presentation with the data model's context first"),
      ...[undefined, [], null, [EXAMPLES, V2], [{}, V2]].map((context) =>
        refusesPresentation(`a presentation with a context ${named(context)}`, { "/@context": context }),
      ),
    ),
    must(
      "4.3",
      "What follows in `@context` are URLs and objects that can be processed as contexts.",
      refusesEach("a context", "/@context", [
        [V2, 5],
        [V2, true],
        [V2, null],
        [V2, "not a url"],
        [V2, [EXAMPLES]],
        [V2, { x: 5 }],
        [V2, { "@version": 2 }],
        [V2, "https://example.org/there-is-no-such-context"],
      ]),
    ),
    must(
      "4.4",
      "An `id` is a single URL.",
      accepts("no id"),
      ...[URN, "did:example:credential", "https://example.org/credentials/7"].map((id) =>
        accepts(`the id ${id}`, { "/id": id, "/credentialSubject/id": `${id}/subject` }),
      ),
      refusesEach("an id", "/id", NO_URL),
      refusesEach("a subject's id", "/credentialSubject/id", NO_URL),
      ...["not a url", 5, null].map((id) =>
        refusesPresentation(`a presentation whose id is ${JSON.stringify(id)}`, { "/id": id }),
      ),
    ),
    must(
      "4.5",
      "There is a `type`: one or more terms, among them that of the document.",
      accepts("the document's type last", { "/type": ["ExampleDegreeCredential", "VerifiableCredential"] }),
      refusesEach("a type", "/type", [
        undefined,
        [],
        "",
        null,
        5,
        ["VerifiableCredential", 5],
        ["VerifiableCredential", null],
        ["VerifiableCredential", { id: URN }],
        ["VerifiableCredential", "a/b"],
        ["VerifiableCredential", "two words"],
        ["ExampleDegreeCredential"],
        ["verifiablecredential"],
      ]),
      refuses("a type that no context defines", {
        "/@context": [V2],
        "/type": ["VerifiableCredential", "NobodysCredential"],
        "/credentialSubject": { id: "did:example:student" },
      }),
      shows("verifies the type of the document as a text", async (service) => {
        const credential = changed(bySomebody(CREDENTIAL), { "/type": "VerifiableCredential" });
        expectVerified(await service.verify(await sign(credential, "eddsa-rdfc-2022")));
      }),
      acceptsPresentation("a presentation with its type as a text", { "/type": "VerifiablePresentation" }),
      ...[undefined, [], "", ["ExamplePresentation"], 5].map((type) =>
        refusesPresentation(`a presentation with a type ${named(type)}`, { "/type": type }),
      ),
    ),
    must(
      "4.6, 11.1",
      "`name` and `description` are texts, or texts in languages: objects of `@value`, `@language`, `@direction` alone.",
      ...["name", "description"].flatMap((member) => [
        ...accepts(`a ${member}`, { [`/${member}`]: "Diploma" }),
        ...accepts(`a ${member} in a language`, {
          [`/${member}`]: { "@value": "شهادة", "@language": "ar", "@direction": "rtl" },
        }),
        ...accepts(`a ${member} in two languages`, {
          [`/${member}`]: [
            { "@value": "Diploma", "@language": "en" },
            { "@value": "Urkunde", "@language": "de" },
          ],
        }),
        ...refusesEach(`a ${member}`, `/${member}`, [
          5,
          true,
          null,
          {},
          { name: "x" },
          ["x", 5],
          { "@language": "en" },
          { "@value": 5, "@language": "en" },
          { "@value": null },
          { "@value": "x", "@language": 5 },
          { "@value": "x", "@direction": "up" },
          { "@value": "x", "@language": "en", url: "y" },
          { "@value": "x", "@type": "@id" },
        ]),
      ]),
    ),
    must(
      "4.7",
      "There is an `issuer`: a URL, or an object whose `id` is one.",
      shows("issues with its own DID where no issuer is named, and as it is named", async (service) => {
        const { did } = service;
        for (const issuer of [
          undefined,
          did,
          { id: did },
          { id: did, name: "Acme", description: "Makes things" },
        ]) {
          const issued = await service.issue("eddsa-rdfc-2022", changed(CREDENTIAL, { "/issuer": issuer }));
          expect(issued.status).toBe(201);
          expect(memberOf(issued, "verifiableCredential")["issuer"]).toEqual(issuer ?? did);
        }
      }),
      shows("verifies an issuer that is an object", async (service) => {
        const issuer = { id: SOMEBODY.did, name: "Somebody" };
        for (const suite of ALL_SUITES) {
          expectVerified(await service.verify(await sign(changed(CREDENTIAL, { "/issuer": issuer }), suite)));
        }
      }),
      notVerified("an issuer left out", { "/issuer": undefined }),
      refusesEach("an issuer", "/issuer", [
        "not a url",
        7,
        null,
        {},
        { name: "X" },
        { id: "not a url" },
        { id: null },
        { id: [SOMEBODY.did] },
        [SOMEBODY.did, OTHER.did],
      ]),
      notIssued("in the name of another issuer", { "/issuer": "did:example:other" }),
    ),
    must(
      "4.8",
      "There is a `credentialSubject`: an object with claims, or a set of such objects.",
      accepts("two subjects", {
        "/credentialSubject": [
          { id: "did:example:a", degree: "B.Sc." },
          { id: "did:example:b", degree: "M.Sc." },
        ],
      }),
      accepts("a subject without id", { "/credentialSubject": { degree: "B.Sc." } }),
      refusesEach("a subject", "/credentialSubject", [
        undefined,
        {},
        [],
        [{}],
        [{ degree: "x" }, {}],
        "did:example:student",
        5,
        null,
        ["x"],
      ]),
    ),
    must(
      "4.9, 5.8",
      "`validFrom` and `validUntil` are dateTimeStamps.",
      ...[
        "2020-01-01T00:00:00Z",
        "2020-01-01T00:00:00.123Z",
        "2020-01-01T00:00:00+14:00",
        "2020-01-01T00:00:00-08:00",
      ].map((validFrom) => accepts(`the time ${validFrom}`, { "/validFrom": validFrom })),
      accepts("an end", { "/validUntil": "2040-01-01T00:00:00+01:00" }),
      refusesEach("a validFrom", "/validFrom", NO_DATE_TIME_STAMP),
      refusesEach("a validUntil", "/validUntil", NO_DATE_TIME_STAMP),
    ),
    must(
      "4.9",
      "`validFrom` is not later than `validUntil`, as moments.",
      refuses("a beginning after the end", {
        "/validFrom": "2030-01-01T00:00:00Z",
        "/validUntil": "2029-01-01T00:00:00Z",
      }),
      refuses("a beginning after the end, as moments", {
        "/validFrom": "2026-01-01T12:00:00Z",
        "/validUntil": "2026-01-01T13:00:00+02:00",
      }),
      shows("issues a beginning that is not after the end, as moments", async (service) => {
        for (const validUntil of ["2020-01-01T12:00:00+02:00", "2020-01-01T11:00:00Z"]) {
          const credential = changed(CREDENTIAL, {
            "/validFrom": "2020-01-01T12:00:00+02:00",
            "/validUntil": validUntil,
          });
          expect((await service.issue("eddsa-rdfc-2022", credential)).status).toBe(201);
        }
      }),
    ),
    must(
      "4.10",
      "Each `credentialStatus` has a `type`; an `id` is a URL.",
      ...[
        5,
        [],
        "x",
        { id: URN },
        { type: 5 },
        { type: [] },
        { type: "BitstringStatusListEntry", id: "not a url" },
      ]
        .map((status) => refuses(`a status ${named(status)}`, { "/credentialStatus": status }))
        .flat(),
    ),
    must(
      "4.11",
      "Each `credentialSchema` has a `type`, and an `id` that is a URL.",
      accepts("a schema", { "/credentialSchema": { id: "https://example.org/schema", type: "JsonSchema" } }),
      accepts("two schemas", {
        "/credentialSchema": [
          { id: "https://example.org/a", type: "JsonSchema" },
          { id: "https://example.org/b", type: "JsonSchema" },
        ],
      }),
      refusesEach("a schema", "/credentialSchema", [
        "https://example.org/schema",
        5,
        [],
        { id: "https://example.org/schema" },
        { type: "JsonSchema" },
        { id: "not a url", type: "JsonSchema" },
        { id: 5, type: "JsonSchema" },
        [{ id: "https://example.org/a", type: "JsonSchema" }, { type: "JsonSchema" }],
      ]),
    ),
    must(
      "4.13",
      "A presentation's `id` and `holder` are URLs; it holds credentials.",
      shows("verifies a presentation with its holder, as a text and as an object", async (service) => {
        for (const suite of ALL_SUITES) {
          const credentials = [await sign(bySomebody(CREDENTIAL), suite)];
          for (const holder of [SOMEBODY.did, { id: SOMEBODY.did }]) {
            const changes = { "/id": URN, "/holder": holder, "/verifiableCredential": credentials };
            const presentation = changed(PRESENTATION, changes);
            const signed = await sign(presentation, suite, { purpose: "authentication" });
            expectVerified(await service.verifyPresentation(signed));
          }
        }
      }),
      ...["not a url", 5, {}, { id: "not a url" }, [SOMEBODY.did, OTHER.did]].map((holder) =>
        refusesPresentation(`a presentation with a holder ${named(holder)}`, { "/holder": holder }),
      ),
      ...["x", 5, [], ["x"], [5], {}, [{}]].map((credentials) =>
        refusesPresentation(`a presentation of credentials ${named(credentials)}`, {
          "/verifiableCredential": credentials,
        }),
      ),
      shows("verifies two credentials, of different issuers, in one presentation", async (service) => {
        for (const suite of ALL_SUITES) {
          const credentials = [
            await sign(bySomebody(CREDENTIAL), suite),
            await sign(changed(CREDENTIAL, { "/issuer": OTHER.did }), suite, { signer: OTHER }),
          ];
          const signed = await sign(presentationOf(credentials), suite, { purpose: "authentication" });
          expectVerified(await service.verifyPresentation(signed));
        }
      }),
    ),
    must(
      "4.13, 5.12",
      "Every credential in a presentation is verified, and secured with it.",
      shows(
        "does not verify a presentation of a credential that was changed, or put in the place of another",
        async (service) => {
          for (const suite of SUITE_NAMES) {
            const [credential, another] = await Promise.all([
              sign(changed(bySomebody(CREDENTIAL), { "/name": "A" }), suite),
              sign(changed(bySomebody(CREDENTIAL), { "/name": "B" }), suite),
            ]);
            const signed = await sign(presentationOf([credential]), suite, {
              purpose: "authentication",
            });
            expectVerified(await service.verifyPresentation(signed));
            for (const other of [
              changed(credential, { "/name": "C" }),
              another,
              changed(credential, { "/proof": another["proof"] }),
            ]) {
              expectRefused(
                await service.verifyPresentation(changed(signed, { "/verifiableCredential": [other] })),
              );
              const signedAnew = await signAnything(presentationOf([changed(other, { "/name": "D" })]));
              expectRefused(await service.verifyPresentation(signedAnew));
            }
          }
        },
      ),
    ),
    must(
      "4.13",
      "Enveloped credentials and presentations are told by their types.",
      shows("refuses them with a code of their own", async (service) => {
        const envelope = {
          "@context": V2,
          id: "data:application/vc+jwt,eyJ.eyJ.x",
          type: "EnvelopedVerifiableCredential",
        };
        const code = { code: "ENVELOPE_UNSUPPORTED" };
        const answers = [
          await service.verify(envelope),
          await service.verify("eyJ.eyJ.x"),
          await service.verifyPresentation({ ...envelope, type: "EnvelopedVerifiablePresentation" }),
          await service.verifyPresentation(await signAnything(presentationOf([envelope]))),
        ];
        for (const { status, json } of answers) {
          expect(status).toBe(400);
          expect(json["errors"] ?? [json]).toMatchObject([code]);
        }
      }),
    ),
    must(
      "5.2, B.1",
      "Terms are defined by the contexts; what they define is not defined anew.",
      refuses("a term that no context defines", {
        "/@context": [V2],
        "/type": ["VerifiableCredential"],
        "/credentialSubject": { id: "did:example:student", nobodysTerm: "x" },
      }),
      refuses("a protected term defined anew", {
        "/@context": [V2, { issuer: "https://example.org/issuer" }],
      }),
      refuses("a vocabulary for all other terms, in the document", {
        "/@context": [V2, { "@vocab": "https://example.org/" }],
      }),
    ),
    must(
      "5.3",
      "Each `relatedResource` has a different `id`, a URL, and a digest at least.",
      accepts("a resource with either digest, and with both", {
        "/relatedResource": [
          { id: "https://example.org/a", digestSRI: sri(OF_OTHER_BYTES) },
          { id: "https://example.org/b", digestMultibase: multihash(OF_OTHER_BYTES), mediaType: "image/png" },
          {
            id: "https://example.org/c",
            digestSRI: sri(OF_OTHER_BYTES),
            digestMultibase: multihash(OF_OTHER_BYTES),
          },
        ],
      }),
      refusesEach("a related resource", "/relatedResource", [
        "https://example.org/a",
        5,
        [],
        { digestSRI: sri(OF_OTHER_BYTES) },
        { id: "https://example.org/a" },
        { id: "not a url", digestSRI: sri(OF_OTHER_BYTES) },
        { id: "https://example.org/a", digestSRI: "abc" },
        { id: "https://example.org/a", digestSRI: "md5-1B2M2Y8AsgTpgAmY7PhCfg==" },
        { id: "https://example.org/a", digestMultibase: "!!" },
        { id: "https://example.org/a", digestSRI: 5 },
        [
          { id: "https://example.org/a", digestSRI: sri(OF_OTHER_BYTES) },
          { id: "https://example.org/a", digestMultibase: multihash(OF_OTHER_BYTES) },
        ],
      ]),
    ),
    must(
      "5.3",
      "The digest of a resource that the verifier uses is that of the resource.",
      accepts("the digest of the data model's context", {
        "/relatedResource": {
          id: V2,
          digestSRI: sri(SHA256_OF_V2),
          digestMultibase: multihash(SHA256_OF_V2),
        },
      }),
      notVerified("another digest of the data model's context", {
        "/relatedResource": { id: V2, digestSRI: sri(OF_OTHER_BYTES) },
      }),
      notVerified("another multibase digest of the data model's context", {
        "/relatedResource": { id: V2, digestMultibase: multihash(OF_OTHER_BYTES) },
      }),
    ),
    must(
      "5.4",
      "`refreshService` is one or more objects with a `type`.",
      ...typedMember("refreshService", "ExampleRefreshService"),
    ),
    must(
      "5.5",
      "`termsOfUse` is one or more objects with a `type`.",
      ...typedMember("termsOfUse", "ExamplePolicy"),
      ...["x", 5, [], {}, { id: URN }].map((terms) =>
        refusesPresentation(`a presentation with terms of use ${named(terms)}`, { "/termsOfUse": terms }),
      ),
      acceptsPresentation("a presentation with terms of use", { "/termsOfUse": { type: "ExamplePolicy" } }),
    ),
    must(
      "5.6",
      "`evidence` is one or more objects with a `type`.",
      ...typedMember("evidence", "ExampleEvidence"),
    ),
    must(
      "5.10",
      "The reserved `confidenceMethod` and `renderMethod` have a `type`.",
      ...typedMember("confidenceMethod", "ExampleConfidenceMethod"),
      ...typedMember("renderMethod", "ExampleRenderMethod"),
    ),
    must(
      "6",
      "`id`, `issuer`, `validFrom` and `validUntil` are single values.",
      refuses("two issuers", { "/issuer": [SOMEBODY.did, OTHER.did] }),
      refuses("two beginnings", { "/validFrom": ["2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z"] }),
    ),
    must(
      "6.1",
      "Documents are JSON-LD in compacted form.",
      shows("neither issues nor verifies expanded or flattened documents", async (service) => {
        const expanded = { "@type": ["https://www.w3.org/2018/credentials#VerifiableCredential"] };
        for (const document of [[expanded], expanded, { "@context": [V2], "@graph": [CREDENTIAL] }]) {
          expectNotIssued(await service.issue("eddsa-rdfc-2022", document));
          expectRefused(await service.verify(document));
        }
      }),
    ),
    must(
      "6.2",
      "The media type of a list that is served is that of a credential.",
      shows("serves status lists as application/vc", async (service) => {
        const issued = memberOf(await service.issue("status", CREDENTIAL), "verifiableCredential");
        const { statusListCredential } = issued["credentialStatus"] as { statusListCredential: string };
        const list = await service.get(new URL(statusListCredential).pathname);
        expect([list.status, list.headers.get("content-type")]).toEqual([200, "application/vc"]);
      }),
    ),
    must(
      "7.1",
      "A verification gives a status and problems; an unknown mechanism is no yes.",
      shows("does not verify a proof of an unknown type or suite", async (service) => {
        const credential = bySomebody(CREDENTIAL);
        for (const members of [
          { type: "NobodysProof" },
          { cryptosuite: "nobodys-2024" },
          { type: "JsonWebSignature2020" },
        ]) {
          expectRefused(await service.verify(await signAnything(credential, members)));
        }
      }),
      shows("says by a type of the specification that a signature is wrong", async (service) => {
        const credential = changed(await sign(bySomebody(CREDENTIAL), "eddsa-jcs-2022"), { "/name": "x" });
        const { json } = await service.verify(credential);
        expect(json["errors"]).toMatchObject([
          { type: "https://www.w3.org/TR/vc-data-model#CRYPTOGRAPHIC_SECURITY_ERROR" },
        ]);
      }),
    ),
    must(
      "7.2",
      "A problem has a `type`, a URL.",
      shows("answers what is no verification with a problem too", async (service) => {
        expectNotIssued(await service.issue("eddsa-rdfc-2022", {}));
        const { json } = await service.issue("eddsa-rdfc-2022", {});
        expect(json).toMatchObject({ type: "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR" });
      }),
    ),
    must(
      "A.1 of 1.1",
      "Documents of VC Data Model 1.1 are issued and verified as well.",
      shows("issues and verifies them by every suite", async (service) => {
        const credential = {
          "@context": [V1],
          id: URN,
          type: ["VerifiableCredential"],
          issuanceDate: "2020-01-01T00:00:00Z",
          credentialSubject: { id: "did:example:student" },
        };
        for (const suite of ALL_SUITES) {
          const issued = await service.issue(suite, credential);
          expect(issued.status).toBe(201);
          expectVerified(await service.verify(memberOf(issued, "verifiableCredential")));
          expectNotIssued(await service.issue(suite, { ...credential, issuanceDate: "yesterday" }));
          expectNotIssued(await service.issue(suite, changed(credential, { "/issuanceDate": undefined })));
        }
      }),
    ),
  ],
  otherwise: [
    but(
      "4.3",
      "objects in `@context`",
      "refused by the service; a library caller can allow new plain terms (DESIGN 4.2)",
    ),
    but(
      "4.5",
      "types that are absolute URLs",
      "refused: what has two names can be renamed under an RDF signature (DESIGN 4.2)",
    ),
    but(
      "4.7",
      "further members of an issuer",
      "it has `id`, `type`, `name`, `description`, `image` and `url` alone, so that no claim moves there",
    ),
    but(
      "4.9, 5.8",
      "years beyond 9999 and before 1970, `24:00:00`, times without offset",
      "refused (DESIGN 4.6)",
    ),
    but("4.13", "enveloped documents", "known, and refused by a code of their own"),
    but(
      "7.1",
      "an expired credential verifies",
      'the service answers no: whoever asks only for the signature asks for `checks: ["proof"]`',
    ),
  ],
  untested: [
    but(
      "4.3, 4.12",
      "what developers must understand, and securing mechanisms define",
      "it is for people and specifications",
    ),
    but(
      "5.11, 5.13",
      "what transformations and securing mechanisms must specify",
      "it is for specifications",
    ),
  ],
};
