import { createHash, createPublicKey, verify } from "node:crypto";

import { ed25519ctx, ed25519ph } from "@noble/curves/ed25519.js";
import {
  createSeedSigner,
  decodeBase58,
  type JsonObject,
  type JsonValue,
  type Signer,
  type SuiteName,
} from "@writ/core";
import { readJsonVector } from "@writ/testkit";
import { expect } from "vitest";

import { base58btc, canonicalRdf, hashData, signByHand, type ByHand } from "./by-hand.js";
import { expectNotIssued, expectRefused, expectVerified, shows } from "./cases.js";
import { changed, CREDENTIAL, V1, V2 } from "./documents.js";
import {
  DATA_INTEGRITY_SUITES,
  ED25519_2020,
  expectRefusedAs,
  JCS,
  RDFC,
  refusesProof,
  refusesProofWith,
  verifiesProof,
} from "./proofs.js";
import { memberOf, type Service } from "./service.js";
import { ALL_SUITES, bySomebody, OTHER, sign, SOMEBODY, SOMEBODYS_SEED } from "./signing.js";
import { but, must, type Case, type Specification } from "./specification.js";

const ED25519_2020_V1 = "https://w3id.org/security/suites/ed25519-2020/v1";
const RDF_SUITES: readonly SuiteName[] = ["eddsa-rdfc-2022", "Ed25519Signature2020"];
const VECTORS = "vc-di-eddsa";
/** The order of the group (RFC 8032, section 5.1). */
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

/** A credential with what canonicalisation could go wrong with. */
const RICH = changed(CREDENTIAL, {
  "/id": "urn:uuid:33333333-3333-4333-8333-333333333333",
  "/name": "Ω≠ß 日本語 😀",
  "/description": { "@value": '"quoted" \\ and\ttabbed\nlines', "@language": "en" },
  "/credentialSubject": {
    id: "did:example:student",
    numbers: [0, 1, -3, 2.5, 0.00000015, 123_456_789],
    "\u{e000}": "a private character",
    "😀": "sorted before it, by UTF-16",
    nested: { a: [true, false], b: { c: "deep" } },
  },
});

/** A document of VC Data Model 1.1. */
const OLD: JsonObject = {
  "@context": [V1],
  type: ["VerifiableCredential"],
  issuanceDate: "2020-01-01T00:00:00Z",
  credentialSubject: { id: "did:example:student" },
};

interface IssuedProof {
  readonly proofValue: string;
  readonly verificationMethod: string;
}

/** Issues, and verifies the signature with node:crypto, over what the specification says is signed. */
async function expectRecomputed(service: Service, suite: SuiteName, credential: JsonObject): Promise<void> {
  const answer = await service.issue(suite, credential);
  expect({ suite, status: answer.status, problem: answer.json["detail"] }).toMatchObject({ status: 201 });
  const issued = memberOf(answer, "verifiableCredential");
  const { proofValue, ...options } = issued["proof"] as JsonObject & IssuedProof;
  expect(proofValue).toMatch(/^z[1-9A-HJ-NP-Za-km-z]+$/);
  const signature = decodedBase58(proofValue.slice(1));
  expect(signature).toHaveLength(64);
  expect(base58btc(signature)).toBe(proofValue);
  const url = encodeURIComponent(options.verificationMethod);
  const method = memberOf(await service.get(`/1.0/identifiers/${url}`), "didDocument");
  const x = publicKeyIn(method).toString("base64url");
  const key = createPublicKey({ format: "jwk", key: { kty: "OKP", crv: "Ed25519", x } });
  expect(verify(null, await hashData(issued, options, { suite }), key, signature)).toBe(true);
}

/** The 32 bytes behind the header of a Multikey. */
function publicKeyIn(method: JsonObject): Buffer {
  const { publicKeyMultibase } = method as { readonly publicKeyMultibase: string };
  expect(publicKeyMultibase).toMatch(/^z6Mk[1-9A-HJ-NP-Za-km-z]{44}$/);
  const bytes = decodedBase58(publicKeyMultibase.slice(1));
  expect(bytes).toHaveLength(34);
  expect(bytes.subarray(0, 2).toString("hex")).toBe("ed01");
  return bytes.subarray(2);
}

/** Section 3.2 of Controlled Identifiers 1.0: integer arithmetic, and a zero byte for each leading 1. */
function decodedBase58(text: string): Buffer {
  const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  const number = [...text].reduce((sum, character) => sum * 58n + BigInt(alphabet.indexOf(character)), 0n);
  const hex = number === 0n ? "" : number.toString(16);
  const zeros = /^1*/.exec(text)?.[0].length ?? 0;
  return Buffer.concat([
    Buffer.alloc(zeros),
    Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex"),
  ]);
}

/** Somebody who signs the data in another way than the suites do. */
function signing(sign: (data: Uint8Array) => Uint8Array | Promise<Uint8Array>): Pick<ByHand, "signer"> {
  return { signer: { ...SOMEBODY, sign: async (data) => sign(data) } };
}

/** The signature with another number that is the same modulo the order. */
async function malleated(data: Uint8Array): Promise<Uint8Array> {
  const signature = Buffer.from(await SOMEBODY.sign(data));
  const number = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString("hex")}`) + L;
  return Buffer.concat([
    signature.subarray(0, 32),
    Buffer.from(number.toString(16).padStart(64, "0"), "hex").reverse(),
  ]);
}

function hashing(algorithm: string): NonNullable<ByHand["hash"]> {
  return (...texts) => Buffer.concat(texts.map((text) => createHash(algorithm).update(text).digest()));
}

const KEY = decodeBase58(SOMEBODY.did.slice("did:key:z".length)).subarray(2);

/** Ways to write a key that are not that of an Ed25519 public key, most of them with somebody's own behind it. */
const NO_MULTIKEYS: Readonly<Record<string, string>> = {
  "in base64url": `u${Buffer.from([0xed, 1, ...KEY]).toString("base64url")}`,
  "in hexadecimal": `f${Buffer.from([0xed, 1, ...KEY]).toString("hex")}`,
  "without header": base58btc(KEY),
  "with a longer varint for a header": base58btc(Uint8Array.of(0xed, 0x81, 0, ...KEY)),
  "with the header of a secret key": base58btc(Uint8Array.of(0x80, 0x26, ...KEY)),
  "with the header of an X25519 key": base58btc(Uint8Array.of(0xec, 1, ...KEY)),
  "with an unknown header": base58btc(Uint8Array.of(0x90, 0x24, ...KEY)),
  "of 31 bytes": base58btc(Uint8Array.of(0xed, 1, ...KEY.subarray(1))),
  "of 33 bytes": base58btc(Uint8Array.of(0xed, 1, ...KEY, 0)),
  "with a zero before the header": base58btc(Uint8Array.of(0, 0xed, 1, ...KEY)),
  "outside the curve": "z6Mkeb4rtEhc8DUtvt5ehaVjdx3TLbQPpnTArkXhqfb1Mq75",
  "of P-256": "zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv",
  "of P-384": "z82LkvCwHNreneWpsgPEbV3gu1C6NFJEBg4srfJ5gdxEsMGRJUz2sG9FE42shbn2xkZJh54",
  "of secp256k1": "zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme",
};

/** What is signed says all of this; each change of it is seen. */
const EVERY_MEMBER = {
  id: "urn:uuid:11111111-1111-4111-8111-111111111111",
  created: "2026-11-23T07:00:00Z",
  expires: "2027-01-01T00:00:00Z",
  domain: ["d.example", "e.example"],
  challenge: "c",
  nonce: "n",
} as const;

const OTHER_MEMBERS: Readonly<Record<string, JsonValue>> = {
  id: "urn:uuid:22222222-2222-4222-8222-222222222222",
  created: "2026-11-23T07:00:01Z",
  expires: "2027-01-02T00:00:00Z",
  domain: ["d.example", "f.example"],
  challenge: "d",
  nonce: "o",
  verificationMethod: OTHER.verificationMethod,
  proofPurpose: "authentication",
};

/** Where the specification has published the documents of each suite, and their proofs. */
const PUBLISHED: readonly (readonly [SuiteName, string])[] = [
  ["eddsa-rdfc-2022", "signedDataInt.json"],
  ["eddsa-jcs-2022", "signedJCS.json"],
  ["Ed25519Signature2020", "signedEdSig.json"],
];
const PUBLISHED_SETS = [
  "signedProofSet1.json",
  "signedProofSet2.json",
  "signedProofChain1.json",
  "signedProofChain2.json",
];

function published(name: string, run: (service: Service) => Promise<void>): Case {
  return { ...shows(name, run), needs: "published vectors" };
}

/** Who signed what is published: the seed stands behind the two bytes of its header. */
function publishedSigner(): Signer {
  const { privateKeyMultibase } = readJsonVector<{ privateKeyMultibase: string }>(VECTORS, "keyPair.json");
  return createSeedSigner(decodeBase58(privateKeyMultibase.slice(1)).slice(2));
}

export const DATA_INTEGRITY_EDDSA: Specification = {
  title: "Data Integrity EdDSA Cryptosuites 1.0",
  url: "https://www.w3.org/TR/vc-di-eddsa/",
  file: "data-integrity-eddsa.ts",
  requirements: [
    must(
      "2.1.1",
      "A public key is a Multikey in base58-btc: the header of Ed25519, and 32 bytes. No other form is allowed.",
      shows("resolves the method of what it issues to one", async (service) => {
        for (const suite of ALL_SUITES) {
          const { proof } = memberOf(await service.issue(suite, CREDENTIAL), "verifiableCredential");
          const url = encodeURIComponent((proof as unknown as IssuedProof).verificationMethod);
          const method = memberOf(await service.get(`/1.0/identifiers/${url}`), "didDocument");
          expect(method["type"]).toBe("Multikey");
          expect(publicKeyIn(method)).toHaveLength(32);
        }
      }),
      ...Object.entries(NO_MULTIKEYS).map(([what, multikey]) =>
        shows(`does not verify a proof by a key ${what}`, async (service) => {
          const did = `did:key:${multikey}`;
          const credential = changed(CREDENTIAL, { "/issuer": did });
          const members = { verificationMethod: `${did}#${multikey}` };
          for (const suite of ALL_SUITES) {
            expectRefused(await service.verify(await signByHand(credential, { suite, members })));
          }
        }),
      ),
    ),
    must(
      "2.2.1, 3.1",
      "The `type` is `DataIntegrityProof`, and the `cryptosuite` is that of the suite.",
      shows("issues them so", async (service) => {
        for (const cryptosuite of DATA_INTEGRITY_SUITES) {
          const { proof } = memberOf(await service.issue(cryptosuite, CREDENTIAL), "verifiableCredential");
          expect(proof).toMatchObject({ type: "DataIntegrityProof", cryptosuite });
        }
      }),
      shows("has no issuer of an unknown suite", async (service) => {
        const request = service.issue("eddsa-2022" as SuiteName, CREDENTIAL);
        expect(await request).toMatchObject({ status: 404, json: { code: "NOT_FOUND" } });
      }),
      ...["dataintegrityproof", "DataIntegrityProof2022", "Ed25519Signature2018", "Ed25519Signature2020"].map(
        (type) => refusesProof(`of type ${type}`, { members: { type } }, DATA_INTEGRITY_SUITES),
      ),
      ...["EDDSA-RDFC-2022", "Eddsa-jcs-2022", "eddsa-2022", "ecdsa-rdfc-2019", "nobodys-2024"].map(
        (cryptosuite) =>
          refusesProof(`of the suite ${cryptosuite}`, { members: { cryptosuite } }, DATA_INTEGRITY_SUITES),
      ),
      refusesProof(
        "that is called eddsa-jcs-2022, and is not",
        { members: { cryptosuite: "eddsa-jcs-2022" } },
        RDFC,
      ),
      refusesProof(
        "that is called eddsa-rdfc-2022, and is not",
        { members: { cryptosuite: "eddsa-rdfc-2022", "@context": undefined } },
        JCS,
      ),
    ),
    must(
      "2.2.1, 3.2.6, 3.3.6",
      "The `proofValue` is a detached Ed25519 signature of 64 bytes in base58-btc.",
      shows("issues one that verifies, and the same for the same", async (service) => {
        for (const suite of ALL_SUITES) {
          await expectRecomputed(service, suite, CREDENTIAL);
          const [one, two] = [await service.issue(suite, CREDENTIAL), await service.issue(suite, CREDENTIAL)];
          expect(one.json).toEqual(two.json);
        }
      }),
      refusesProof("in base64url", {
        encode: (signature) => `u${Buffer.from(signature).toString("base64url")}`,
      }),
      refusesProof("in base64", { encode: (signature) => `m${Buffer.from(signature).toString("base64")}` }),
      refusesProof("in hexadecimal", { encode: (signature) => `f${Buffer.from(signature).toString("hex")}` }),
      refusesProof("without the header of its base", {
        encode: (signature) => base58btc(signature).slice(1),
      }),
      refusesProof("of 63 bytes", { encode: (signature) => base58btc(signature.slice(0, 63)) }),
      refusesProof("of 65 bytes", { encode: (signature) => base58btc(Uint8Array.of(...signature, 0)) }),
      refusesProof("with a zero before it", {
        encode: (signature) => base58btc(Uint8Array.of(0, ...signature)),
      }),
      refusesProof("of zeros", { encode: () => base58btc(new Uint8Array(64)) }),
    ),
    must(
      "3.2.7, 3.3.7",
      "It is verified as pure Ed25519 (RFC 8032), with the key of the verification method.",
      verifiesProof("that somebody made by hand"),
      refusesProof(
        "by another key",
        signing((data) => OTHER.sign(data)),
      ),
      refusesProof(
        "with a bit flipped",
        signing(async (data) => {
          const signature = await SOMEBODY.sign(data);
          return signature.with(5, (signature[5] ?? 0) ^ 1);
        }),
      ),
      refusesProof(
        "as Ed25519ph",
        signing((data) => ed25519ph.sign(data, SOMEBODYS_SEED)),
      ),
      refusesProof(
        "as Ed25519ctx",
        signing((data) => ed25519ctx.sign(data, SOMEBODYS_SEED, { context: Buffer.from("x") })),
      ),
      refusesProof(
        "over a hash of the data",
        signing((data) => SOMEBODY.sign(createHash("sha512").update(data).digest())),
      ),
      refusesProof("whose number is not below the order of the group", signing(malleated)),
    ),
    must(
      "3.2.2, 3.3.2",
      "A proof signs the whole document, and itself but for `proofValue`.",
      verifiesProof("with every member", { members: EVERY_MEMBER }),
      ...Object.entries(OTHER_MEMBERS).map(([member, value]) =>
        shows(`does not verify after a change of ${member} in the proof`, async (service) => {
          for (const suite of ALL_SUITES) {
            const signed = await signByHand(bySomebody(CREDENTIAL), { suite, members: EVERY_MEMBER });
            expectRefused(await service.verify(changed(signed, { [`/proof/${member}`]: value })));
            if (!(member in EVERY_MEMBER)) continue;
            expectRefused(await service.verify(changed(signed, { [`/proof/${member}`]: undefined })));
            const plain = await signByHand(bySomebody(CREDENTIAL), {
              suite,
              members: { created: undefined },
            });
            expectRefused(await service.verify(changed(plain, { [`/proof/${member}`]: value })));
          }
        }),
      ),
      shows("does not verify after a change of any claim", async (service) => {
        for (const suite of ALL_SUITES) {
          const signed = await signByHand(bySomebody(RICH), { suite });
          expectVerified(await service.verify(signed));
          for (const changes of [
            { "/id": undefined },
            { "/name": "Ω≠ß 日本語 😁" },
            { "/description/@language": "de" },
            { "/credentialSubject/id": "did:example:other" },
            { "/credentialSubject/numbers": [0, 1, -3, 2.5, 0.00000025, 123_456_789] },
            { "/credentialSubject/nested/b/c": undefined },
            { "/credentialSubject/nested/b/c": "Deep" },
            { "/credentialSubject/more": "x" },
            { "/type": ["VerifiableCredential"] },
          ]) {
            expectRefused(await service.verify(changed(signed, changes)));
          }
        }
      }),
      shows("neither issues nor verifies numbers that RDF does not tell apart", async (service) => {
        for (const suite of ALL_SUITES) {
          for (const number of [0.0000001, -0.0000002, 0.1234567890123456]) {
            const credential = changed(CREDENTIAL, { "/credentialSubject/number": number });
            expectNotIssued(await service.issue(suite, credential));
            const signed = await signByHand(bySomebody(credential), { suite });
            expectRefusedAs(await service.verify(signed), "NUMBER_UNSAFE");
          }
        }
      }),
      shows("does not verify the proof of another document", async (service) => {
        for (const suite of ALL_SUITES) {
          const one = await signByHand(bySomebody(CREDENTIAL), { suite });
          const two = await signByHand(bySomebody(RICH), { suite });
          expectRefusedAs(
            await service.verify(changed(one, { "/proof": two["proof"] })),
            "SIGNATURE_INVALID",
          );
        }
      }),
    ),
    must(
      "3.2.3, 3.3.3",
      "The document is transformed in UTF-8, to canonical RDF or canonical JSON.",
      shows(
        "issues, and somebody recomputes, texts of many scripts, numbers and nested claims",
        async (service) => {
          for (const suite of ALL_SUITES) await expectRecomputed(service, suite, RICH);
        },
      ),
      shows("issues, and somebody recomputes, documents of VC Data Model 1.1", async (service) => {
        for (const suite of ALL_SUITES) await expectRecomputed(service, suite, OLD);
      }),
      shows("verifies documents of both data models that somebody made by hand", async (service) => {
        for (const suite of ALL_SUITES) {
          expectVerified(await service.verify(await signByHand(bySomebody(RICH), { suite })));
          const contexts =
            suite === "Ed25519Signature2020" ? [V1] : [V1, "https://w3id.org/security/data-integrity/v2"];
          const old = changed(bySomebody(OLD), { "/@context": contexts });
          expectVerified(await service.verify(await signByHand(old, { suite })));
        }
      }),
      shows("verifies members in any order", async (service) => {
        const reversed = (document: JsonObject): JsonObject =>
          Object.fromEntries(Object.entries(document).toReversed());
        for (const suite of ALL_SUITES) {
          const signed = reversed(await signByHand(bySomebody(RICH), { suite }));
          expectVerified(
            await service.verify({
              ...signed,
              proof: reversed(signed["proof"] as JsonObject),
              credentialSubject: reversed(signed["credentialSubject"] as JsonObject),
            }),
          );
        }
      }),
      shows("verifies sets in any order where RDF is signed, and not where JSON is", async (service) => {
        for (const suite of ALL_SUITES) {
          const signed = await signByHand(bySomebody(CREDENTIAL), { suite });
          for (const changes of [
            { "/type": ["ExampleDegreeCredential", "VerifiableCredential"] },
            { "/credentialSubject": [CREDENTIAL["credentialSubject"] ?? null] },
          ]) {
            const answer = await service.verify(changed(signed, changes));
            if (RDF_SUITES.includes(suite)) expectVerified(answer);
            else expectRefusedAs(answer, "SIGNATURE_INVALID");
          }
        }
      }),
    ),
    must(
      "3.2",
      "Documents that are made to be slow to canonicalise are refused.",
      shows("refuses a clique of blank nodes, and answers the next", async (service) => {
        const ids = Array.from({ length: 12 }, (_, index) => `_:b${String(index)}`);
        const clique = ids.map((id) => ({ id, knows: ids.filter((other) => other !== id) }));
        for (const suite of ALL_SUITES) {
          const poisoned = changed(CREDENTIAL, { "/credentialSubject/knows": clique });
          expect((await service.issue(suite, poisoned)).status).toBe(400);
          expectRefused(
            await service.verify({
              ...bySomebody(poisoned),
              proof: (await signByHand(bySomebody(CREDENTIAL), { suite }))["proof"],
            }),
          );
          expectVerified(await service.verify(await sign(bySomebody(CREDENTIAL), suite)));
        }
      }),
    ),
    must(
      "3.2.4, 3.3.4",
      "What is signed are two SHA-256 hashes: of the proof's configuration, then of the document.",
      refusesProof("over the hashes in the other order", {
        hash: (options, document) =>
          Buffer.concat([document, options].map((text) => createHash("sha256").update(text).digest())),
      }),
      refusesProof("over SHA-512", { hash: hashing("sha512") }),
      refusesProof("over SHA-384", { hash: hashing("sha384") }),
      refusesProof("over the document alone", {
        hash: (_, document) => createHash("sha256").update(document).digest(),
      }),
      refusesProof("over one hash of both", {
        hash: (options, document) =>
          createHash("sha256")
            .update(options + document)
            .digest(),
      }),
    ),
    must(
      "3.2.3, 3.2.5, 3.3.3, 3.3.5",
      "The proof has a `type` and a `cryptosuite`, and `created` is a time where it is there.",
      ...["type", "cryptosuite"].map((member) =>
        refusesProof(`without ${member}`, { members: { [member]: undefined } }, DATA_INTEGRITY_SUITES),
      ),
      ...["invalid", "2023-02-24", "2023-02-30T00:00:00Z"].map((created) =>
        refusesProof(`created at ${created}`, { members: { created } }, DATA_INTEGRITY_SUITES),
      ),
    ),
    must(
      "3.2.5",
      "The configuration of eddsa-rdfc-2022 is the proof under the document's contexts, as canonical RDF.",
      shows("issues a proof without contexts of its own, that says what is to be signed", async (service) => {
        const issued = memberOf(await service.issue("eddsa-rdfc-2022", CREDENTIAL), "verifiableCredential");
        const { proofValue: _, ...options } = issued["proof"] as JsonObject & IssuedProof;
        expect(options).not.toHaveProperty("@context");
        const { "@context": contexts = null } = issued;
        const quads = await canonicalRdf({ ...options, "@context": contexts });
        expect(quads.split("\n")).toEqual([
          '_:c14n0 <http://purl.org/dc/terms/created> "2026-11-23T08:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime> .',
          "_:c14n0 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/security#DataIntegrityProof> .",
          '_:c14n0 <https://w3id.org/security#cryptosuite> "eddsa-rdfc-2022"^^<https://w3id.org/security#cryptosuiteString> .',
          "_:c14n0 <https://w3id.org/security#proofPurpose> <https://w3id.org/security#assertionMethod> .",
          `_:c14n0 <https://w3id.org/security#verificationMethod> <${options.verificationMethod}> .`,
          "",
        ]);
      }),
    ),
    must(
      "3.3.1, 3.3.5",
      "A proof of eddsa-jcs-2022 repeats the document's contexts; its configuration is canonical JSON.",
      shows("issues it so, of both data models", async (service) => {
        for (const credential of [CREDENTIAL, OLD]) {
          const issued = memberOf(await service.issue("eddsa-jcs-2022", credential), "verifiableCredential");
          expect(issued["proof"]).toMatchObject({ "@context": issued["@context"] });
        }
      }),
      verifiesProof("without contexts of its own", { members: { "@context": undefined } }, JCS),
    ),
    must(
      "3.3.2",
      "The document's contexts begin with those of the proof, in the same order.",
      refusesProof("with other contexts", { members: { "@context": [V1] } }, JCS),
      refusesProof(
        "with the contexts in another order",
        { members: { "@context": (CREDENTIAL["@context"] as readonly string[]).toReversed() } },
        JCS,
      ),
      refusesProof(
        "with a context more than the document",
        { members: { "@context": [...(CREDENTIAL["@context"] as readonly string[]), ED25519_2020_V1] } },
        JCS,
      ),
      ...refusesProofWith("@context", [5, null, {}, []]),
      shows("does not verify after a change of the document's contexts", async (service) => {
        const signed = await signByHand(bySomebody(CREDENTIAL), { suite: "eddsa-jcs-2022" });
        const contexts = CREDENTIAL["@context"] as readonly string[];
        for (const other of [contexts.toReversed(), [V2], [...contexts, "https://example.org/unknown"]]) {
          expectRefused(await service.verify(changed(signed, { "/@context": other })));
        }
      }),
    ),
    must(
      "5.1",
      "Nothing can be left out of what is signed.",
      shows("does not verify after any member was taken out", async (service) => {
        for (const suite of ALL_SUITES) {
          const signed = await signByHand(bySomebody(RICH), { suite });
          for (const member of Object.keys(signed)) {
            expectRefused(await service.verify(changed(signed, { [`/${member}`]: undefined })));
          }
        }
      }),
    ),
    must(
      "A.1.1.1, A.1.2.1",
      "The method of an `Ed25519Signature2020` is an `Ed25519VerificationKey2020`.",
      shows("resolves the method of what it issues as one, where that is asked for", async (service) => {
        const { proof } = memberOf(
          await service.issue("Ed25519Signature2020", CREDENTIAL),
          "verifiableCredential",
        );
        const { verificationMethod } = proof as unknown as IssuedProof;
        const type = "Ed25519VerificationKey2020";
        const [did = ""] = verificationMethod.split("#");
        const answer = await service.get(`/1.0/identifiers/${did}?publicKeyFormat=${type}`);
        const [method, ...others] = memberOf(answer, "didDocument")[
          "verificationMethod"
        ] as readonly JsonObject[];
        expect(others).toEqual([]);
        expect(method).toMatchObject({ id: verificationMethod, type, controller: service.did });
        expect(publicKeyIn(method ?? {})).toHaveLength(32);
      }),
    ),
    must(
      "A.1.2.1, A.2.1.5",
      "Its `type` is that; it has a purpose, a method, a time of creation and a value, and the context of its terms.",
      shows("issues it so, with its context as the last", async (service) => {
        for (const credential of [CREDENTIAL, OLD]) {
          const answer = await service.issue("Ed25519Signature2020", credential);
          const issued = memberOf(answer, "verifiableCredential");
          expect(issued["@context"]).toEqual([credential["@context"] ?? [], ED25519_2020_V1].flat());
          expect(issued["proof"]).toEqual({
            type: "Ed25519Signature2020",
            created: "2026-11-23T08:00:00Z",
            proofPurpose: "assertionMethod",
            verificationMethod: `${service.did}#${service.did.slice("did:key:".length)}`,
            proofValue: expect.stringMatching(/^z/) as string,
          });
        }
      }),
      ...["type", "proofPurpose", "verificationMethod"].map((member) =>
        refusesProof(
          `without ${member}, of the older suite`,
          { members: { [member]: undefined } },
          ED25519_2020,
        ),
      ),
      ...["Ed25519Signature2018", "ed25519signature2020", "DataIntegrityProof"].map((type) =>
        refusesProof(`of the older suite that is called ${type}`, { members: { type } }, ED25519_2020),
      ),
      ...["authentication", "nobodysPurpose", "keyAgreement"].map((proofPurpose) =>
        refusesProof(`of the older suite for ${proofPurpose}`, { members: { proofPurpose } }, ED25519_2020),
      ),
      ...["invalid", "2023-02-24", "2023-02-30T00:00:00Z"].map((created) =>
        refusesProof(`of the older suite created at ${created}`, { members: { created } }, ED25519_2020),
      ),
      shows("does not verify one in a document without its context", async (service) => {
        const signed = await signByHand(bySomebody(CREDENTIAL), { suite: "Ed25519Signature2020" });
        const contexts = CREDENTIAL["@context"];
        expectRefused(await service.verify(changed(signed, { "/@context": contexts })));
        const members = { type: "Ed25519Signature2020", cryptosuite: undefined };
        const without = await signByHand(bySomebody(CREDENTIAL), { suite: "eddsa-rdfc-2022", members });
        expectRefused(await service.verify(without));
      }),
    ),
    must(
      "B",
      "The published proofs are good, and those of their chains that are whole.",
      published("verifies what their key signs, which gives the published proofs", async (service) => {
        const signer = publishedSigner();
        for (const [suite, file] of PUBLISHED) {
          const document = readJsonVector<JsonObject>(VECTORS, suite, file);
          const { proof, ...unsecured } = document;
          const members = { created: (proof as { readonly created: string }).created };
          expect(await signByHand(unsecured, { suite, signer, members })).toEqual(document);
          const own = { ...unsecured, issuer: signer.did };
          expectVerified(await service.verify(await signByHand(own, { suite, signer, members })));
        }
      }),
      published(
        "finds nothing wrong with their signatures, and that their issuer is not who signed",
        async (service) => {
          const paths = [...PUBLISHED, ...PUBLISHED_SETS.map((file) => ["proof-set-chain", file] as const)];
          for (const path of paths) {
            const document = readJsonVector<JsonObject>(VECTORS, ...path);
            expectRefusedAs(await service.verify(document), "ISSUER_MISMATCH");
            const { json } = await service.verify({ ...document, name: "Another" });
            const codes = (json["errors"] as readonly JsonObject[]).map(({ code }) => code);
            expect(new Set(codes)).toEqual(new Set(["SIGNATURE_INVALID"]));
          }
        },
      ),
      published("does not verify their chains in part", async (service) => {
        for (const file of ["signedProofChain1.json", "signedProofChain2.json"]) {
          const document = readJsonVector<JsonObject>(VECTORS, "proof-set-chain", file);
          const [, ...others] = document["proof"] as readonly JsonObject[];
          expectRefusedAs(await service.verify({ ...document, proof: others }), "PROOF_CHAIN_INVALID");
        }
      }),
    ),
  ],
  otherwise: [
    but(
      "3.2.5",
      "an `@context` in a proof of eddsa-rdfc-2022, which the document's replaces",
      "refused: nobody would have signed it",
    ),
    but(
      "3.3.2",
      "contexts of the document after those of the proof",
      "refused: nobody has signed them, and they give the claims their meaning (DESIGN 4.2)",
    ),
    but(
      "3.3.3",
      "numbers beyond 15 digits, integers beyond ±(2^53−1), fractions such as 1e-7, and `-0`",
      "refused: not every reader and suite takes them alike (DESIGN 4.1)",
    ),
    but(
      "A.1.2.1",
      "`created` in every `Ed25519Signature2020`",
      "what is issued has it; from others it may be absent, as A.2.1.5 and Data Integrity 2.1 have it",
    ),
    but(
      "A.1.2.1",
      "an `Ed25519VerificationKey2020` behind every `Ed25519Signature2020`",
      "a Multikey of the same key does as well",
    ),
    but(
      "B",
      "a yes for the published documents",
      "their issuer is no DID of the key that signed; a yes would let anybody sign for anybody",
    ),
  ],
  untested: [
    but("2.1.1", "the form of secret keys", "none crosses the interface"),
    but("A", "that new software uses eddsa-rdfc-2022", "it is a choice of who issues"),
  ],
};
