import { decodeBase58, type JsonObject, type JsonValue } from "@writ/core";
import { expect } from "vitest";

import { base58btc, signByHand } from "./by-hand.js";
import { accepts, expectNotIssued, expectRefused, expectVerified, refuses, shows } from "./cases.js";
import { changed, CREDENTIAL, PRESENTATION, V1, V2 } from "./documents.js";
import {
  DATA_INTEGRITY_SUITES,
  expectRefusedAs,
  presented,
  refusesProof,
  refusesProofWith,
  typesIn,
  verifiesProof,
} from "./proofs.js";
import { memberOf, type Service } from "./service.js";
import { ALL_SUITES, bySomebody, OTHER, SOMEBODY } from "./signing.js";
import { but, must, type Specification } from "./specification.js";

const FIRST = "urn:uuid:11111111-1111-4111-8111-111111111111";
const SECOND = "urn:uuid:22222222-2222-4222-8222-222222222222";
const DATA_INTEGRITY_V2 = "https://w3id.org/security/data-integrity/v2";
const MULTIKEY_V1 = "https://w3id.org/security/multikey/v1";
const SECURITY = "https://w3id.org/security#";

const NO_TIME: readonly JsonValue[] = [
  "yesterday",
  "2024-13-01T00:00:00Z",
  "2024-02-30T00:00:00Z",
  "2024-01-01",
  1_700_000_000,
  null,
  ["2024-01-01T00:00:00Z"],
];

/** A proof of somebody's credential with an id, and then others; each proof as it was made. */
async function proofsOf(...made: readonly Parameters<typeof signByHand>[1][]): Promise<JsonValue[]> {
  const signed = await Promise.all(made.map((how) => signByHand(bySomebody(CREDENTIAL), how)));
  return signed.map(({ proof = null }) => proof);
}

/** A credential with a proof of its issuer's, and one by somebody else that follows on it. */
async function chained(suite: (typeof ALL_SUITES)[number]): Promise<{
  readonly credential: JsonObject;
  readonly first: JsonValue;
  readonly second: JsonValue;
}> {
  const once = await signByHand(bySomebody(CREDENTIAL), { suite, members: { id: FIRST } });
  const { proof: first = null } = once;
  const members = { previousProof: FIRST };
  const { proof, ...rest } = await signByHand(once, { suite, signer: OTHER, members, previous: [first] });
  const [, second = null] = proof as readonly JsonValue[];
  return { credential: { ...rest, proof: [first, second] }, first, second };
}

/** A proof whose signature is another one, of the same form. */
function brokenProof(proof: JsonValue): JsonValue {
  const { proofValue } = proof as { readonly proofValue: string };
  const signature = decodeBase58(proofValue.slice(1));
  return { ...(proof as JsonObject), proofValue: base58btc(signature.with(0, (signature[0] ?? 0) ^ 1)) };
}

/** The document of the issuer's DID, and the method by which a credential was signed. */
async function methodOf(
  service: Service,
  credential: JsonObject,
): Promise<readonly [document: JsonObject, method: JsonObject & { readonly id: string }]> {
  const { verificationMethod } = credential["proof"] as { readonly verificationMethod: string };
  const [did = ""] = verificationMethod.split("#");
  const document = memberOf(await service.get(`/1.0/identifiers/${did}`), "didDocument");
  const methods = document["verificationMethod"] as readonly (JsonObject & { readonly id: string })[];
  const method = methods.find(({ id }) => id === verificationMethod);
  if (method === undefined) throw new Error("the issuer's DID document does not have its method");
  return [document, method];
}

export const DATA_INTEGRITY: Specification = {
  title: "Verifiable Credential Data Integrity 1.0, and Controlled Identifiers 1.0",
  url: "https://www.w3.org/TR/vc-data-integrity/",
  file: "data-integrity.ts",
  requirements: [
    must(
      "2.1",
      "There is a `proof`: an object, or a set of objects.",
      shows("issues one proof, with the members that are required", async (service) => {
        for (const suite of ALL_SUITES) {
          const { proof } = memberOf(await service.issue(suite, CREDENTIAL), "verifiableCredential");
          expect(proof).toMatchObject({
            type: expect.any(String) as string,
            proofPurpose: "assertionMethod",
            verificationMethod: expect.stringMatching(/^did:key:z6Mk\w+#z6Mk\w+$/) as string,
            proofValue: expect.stringMatching(/^z/) as string,
          });
        }
      }),
      shows("verifies a proof alone in a list", async (service) => {
        for (const suite of ALL_SUITES) {
          const signed = await signByHand(bySomebody(CREDENTIAL), { suite });
          expectVerified(await service.verify(changed(signed, { "/proof": [signed["proof"] ?? null] })));
        }
      }),
      shows("does not verify what is no proof, or stands by another name", async (service) => {
        for (const suite of ALL_SUITES) {
          const { proof = null, ...rest } = await signByHand(bySomebody(CREDENTIAL), { suite });
          for (const other of ["x", 5, null, true, [], ["x"], [[]], [[proof]], {}, [{}], [proof, null]]) {
            expectRefused(await service.verify({ ...rest, proof: other }));
          }
          for (const name of ["proofs", "signature", "Proof"]) {
            expectRefused(await service.verify({ ...rest, [name]: proof }));
          }
        }
      }),
    ),
    must(
      "2.1",
      "The `id` of a proof is a URL.",
      verifiesProof("with an id", { members: { id: FIRST } }),
      ...refusesProofWith("id", ["not a url", 5, null, "", [FIRST], {}]),
    ),
    must(
      "2.1, 4.4",
      "The `type` is a string, and one that is known.",
      ...refusesProofWith("type", [undefined, 42, {}, null, "", ["DataIntegrityProof"], "NobodysProof2099"]),
      refusesProof("of an unknown type", { members: { type: "NobodysProof2099" } }),
      refusesProof("of no type", { members: { type: undefined } }),
    ),
    must(
      "2.1, 4.4",
      "The `proofPurpose` is a string that is known.",
      ...refusesProofWith("proofPurpose", [undefined, 5, {}, [], null, "", ["assertionMethod"]]),
      refusesProof("of an unknown purpose", { members: { proofPurpose: "nobodysPurpose" } }),
      refusesProof("of no purpose", { members: { proofPurpose: undefined } }),
    ),
    must(
      "2.1, 4.4",
      "The `verificationMethod` is a string that is a URL, and is there.",
      ...refusesProofWith("verificationMethod", [
        undefined,
        5,
        null,
        "",
        "not a url",
        [SOMEBODY.verificationMethod],
        {
          id: SOMEBODY.verificationMethod,
          type: "Multikey",
          controller: SOMEBODY.did,
          publicKeyMultibase: SOMEBODY.did.slice("did:key:".length),
        },
      ]),
      refusesProof("without verification method", { members: { verificationMethod: undefined } }),
    ),
    must(
      "2.1, 3.1",
      "A `DataIntegrityProof` has a `cryptosuite`, which is a string.",
      ...refusesProofWith("cryptosuite", [undefined, 1, null, "", {}, ["eddsa-jcs-2022"]]),
      refusesProof("without cryptosuite", { members: { cryptosuite: undefined } }, DATA_INTEGRITY_SUITES),
    ),
    must(
      "2.1",
      "`created` is a dateTimeStamp, and may be absent.",
      shows("issues the time at which it signs, in UTC", async (service) => {
        for (const suite of ALL_SUITES) {
          const { proof } = memberOf(await service.issue(suite, CREDENTIAL), "verifiableCredential");
          expect(proof).toMatchObject({ created: "2026-11-23T08:00:00Z" });
        }
      }),
      verifiesProof("without created", { members: { created: undefined } }),
      verifiesProof("created in another zone", { members: { created: "2026-11-23T09:00:00+01:00" } }),
      verifiesProof("created at a part of a second", { members: { created: "2026-11-23T07:59:59.5Z" } }),
      ...refusesProofWith("created", NO_TIME),
      refusesProof("created at no time", { members: { created: "2024-02-30T00:00:00Z" } }),
    ),
    must(
      "2.1",
      "`expires` is a dateTimeStamp, and may be absent.",
      verifiesProof("that expires", { members: { expires: "2099-01-01T00:00:00Z" } }),
      verifiesProof("that expires in another zone", { members: { expires: "2026-11-23T07:00:01-01:00" } }),
      ...refusesProofWith("expires", NO_TIME),
    ),
    must(
      "2.1, 2.6",
      "A proof is good from `created` to `expires`.",
      refusesProof("that expired", { members: { expires: "2001-01-01T00:00:00Z" } }),
      refusesProof("that expires now", { members: { expires: "2026-11-23T08:00:00Z" } }),
      refusesProof("of the future", { members: { created: "2026-11-23T08:05:00Z" } }),
    ),
    must(
      "2.1",
      "`domain` is a string, or a set of strings.",
      verifiesProof("for a domain", { members: { domain: "d.example" } }),
      verifiesProof("for two domains", { members: { domain: ["d.example", "e.example"] } }),
      ...refusesProofWith("domain", [5, null, {}, [], [1], ["d.example", 5], [["d.example"]]]),
    ),
    must(
      "2.1",
      "`challenge` is a string.",
      verifiesProof("with a challenge", { members: { challenge: "c" } }),
      ...refusesProofWith("challenge", [5, null, {}, ["c"]]),
    ),
    must(
      "2.1, 3.1",
      "`proofValue` is a string in multibase, and is there.",
      ...[5, null, {}, ["z"], "", "z"].map((value) =>
        refusesProof(`whose proofValue is ${JSON.stringify(value)}`, { encode: () => value }),
      ),
      shows("does not verify one with a character outside its alphabet", async (service) => {
        for (const suite of ALL_SUITES) {
          const signed = await signByHand(bySomebody(CREDENTIAL), { suite });
          const { proofValue } = signed["proof"] as { readonly proofValue: string };
          for (const character of ["0", "O", "I", "l", " ", "=", "+", "\n", "é"]) {
            const other = `${proofValue.slice(0, 20)}${character}${proofValue.slice(21)}`;
            expectRefused(await service.verify(changed(signed, { "/proof/proofValue": other })));
          }
        }
      }),
      shows("does not verify a signature by another name", async (service) => {
        for (const suite of ALL_SUITES) {
          const signed = await signByHand(bySomebody(CREDENTIAL), { suite });
          const { proofValue = null } = signed["proof"] as JsonObject;
          for (const name of ["jws", "signatureValue", "proofvalue"]) {
            const other = changed(signed, { "/proof/proofValue": undefined, [`/proof/${name}`]: proofValue });
            expectRefused(await service.verify(other));
          }
        }
      }),
    ),
    must(
      "2.1",
      "`nonce` is a string.",
      verifiesProof("with a nonce", { members: { nonce: "abc" } }),
      ...refusesProofWith("nonce", [5, null, {}, ["abc"]]),
    ),
    must(
      "2.1.1, 4.5",
      "A set of proofs has no order; each of them is verified.",
      shows("verifies two proofs, in either order, and of different suites", async (service) => {
        const credential = bySomebody(CREDENTIAL);
        for (const suite of DATA_INTEGRITY_SUITES) {
          for (const second of DATA_INTEGRITY_SUITES) {
            const set = await proofsOf({ suite }, { suite: second, signer: OTHER });
            expectVerified(await service.verify({ ...credential, proof: set }));
            expectVerified(await service.verify({ ...credential, proof: set.toReversed() }));
          }
        }
      }),
      shows("does not verify where one of two is wrong, in either order", async (service) => {
        const credential = bySomebody(CREDENTIAL);
        for (const suite of DATA_INTEGRITY_SUITES) {
          const [own = null, other = null] = await proofsOf({ suite }, { suite, signer: OTHER });
          for (const set of [
            [own, brokenProof(other)],
            [brokenProof(own), other],
            [own, { ...(other as JsonObject), proofPurpose: "authentication" }],
          ]) {
            expectRefusedAs(await service.verify({ ...credential, proof: set }), "SIGNATURE_INVALID");
            expectRefused(await service.verify({ ...credential, proof: set.toReversed() }));
          }
        }
      }),
      shows("does not verify where one of two lacks a member, or is of an unknown suite", async (service) => {
        const credential = bySomebody(CREDENTIAL);
        for (const suite of DATA_INTEGRITY_SUITES) {
          for (const members of [
            { proofPurpose: undefined },
            { verificationMethod: undefined },
            { type: undefined },
            { cryptosuite: "nobodys-2024" },
          ]) {
            const set = await proofsOf({ suite }, { suite, signer: OTHER, members });
            expectRefused(await service.verify({ ...credential, proof: set }));
            expectRefused(await service.verify({ ...credential, proof: set.toReversed() }));
          }
        }
      }),
    ),
    must(
      "2.1",
      "`previousProof` is a string, or a list of strings.",
      ...refusesProofWith("previousProof", [5, null, {}, [], [5], ""]),
    ),
    must(
      "2.1.2, 4.5",
      "Each `previousProof` is the `id` of a proof that is there.",
      refusesProof("that follows on one that is not there", { members: { previousProof: FIRST } }),
      refusesProof("that follows on a list of what is not there", { members: { previousProof: [FIRST] } }),
      refusesProof("that follows on itself", { members: { id: FIRST, previousProof: FIRST } }),
      shows(
        "does not verify a proof that follows on one that is there and one that is not",
        async (service) => {
          for (const suite of DATA_INTEGRITY_SUITES) {
            const once = await signByHand(bySomebody(CREDENTIAL), { suite, members: { id: FIRST } });
            const previous = [once["proof"] ?? null];
            const members = { previousProof: [FIRST, SECOND] };
            expectRefused(
              await service.verify(await signByHand(once, { suite, signer: OTHER, members, previous })),
            );
          }
        },
      ),
      shows(
        "does not verify a chain whose first proof was taken away, or has another id",
        async (service) => {
          for (const suite of DATA_INTEGRITY_SUITES) {
            const { credential, first, second } = await chained(suite);
            expectRefused(await service.verify({ ...credential, proof: second }));
            expectRefused(await service.verify({ ...credential, proof: [second] }));
            const renamed = { ...(first as JsonObject), id: SECOND };
            expectRefused(await service.verify({ ...credential, proof: [renamed, second] }));
          }
        },
      ),
      shows("does not verify two proofs of one id", async (service) => {
        const credential = bySomebody(CREDENTIAL);
        for (const suite of DATA_INTEGRITY_SUITES) {
          const members = { id: FIRST };
          const set = await proofsOf({ suite, members }, { suite, members, signer: OTHER });
          expectRefused(await service.verify({ ...credential, proof: set }));
        }
      }),
      shows("does not verify proofs that follow on each other", async (service) => {
        const credential = bySomebody(CREDENTIAL);
        for (const suite of DATA_INTEGRITY_SUITES) {
          const set = await proofsOf(
            { suite, members: { id: FIRST, previousProof: SECOND } },
            { suite, signer: OTHER, members: { id: SECOND, previousProof: FIRST } },
          );
          expectRefused(await service.verify({ ...credential, proof: set }));
        }
      }),
    ),
    must(
      "2.1, 4.3, 4.5",
      "A proof signs those that it follows on; it is verified if they are.",
      shows("verifies a chain of two, in either order", async (service) => {
        for (const suite of ALL_SUITES) {
          const { credential, first, second } = await chained(suite);
          expectVerified(await service.verify(credential));
          expectVerified(await service.verify({ ...credential, proof: [second, first] }));
        }
      }),
      shows("verifies a proof that follows on two others", async (service) => {
        const third = { members: { previousProof: [FIRST, SECOND] } };
        for (const suite of ALL_SUITES) {
          const one = await signByHand(bySomebody(CREDENTIAL), { suite, members: { id: FIRST } });
          const two = await signByHand(one, { suite, signer: OTHER, members: { id: SECOND } });
          const previous = two["proof"] as readonly JsonValue[];
          expectVerified(await service.verify(await signByHand(two, { ...third, suite, previous })));
        }
      }),
      shows("does not verify a chain that was signed without the proof before", async (service) => {
        const members = { previousProof: FIRST };
        for (const suite of ALL_SUITES) {
          const once = await signByHand(bySomebody(CREDENTIAL), { suite, members: { id: FIRST } });
          expectRefusedAs(
            await service.verify(await signByHand(once, { suite, signer: OTHER, members })),
            "SIGNATURE_INVALID",
          );
        }
      }),
      shows("does not verify a chain whose first proof is wrong, and was signed so", async (service) => {
        const members = { previousProof: FIRST };
        for (const suite of ALL_SUITES) {
          const once = await signByHand(bySomebody(CREDENTIAL), { suite, members: { id: FIRST } });
          const first = brokenProof(once["proof"] ?? null);
          const broken = { ...once, proof: first };
          expectRefusedAs(
            await service.verify(
              await signByHand(broken, { suite, signer: OTHER, members, previous: [first] }),
            ),
            "SIGNATURE_INVALID",
          );
        }
      }),
      shows("does not verify a chain whose first proof was changed, or made anew", async (service) => {
        for (const suite of ALL_SUITES) {
          const { credential, first, second } = await chained(suite);
          const members = { id: FIRST, created: "2026-11-23T07:00:00Z" };
          const anew = (await signByHand(bySomebody(CREDENTIAL), { suite, members }))["proof"] ?? null;
          for (const other of [brokenProof(first), anew]) {
            expectRefused(await service.verify({ ...credential, proof: [other, second] }));
          }
        }
      }),
    ),
    must(
      "2.2, 4.4",
      "A credential is signed to assert it, and a presentation to authenticate.",
      ...["authentication", "keyAgreement", "capabilityInvocation", "capabilityDelegation"].map((purpose) =>
        refusesProof(`of a credential for ${purpose}`, { members: { proofPurpose: purpose } }),
      ),
      ...["assertionMethod", "keyAgreement", "capabilityInvocation", "capabilityDelegation"].map((purpose) =>
        shows(`does not verify a proof of a presentation for ${purpose}`, async (service) => {
          for (const suite of ALL_SUITES) {
            expectVerified(await presented(service, suite, {}));
            expectRefused(await presented(service, suite, { proofPurpose: purpose }));
          }
        }),
      ),
      shows("tells a wrong purpose as the specification does", async (service) => {
        const members = { proofPurpose: "authentication" };
        const answer = await service.verify(
          await signByHand(bySomebody(CREDENTIAL), { suite: "eddsa-jcs-2022", members }),
        );
        expect(typesIn(answer)).toEqual([`${SECURITY}PROOF_VERIFICATION_ERROR`]);
      }),
    ),
    must(
      "2.3",
      "`digestMultibase` may stand wherever there is an `id`.",
      accepts("a digest beside an id", {
        "/credentialSubject/image": {
          id: "https://example.org/image.png",
          digestMultibase: "zQmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n",
        },
      }),
    ),
    must(
      "2.4",
      "The contexts of Data Integrity are known, and not fetched.",
      ...[DATA_INTEGRITY_V2, MULTIKEY_V1].map((context) =>
        accepts(`the context ${context}`, {
          "/@context": [V2, context],
          "/type": ["VerifiableCredential"],
          "/credentialSubject": { id: "did:example:student", name: "Ada" },
        }),
      ),
    ),
    must(
      "2.4.1, 4.6",
      "Contexts are validated: what is not known is refused.",
      refuses("an unknown context", { "/@context": [V2, "https://example.org/there-is-no-such-context"] }),
      refuses("a context inside", { "/credentialSubject/@context": { degree: "https://example.org/x" } }),
      refuses("a known context inside", { "/credentialSubject/@context": MULTIKEY_V1 }),
      refuses("terms of proofs defined anew", {
        "/@context": [V2, { proofPurpose: "https://example.org/proofPurpose" }],
      }),
      refuses("a type of proofs defined anew", {
        "/@context": [V2, { DataIntegrityProof: "https://example.org/DataIntegrityProof" }],
      }),
    ),
    must(
      "2.4.2",
      "What a document's contexts lack of the terms of proofs is appended.",
      shows("appends the context of the suite to those of VC Data Model 1.1", async (service) => {
        const credential = {
          "@context": [V1],
          type: ["VerifiableCredential"],
          issuanceDate: "2020-01-01T00:00:00Z",
          credentialSubject: { id: "did:example:student" },
        };
        for (const suite of DATA_INTEGRITY_SUITES) {
          const issued = memberOf(await service.issue(suite, credential), "verifiableCredential");
          expect(issued["@context"]).toEqual([V1, DATA_INTEGRITY_V2]);
          expectVerified(await service.verify(issued));
          const twice = { ...credential, "@context": [V1, DATA_INTEGRITY_V2] };
          const again = memberOf(await service.issue(suite, twice), "verifiableCredential");
          expect(again["@context"]).toEqual([V1, DATA_INTEGRITY_V2]);
        }
      }),
      shows("leaves those of VC Data Model 2.0 as they are", async (service) => {
        for (const suite of DATA_INTEGRITY_SUITES) {
          const issued = memberOf(await service.issue(suite, CREDENTIAL), "verifiableCredential");
          expect(issued["@context"]).toEqual(CREDENTIAL["@context"]);
        }
      }),
    ),
    must(
      "2.4.3",
      "What JSON-LD would leave out is an error.",
      ...(
        [
          ["an undefined term", { "/nobodysTerm": "x" }],
          ["an undefined term of the subject", { "/credentialSubject/nobodysTerm": "x" }],
          ["an undefined term deeper down", { "/credentialSubject/image": { id: FIRST, nobodysTerm: "x" } }],
          [
            "an undefined term in a list",
            { "/credentialSubject": [{ id: FIRST, name: "x" }, { nobodysTerm: "y" }] },
          ],
          ["an undefined type", { "/type": ["VerifiableCredential", "NobodysCredential"] }],
          ["a relative id", { "/credentialSubject/id": "student" }],
          ["a relative id of the document", { "/id": "./credential" }],
        ] as const
      ).flatMap(([what, changes]) =>
        refuses(what, {
          "/@context": [V2],
          "/type": ["VerifiableCredential"],
          "/credentialSubject": { id: "did:example:student", name: "Ada" },
          ...changes,
        }),
      ),
      shows("does not verify an undefined term that was added to what was signed", async (service) => {
        const credential = changed(bySomebody(CREDENTIAL), {
          "/@context": [V2],
          "/type": ["VerifiableCredential"],
          "/credentialSubject": { id: "did:example:student", name: "Ada" },
        });
        for (const suite of ALL_SUITES) {
          const signed = await signByHand(credential, { suite });
          expectVerified(await service.verify(signed));
          for (const place of ["/nobodysTerm", "/credentialSubject/nobodysTerm", "/proof/nobodysTerm"]) {
            expectRefused(await service.verify(changed(signed, { [place]: "x" })));
          }
        }
      }),
    ),
    must(
      "4.2",
      "A document is issued as it came, with a proof.",
      shows("adds an issuer, a proof and the contexts that this needs, and nothing else", async (service) => {
        const credential = changed(CREDENTIAL, {
          "/id": FIRST,
          "/name": "Ω≠ß 日本語 😀",
          "/credentialSubject": {
            id: "did:example:student",
            numbers: [1, 2.5, -3],
            nested: { a: [true, false] },
          },
        });
        for (const suite of ALL_SUITES) {
          const issued = memberOf(await service.issue(suite, credential), "verifiableCredential");
          const { proof: _, "@context": contexts, ...members } = issued;
          expect({ ...members, "@context": (contexts as readonly string[]).slice(0, 2) }).toEqual({
            ...credential,
            issuer: service.did,
          });
        }
      }),
      shows("does not issue what cannot be transformed, or has a proof already", async (service) => {
        for (const suite of ALL_SUITES) {
          const { proof } = memberOf(await service.issue(suite, CREDENTIAL), "verifiableCredential");
          for (const changes of [
            { "/@context": [V2], "/nobodysTerm": "x" },
            { "/@context": "not a url" },
            { "/proof": proof },
            { "/proof": [] },
          ]) {
            expectNotIssued(await service.issue(suite, changed(CREDENTIAL, changes)));
          }
        }
      }),
    ),
    must(
      "4.4",
      "A verification answers yes without errors, or no with one at least.",
      shows("verifies by every suite", async (service) => {
        for (const suite of ALL_SUITES) {
          const answer = await service.verify(await signByHand(bySomebody(CREDENTIAL), { suite }));
          expectVerified(answer);
          expect(answer.json).toMatchObject({ verified: true, errors: [], warnings: [] });
        }
      }),
      shows("answers what is no document with a problem", async (service) => {
        for (const document of ["x", 123, [], null, {}]) expectRefused(await service.verify(document));
      }),
      shows("gives no document where it says no", async (service) => {
        const { json } = await service.verify(changed(bySomebody(CREDENTIAL), { "/proof": {} }));
        expect(json["verified"]).toBe(false);
        expect(json).not.toHaveProperty("verifiedDocument");
        expect(json).not.toHaveProperty("verifiableCredential");
      }),
    ),
    must(
      "4.4",
      "Where a domain is expected, the proof is for exactly that.",
      ...[["d"], "d"].map((domain) =>
        shows(`verifies a presentation for the domain ${JSON.stringify(domain)}`, async (service) => {
          for (const suite of ALL_SUITES)
            expectVerified(await presented(service, suite, { domain }, { domain: "d" }));
        }),
      ),
      ...[undefined, "e", "D", "d.", "d,e", ["e"], ["d", "e"], ["e", "d"]].map((domain) =>
        shows(
          `does not verify a presentation for ${domain === undefined ? "no domain" : `the domain ${JSON.stringify(domain)}`}`,
          async (service) => {
            for (const suite of ALL_SUITES) {
              const answer = await presented(service, suite, { domain }, { domain: "d" });
              expectRefusedAs(answer, "DOMAIN_MISMATCH");
              expect(typesIn(answer)).toEqual([`${SECURITY}INVALID_DOMAIN_ERROR`]);
            }
          },
        ),
      ),
      shows("verifies a presentation for any domain where none is expected", async (service) => {
        for (const suite of ALL_SUITES) {
          expectVerified(await presented(service, suite, { domain: "d" }));
          expectVerified(await presented(service, suite, { domain: ["d", "e"] }));
        }
      }),
    ),
    must(
      "4.4",
      "Where a challenge is expected, the proof bears it.",
      shows("verifies a presentation with the challenge", async (service) => {
        for (const suite of ALL_SUITES)
          expectVerified(await presented(service, suite, { challenge: "c" }, { challenge: "c" }));
      }),
      ...[undefined, "d", "C", "c "].map((challenge) =>
        shows(
          `does not verify a presentation with ${challenge === undefined ? "no challenge" : JSON.stringify(challenge)}`,
          async (service) => {
            for (const suite of ALL_SUITES) {
              const answer = await presented(service, suite, { challenge }, { challenge: "c" });
              expectRefusedAs(answer, "CHALLENGE_MISMATCH");
              expect(typesIn(answer)).toEqual([`${SECURITY}INVALID_CHALLENGE_ERROR`]);
            }
          },
        ),
      ),
      shows("asks it of every proof by which somebody presents", async (service) => {
        for (const suite of DATA_INTEGRITY_SUITES) {
          const members = { challenge: "c", domain: "d" };
          const once = await signByHand(PRESENTATION, { suite, members });
          for (const [more, codes] of [
            [members, []],
            [{ ...members, challenge: "b" }, ["CHALLENGE_MISMATCH"]],
            [{ ...members, domain: "e" }, ["DOMAIN_MISMATCH"]],
          ] as const) {
            const twice = await signByHand(once, { suite, signer: OTHER, members: more });
            const answer = await service.verifyPresentation(twice, members);
            if (codes.length === 0) expectVerified(answer);
            else expectRefusedAs(answer, ...codes);
          }
        }
      }),
    ),
    must(
      "4.7",
      "The `type` of an error of these algorithms is a URL of the security vocabulary.",
      shows("names what is wrong with a proof", async (service) => {
        const credential = bySomebody(CREDENTIAL);
        expect(typesIn(await service.verify(credential))).toEqual([`${SECURITY}PROOF_VERIFICATION_ERROR`]);
        for (const [members, type] of [
          [{ cryptosuite: "nobodys-2024" }, "PROOF_VERIFICATION_ERROR"],
          [{ expires: "2001-01-01T00:00:00Z" }, "PROOF_VERIFICATION_ERROR"],
          [{ previousProof: FIRST }, "PROOF_VERIFICATION_ERROR"],
          [{ verificationMethod: `${SOMEBODY.did}#key-1` }, "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"],
        ] as const) {
          const signed = await signByHand(credential, { suite: "eddsa-jcs-2022", members });
          expect(typesIn(await service.verify(signed))).toEqual([SECURITY + type]);
        }
      }),
      shows("names what cannot be transformed", async (service) => {
        const credential = changed(CREDENTIAL, { "/@context": [V2], "/nobodysTerm": "x" });
        const { json } = await service.issue("eddsa-rdfc-2022", credential);
        expect(json["type"]).toBe(`${SECURITY}PROOF_TRANSFORMATION_ERROR`);
      }),
    ),
    must(
      "Controlled Identifiers, 2.1 to 2.3",
      "The document of the issuer's DID has its `id`, and the method that signs under its relationship.",
      shows("resolves the method of what it issues, by the DID and by itself", async (service) => {
        for (const suite of ALL_SUITES) {
          const issued = memberOf(await service.issue(suite, CREDENTIAL), "verifiableCredential");
          const [document, method] = await methodOf(service, issued);
          expect(document["id"]).toBe(service.did);
          expect(document["assertionMethod"]).toContain(method.id);
          const url = encodeURIComponent(method.id);
          const dereferenced = await service.get(`/1.0/identifiers/${url}`);
          expect(memberOf(dereferenced, "didDocument")).toMatchObject(method);
        }
      }),
      shows(
        "gives each method id, type, controller and one key, and each relationship methods",
        async (service) => {
          const issued = memberOf(await service.issue("eddsa-rdfc-2022", CREDENTIAL), "verifiableCredential");
          const [document] = await methodOf(service, issued);
          const methods = document["verificationMethod"] as readonly JsonObject[];
          const ids = methods.map(({ id }) => id);
          expect(new Set(ids).size).toBe(methods.length);
          for (const method of methods) {
            expect(method).toEqual({
              id: expect.stringMatching(/^did:key:z6Mk\w+#z\w+$/) as string,
              type: "Multikey",
              controller: service.did,
              publicKeyMultibase: expect.stringMatching(/^z\w+$/) as string,
            });
          }
          for (const relationship of ["authentication", "assertionMethod"]) {
            expect(document[relationship]).toEqual(ids.slice(0, 1));
          }
        },
      ),
      shows("gives away no secret key", async (service) => {
        const issued = memberOf(await service.issue("eddsa-rdfc-2022", CREDENTIAL), "verifiableCredential");
        for (const document of [issued, ...(await methodOf(service, issued))]) {
          expect(JSON.stringify(document)).not.toMatch(/secretKey|privateKey|"d":|z3u2/);
        }
      }),
    ),
    must(
      "Controlled Identifiers, 3.3",
      "The verification method is a URL of a document that can be had, and is the one of that name in it.",
      ...refusesProofWith("verificationMethod", [
        "z6MkvDqGT54cXesYGvABpF1UapVNwjCqRcafi4Px6Thv5T3Z",
        "did:example:123#key-1",
        "https://issuer.example/keys#1",
        SOMEBODY.did,
        `${SOMEBODY.did}#`,
        `${SOMEBODY.did}#key-1`,
        `${SOMEBODY.did}#${OTHER.did.slice("did:key:".length)}`,
        `${SOMEBODY.verificationMethod}x`,
        SOMEBODY.verificationMethod.toLowerCase(),
        SOMEBODY.verificationMethod.replace("#", "?x=1#"),
        SOMEBODY.verificationMethod.replace("#", "/path#"),
        ` ${SOMEBODY.verificationMethod}`,
      ]),
      refusesProof("by the key of another DID", {
        members: { verificationMethod: OTHER.verificationMethod },
      }),
    ),
    must(
      "2.6",
      "The method's controller is the issuer of the credential, or the holder of the presentation.",
      refusesProof("of a credential by another DID", { signer: OTHER }),
      shows("does not verify a proof of a presentation by another DID than its holder", async (service) => {
        for (const suite of ALL_SUITES) {
          const presentation = changed(PRESENTATION, { "/holder": SOMEBODY.did });
          expectVerified(await service.verifyPresentation(await signByHand(presentation, { suite })));
          const foreign = await signByHand(presentation, { suite, signer: OTHER });
          expectRefusedAs(await service.verifyPresentation(foreign), "HOLDER_MISMATCH");
        }
      }),
    ),
  ],
  otherwise: [
    but("2.1", "further members of a proof", "refused: Writ could not say what they mean"),
    but(
      "2.1",
      "`cryptosuite` in an `Ed25519Signature2020`",
      "refused: the contexts of that type have no such term",
    ),
    but(
      "2.1",
      "times without offset, which a processor may take for UTC",
      "refused (DESIGN 4.6); `created` may be 60 s ahead",
    ),
    but(
      "2.2",
      "other purposes than `assertionMethod` and `authentication`",
      "refused in sets as well: no credential or presentation is signed for them",
    ),
    but("2.3", "`digestMultibase` elsewhere than in `relatedResource`", "kept as it is, and not read"),
    but(
      "2.4",
      "`jwk/v1` and `cid/v1` as contexts, and `multikey/v1` with the bytes of the specification",
      "they are for DID documents: the first two are refused in credentials; of `multikey/v1` there are the bytes that its publisher distributes",
    ),
    but(
      "4.2, 4.3",
      "domain, challenge, purpose or a further proof on request",
      "an issuer of the service decides on its proof by itself: other options of the request are not read",
    ),
    but(
      "4.4",
      "several expected domains, and a domain or challenge for a credential",
      "a service has one; they bind presentations, and are not read for a credential",
    ),
    but(
      "4.7",
      "an error type of this vocabulary for every problem",
      "malformed members and wrong signatures have the types of VC Data Model 2.0, section 7.2; what no specification names has Writ's own",
    ),
  ],
  untested: [
    but("2.4", "the vocabulary documents", "nothing reads them to sign or to verify"),
    but("3", "what a cryptographic suite must specify", "it is for specifications"),
    but(
      "Controlled Identifiers, 2.2, 3.3",
      "documents that are not of a did:key: their form, `controller`, `expires`, `revoked`, several keys in one method",
      "the service resolves no DID over the network that nobody has told it to trust; shown by the tests of `resolveVerificationKey`",
    ),
  ],
};
