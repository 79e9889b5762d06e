import { createPublicKey } from "node:crypto";

import { decodeBase58, encodeBase58, type JsonObject } from "@writ/core";
import { expect } from "vitest";

import { didKey, didKeyOf, multikey, PREFIX, PUBLIC_KEY, type Curve } from "../resolution/keys.js";
import { shows } from "./cases.js";
import { CREDENTIAL } from "./documents.js";
import { memberOf, type HttpAnswer, type Service } from "./service.js";
import { but, must, type Case, type Specification } from "./specification.js";

/** The example of the specification, and the key for encryption that is derived from it. */
const EXAMPLE = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";
const DERIVED = "z6LSj72tK8brWgZja8NLRwPigth2T9QRiG1uH9oKZuKjdh9p";

/** A key of each kind, with what a JWK says of it; of the specification's test vectors but for X25519. */
const KEYS: readonly (readonly [kind: Curve, did: string, jwk: JsonObject])[] = [
  ["Ed25519", EXAMPLE, { kty: "OKP", crv: "Ed25519", x: "Lm_M42cB3HkUiODQsXRcweM6TByfzEHGO9ND274JcOY" }],
  [
    "X25519",
    `did:key:${DERIVED}`,
    { kty: "OKP", crv: "X25519", x: "bl_3kgKpz9jgsg350CNuHa_kQL3B60Gi-98WmdQW2h8" },
  ],
  [
    "secp256k1",
    "did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme",
    {
      kty: "EC",
      crv: "secp256k1",
      x: "h0wVx_2iDlOcblulc8E5iEw1EYh5n1RYtLQfeSTyNc0",
      y: "O2EATIGbu6DezKFptj5scAIRntgfecanVNXxat1rnwE",
    },
  ],
  [
    "P-256",
    "did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv",
    {
      kty: "EC",
      crv: "P-256",
      x: "igrFmi0whuihKnj9R3Om1SoMph72wUGeFaBbzG2vzns",
      y: "efsX5b10x8yjyrj4ny3pGfLcY7Xby1KzgqOdqnsrJIM",
    },
  ],
  [
    "P-384",
    "did:key:z82LkvCwHNreneWpsgPEbV3gu1C6NFJEBg4srfJ5gdxEsMGRJUz2sG9FE42shbn2xkZJh54",
    {
      kty: "EC",
      crv: "P-384",
      x: "CA-iNoHDg1lL8pvX3d1uvExzVfCz7Rn6tW781Ub8K5MrDf2IMPyL0RTDiaLHC1JT",
      y: "Kpnrn8DkXUD3ge4mFxi-DKr0DYO2KuJdwNBrhzLRtfMa3WFMZBiPKUPfJj8dYNl_",
    },
  ],
];

const SIGNING = KEYS.filter(([kind]) => kind !== "X25519");
const EXPERIMENTAL = { enableExperimentalPublicKeyTypes: "true" };
const DERIVE = { enableEncryptionKeyDerivation: "true" };

type Query = Readonly<Record<string, string>>;

/** What the service answers to a DID, or a DID URL. */
function resolve(service: Service, identifier: string, query: Query = {}): Promise<HttpAnswer> {
  const options = new URLSearchParams(query).toString();
  return service.get(
    `/1.0/identifiers/${encodeURIComponent(identifier)}${options === "" ? "" : `?${options}`}`,
  );
}

interface Method extends JsonObject {
  readonly id: string;
  readonly publicKeyMultibase?: string;
}

/** The document of a DID, which has one. */
async function documentOf(service: Service, did: string, query?: Query): Promise<JsonObject> {
  const answer = await resolve(service, did, query);
  expect({ did, status: answer.status, metadata: answer.json["didDocumentMetadata"] }).toEqual({
    did,
    status: 200,
    metadata: {},
  });
  expect(answer.json["didResolutionMetadata"]).not.toHaveProperty("error");
  return memberOf(answer, "didDocument");
}

async function methodsOf(service: Service, did: string, query?: Query): Promise<readonly Method[]> {
  const { verificationMethod } = await documentOf(service, did, query);
  expect(verificationMethod).toBeInstanceOf(Array);
  return verificationMethod as unknown as readonly Method[];
}

/** No document, and why. */
async function expectError(
  service: Service,
  identifier: string,
  error: string,
  query?: Query,
): Promise<void> {
  const { status, json } = await resolve(service, identifier, query);
  const metadata = json[/[/?#]/.test(identifier) ? "didDereferencingMetadata" : "didResolutionMetadata"];
  expect({ identifier, status, error: (metadata as { error?: unknown } | undefined)?.error }).toEqual({
    identifier,
    status: error === "notFound" ? 404 : 400,
    error,
  });
  expect(json["didDocument"]).toBeNull();
}

/** Each of several identifiers has no document, for one reason. */
function refuses(error: string, ...each: readonly (readonly [what: string, did: string])[]): readonly Case[] {
  return each.map(([what, did]) =>
    shows(`answers ${error} to ${what}`, (service) => expectError(service, did, error)),
  );
}

function identifierOf(did: string): string {
  return did.slice(did.lastIndexOf(":") + 1);
}

/** The bytes of the example's key, and of others. */
const KEY = decodeBase58(identifierOf(EXAMPLE).slice(1)).subarray(2);

function padded(...bytes: readonly number[]): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, index) => bytes[index] ?? 0);
}

export const DID_KEY: Specification = {
  title: "The did:key Method 0.9",
  url: "https://w3c-ccg.github.io/did-key-spec/",
  file: "did-key.ts",
  requirements: [
    must(
      "2",
      "A did:key is a public key with the prefix of its type, in multibase.",
      ...KEYS.map(([kind, did]) =>
        shows(`resolves a key of ${kind}`, async (service) => {
          expect(await documentOf(service, did)).toMatchObject({ id: did });
        }),
      ),
      shows("issues by such a DID, which resolves to the key of the proof", async (service) => {
        expect(service.did).toMatch(/^did:key:z[1-9A-HJ-NP-Za-km-z]+$/);
        const bytes = decodeBase58(identifierOf(service.did).slice(1));
        expect([...bytes.subarray(0, 2), bytes.length]).toEqual([...PREFIX.Ed25519, 34]);
        const issued = memberOf(await service.issue("eddsa-jcs-2022", CREDENTIAL), "verifiableCredential");
        const { verificationMethod = "" } = issued["proof"] as { verificationMethod?: string };
        const [method] = await methodsOf(service, service.did);
        expect(method?.id).toBe(verificationMethod);
        const found = await resolve(service, verificationMethod);
        expect(memberOf(found, "didDocument")).toMatchObject({ ...method });
      }),
      ...refuses(
        "invalidDid",
        ["no value", "did:key:"],
        ["no key", "did:key:z"],
        ["no multibase", `did:key:${identifierOf(EXAMPLE).slice(1)}`],
        ["multibase of base64", `did:key:m${Buffer.from(KEY).toString("base64").replaceAll(/[+/=]/g, "")}`],
        ["multibase of base16", `did:key:fed01${Buffer.from(KEY).toString("hex")}`],
        ...["0", "O", "I", "l"].map((letter) => [`the letter ${letter}`, `${EXAMPLE}${letter}`] as const),
      ),
    ),
    must(
      "3",
      "The document follows from the DID alone; nothing is looked up.",
      shows("resolves a DID that nobody has seen before", async (service) => {
        const did = didKeyOf("Ed25519");
        expect(await documentOf(service, did)).toMatchObject({ id: did });
      }),
    ),
    must(
      "3.1",
      "The document has the form of the specification's example.",
      shows("answers the example", async (service) => {
        const id = `${EXAMPLE}#${identifierOf(EXAMPLE)}`;
        const { "@context": context, ...document } = await documentOf(service, EXAMPLE);
        expect(context).toBeInstanceOf(Array);
        expect(document).toEqual({
          id: EXAMPLE,
          verificationMethod: [
            { id, type: "Multikey", controller: EXAMPLE, publicKeyMultibase: identifierOf(EXAMPLE) },
          ],
          authentication: [id],
          assertionMethod: [id],
          capabilityDelegation: [id],
          capabilityInvocation: [id],
        });
      }),
    ),
    must(
      "3.1.1",
      "The options have defaults, which may be overridden.",
      shows("makes Multikey unless told otherwise, and no experimental type", async (service) => {
        expect(await methodsOf(service, EXAMPLE)).toMatchObject([{ type: "Multikey" }]);
        const jwk = { publicKeyFormat: "JsonWebKey" };
        expect(await methodsOf(service, EXAMPLE, jwk)).toMatchObject([{ type: "JsonWebKey" }]);
        const experimental = { publicKeyFormat: "Ed25519VerificationKey2018" };
        await expectError(service, EXAMPLE, "invalidPublicKeyType", experimental);
      }),
      shows("puts the context of DID documents first", async (service) => {
        for (const [, did] of KEYS) {
          const { "@context": context } = await documentOf(service, did);
          expect((context as readonly unknown[])[0]).toBe("https://www.w3.org/ns/did/v1");
        }
      }),
    ),
    must(
      "3.1.1, steps 2 and 3",
      "A version is a positive integer, and 1 where there is none.",
      ...["1", "2", "10"].map((version) =>
        shows(`resolves version ${version}`, async (service) => {
          const did = `did:key:${version}:${identifierOf(EXAMPLE)}`;
          expect(await documentOf(service, did)).toMatchObject({ id: did });
          expect(await methodsOf(service, did)).toMatchObject([
            { id: `${did}#${identifierOf(EXAMPLE)}`, controller: did },
          ]);
        }),
      ),
      ...refuses(
        "invalidDid",
        ...["0", "-1", "a", "1.1", "", "1:1"].map(
          (version) => [`the version "${version}"`, `did:key:${version}:${identifierOf(EXAMPLE)}`] as const,
        ),
      ),
    ),
    must(
      "3.1.1, step 3",
      "The scheme is `did`, the method `key`, and the value begins with `z`; else it is invalidDid.",
      ...refuses(
        "invalidDid",
        ["another scheme", EXAMPLE.replace("did:", "dad:")],
        ["the scheme in capitals", EXAMPLE.replace("did:", "DID:")],
        ["no scheme", EXAMPLE.slice("did:".length)],
        ["the method with a capital", EXAMPLE.replace("key", "Key")],
        [
          "multibase of base64url",
          `did:key:u${Buffer.from([...PREFIX.Ed25519, ...KEY]).toString("base64url")}`,
        ],
        ["multibase of another base58", EXAMPLE.replace(":z", ":Z")],
        ["a text that is no DID", "hello"],
      ),
    ),
    must(
      "3.1.1, step 5",
      "The `id` of the document is the DID, which is a valid one.",
      shows("says what was asked for", async (service) => {
        for (const [, did] of KEYS) expect(await documentOf(service, did)).toMatchObject({ id: did });
      }),
      ...refuses(
        "invalidDid",
        ...["%zz", "+", "*", " ", "\u00e9", "\n"].map(
          (text) => [`a DID that ends in ${JSON.stringify(text)}`, EXAMPLE + text] as const,
        ),
      ),
    ),
    must(
      "3.1.1, steps 6 and 7",
      "`verificationMethod` holds the key, and the four relationships its id.",
      ...SIGNING.map(([kind, did]) =>
        shows(`lists a key of ${kind} for all that signs`, async (service) => {
          const [method, ...others] = await methodsOf(service, did);
          expect(others).toEqual([]);
          const list = [method?.id];
          expect(await documentOf(service, did)).toMatchObject({
            authentication: list,
            assertionMethod: list,
            capabilityInvocation: list,
            capabilityDelegation: list,
          });
        }),
      ),
    ),
    must(
      "3.1.1, step 8",
      "A key for encryption is derived where the option is true, and listed for key agreement.",
      shows("derives it where it is asked for, and only there", async (service) => {
        const [, derived] = await methodsOf(service, EXAMPLE, DERIVE);
        expect(derived?.id).toBe(`${EXAMPLE}#${DERIVED}`);
        expect(await documentOf(service, EXAMPLE, DERIVE)).toMatchObject({ keyAgreement: [derived?.id] });
        for (const query of [{}, { enableEncryptionKeyDerivation: "false" }]) {
          const document = await documentOf(service, EXAMPLE, query);
          expect(document).not.toHaveProperty("keyAgreement");
          expect(document["verificationMethod"]).toHaveLength(1);
        }
      }),
    ),
    must(
      "3.1.2, step 3",
      "A key has the length of its type, or it is invalidPublicKeyLength.",
      ...refuses(
        "invalidPublicKeyLength",
        ["Ed25519 of 31 bytes", "did:key:z2DQXex1MkDcBCF99h1CnTDB83tS7FAzWSBxzDJY1hJS4Gx"],
        ["Ed25519 of 33 bytes", "did:key:zQecYcE4B9ZdTBMiojnCZiWPMekrcvggiViu1njmzQ7qy5WbR"],
        ["X25519 of 31 bytes", "did:key:z2D7HLVXCp31LsCVgDzrGAc46sE9V8LoqKMbW2zcvg3S4nM"],
        ["secp256k1 of 32 bytes", "did:key:z6DtN2XeG3xRD5DWYgpqGGy1bwGutYZrX3mESMzVRk8o9xYt"],
        ["P-256 of 32 bytes", "did:key:z3u1pzzMSMJJjpmR39B3fmAe8VB4XH9UhaE5FpATxCFX5afF"],
        ["P-256 of 34 bytes", "did:key:zySBY7UPDUimQ6f2F46AHzomiHP4vfV45ZXR1Jr9SUP62ATtUw"],
        [
          "P-384 of 48 bytes",
          "did:key:z2bHiDWSSThhjWoBPoz9X1vAwq5KtVALkerN3BwcxCYYgxLojvvFUFJjC7aWACWEavpeYH",
        ],
        ...KEYS.flatMap(([kind]) => {
          const key = PUBLIC_KEY[kind];
          return [
            [`${kind} without its first byte`, didKey(PREFIX[kind], key.subarray(1))],
            [`${kind} and a byte more`, didKey(PREFIX[kind], Uint8Array.of(...key, 0))],
            [`${kind} without bytes`, didKey(PREFIX[kind], new Uint8Array(0))],
          ] as const;
        }),
        ["secp256k1 that is not compressed", didKey(PREFIX.secp256k1, new Uint8Array(65).fill(4))],
      ),
    ),
    must(
      "3.1.2, step 4",
      "A key is a proper encoding of a point of its curve, or it is invalidPublicKey.",
      ...refuses(
        "invalidPublicKey",
        ["Ed25519 off the curve", "did:key:z6Mkeb4rtEhc8DUtvt5ehaVjdx3TLbQPpnTArkXhqfb1Mq75"],
        ["Ed25519 of zeros", didKey(PREFIX.Ed25519, padded())],
        ["Ed25519 that is the identity", didKey(PREFIX.Ed25519, padded(1))],
        ["X25519 of zeros", didKey(PREFIX.X25519, padded())],
        ["P-256 off the curve", "did:key:zDnaeQRy3dcKsKa1zmKtVKsTy3m2HYoQnFnfKuxD6HfSTQgYg"],
        ["P-256 of another form", didKey(PREFIX["P-256"], PUBLIC_KEY["P-256"].with(0, 5))],
        ["P-384 of another form", didKey(PREFIX["P-384"], PUBLIC_KEY["P-384"].with(0, 5))],
        ["secp256k1 of another form", didKey(PREFIX.secp256k1, PUBLIC_KEY.secp256k1.with(0, 5))],
        ["secp256k1 beyond the prime", didKey(PREFIX.secp256k1, new Uint8Array(33).fill(255).with(0, 2))],
      ),
    ),
    must(
      "3.1.2, step 5",
      "The method's `id` is the DID, `#`, and the value; what is no DID URL is invalidDidUrl.",
      ...KEYS.map(([kind, did]) =>
        shows(`names a key of ${kind} so, and finds it by that name`, async (service) => {
          const id = `${did}#${identifierOf(did)}`;
          const [method] = await methodsOf(service, did);
          expect(method?.id).toBe(id);
          const found = await resolve(service, id);
          expect([found.status, found.json["didDereferencingMetadata"]]).toEqual([
            200,
            { contentType: "application/did+ld+json" },
          ]);
          expect(memberOf(found, "didDocument")).toMatchObject({ ...method });
        }),
      ),
      shows("answers notFound to a name that no method has", (service) =>
        expectError(service, `${EXAMPLE}#${DERIVED}`, "notFound"),
      ),
      shows("finds the derived key where it is asked for", async (service) => {
        const found = await resolve(service, `${EXAMPLE}#${DERIVED}`, DERIVE);
        expect(memberOf(found, "didDocument")).toMatchObject({ publicKeyMultibase: DERIVED });
      }),
      ...refuses(
        "invalidDidUrl",
        ["a fragment with a letter outside ASCII", `${EXAMPLE}#\u00e9`],
        ["a fragment with a broken escape", `${EXAMPLE}#%zz`],
        ["two fragments", `${EXAMPLE}#a#b`],
        ["a path with a space", `${EXAMPLE}/a b`],
        ["a fragment of what is no did:key", "did:key:z#key"],
      ),
    ),
    must(
      "3.1.2, steps 6 and 7",
      "A format that is not known is unsupportedPublicKeyType.",
      ...["NoSuchFormat", "multikey", ""].flatMap((publicKeyFormat) =>
        [{}, EXPERIMENTAL].map((more) =>
          shows(
            `answers it to ${JSON.stringify(publicKeyFormat)}${more === EXPERIMENTAL ? ", with experimental ones enabled" : ""}`,
            (service) =>
              expectError(service, EXAMPLE, "unsupportedPublicKeyType", { publicKeyFormat, ...more }),
          ),
        ),
      ),
    ),
    must(
      "3.1.2, step 8",
      "An experimental format is invalidPublicKeyType unless such are enabled.",
      ...["Multikey", "JsonWebKey", "Ed25519VerificationKey2020"].map((publicKeyFormat) =>
        shows(`makes ${publicKeyFormat}, which is not experimental`, async (service) => {
          for (const enableExperimentalPublicKeyTypes of ["true", "false"]) {
            const query = { publicKeyFormat, enableExperimentalPublicKeyTypes };
            expect(await methodsOf(service, EXAMPLE, query)).toMatchObject([{ type: publicKeyFormat }]);
          }
          expect(await methodsOf(service, EXAMPLE, { publicKeyFormat })).toHaveLength(1);
        }),
      ),
      ...["Ed25519VerificationKey2018", "EcdsaSecp256k1VerificationKey2019", "RsaVerificationKey2018"].map(
        (publicKeyFormat) =>
          shows(`answers it to ${publicKeyFormat}`, async (service) => {
            const disabled = { publicKeyFormat, enableExperimentalPublicKeyTypes: "false" };
            for (const query of [{ publicKeyFormat }, disabled]) {
              await expectError(service, EXAMPLE, "invalidPublicKeyType", query);
            }
          }),
      ),
      shows("makes an experimental format where such are enabled", async (service) => {
        const query = { publicKeyFormat: "Ed25519VerificationKey2018", ...EXPERIMENTAL };
        expect(await methodsOf(service, EXAMPLE, query)).toMatchObject([
          { type: "Ed25519VerificationKey2018", publicKeyBase58: encodeBase58(KEY) },
        ]);
      }),
    ),
    must(
      "3.1.2, steps 9 and 10",
      "The method has the type that was asked for, and the DID as its controller.",
      ...["Multikey", "JsonWebKey"].map((publicKeyFormat) =>
        shows(`says so of every key as ${publicKeyFormat}`, async (service) => {
          for (const [, did] of KEYS) {
            expect(await methodsOf(service, did, { publicKeyFormat })).toMatchObject([
              { type: publicKeyFormat, controller: did },
            ]);
          }
        }),
      ),
    ),
    must(
      "3.1.2, step 11",
      "Multikey and Ed25519VerificationKey2020 have the value as `publicKeyMultibase`.",
      shows("has it of every key", async (service) => {
        for (const [kind, did] of KEYS) {
          const formats = kind === "Ed25519" ? ["Multikey", "Ed25519VerificationKey2020"] : ["Multikey"];
          for (const publicKeyFormat of formats) {
            const [method] = await methodsOf(service, did, { publicKeyFormat });
            expect(method?.["publicKeyMultibase"]).toBe(identifierOf(did));
            expect(method).not.toHaveProperty("publicKeyJwk");
          }
        }
      }),
    ),
    must(
      "3.1.2, step 12; 3.1.4",
      "JsonWebKey has the key as `publicKeyJwk`, as the RFCs have it, with `y` where the curve has one, and never with `d`.",
      ...KEYS.map(([kind, did, jwk]) =>
        shows(`has a key of ${kind} so`, async (service) => {
          for (const publicKeyFormat of ["JsonWebKey", "JsonWebKey2020"]) {
            const [method] = await methodsOf(service, did, { publicKeyFormat });
            expect(method).not.toHaveProperty("publicKeyMultibase");
            expect(method?.["publicKeyJwk"]).toEqual(jwk);
          }
          const key = createPublicKey({ key: { ...jwk }, format: "jwk" });
          expect(key.export({ format: "jwk" })).toEqual(jwk);
        }),
      ),
    ),
    must(
      "3.1.3",
      "The prefix is a varint, in its shortest form.",
      shows("reads prefixes of two bytes", async (service) => {
        for (const kind of ["P-256", "P-384"] as const) {
          expect(await documentOf(service, didKeyOf(kind))).toHaveProperty("verificationMethod");
        }
      }),
      ...refuses(
        "invalidPublicKeyLength",
        ["a prefix of a byte too many", "did:key:zQhVUeFQsqMfQFyVLzR8GfVLCrGVNWSZbvhaRrNpirgxDipHC"],
        ["a key without prefix", "did:key:zCrEjzKWCvT8wrrjCL3itq2C1zzHFR2w3RWPU3nuvgEce"],
        ["a prefix that is cut off", didKey([0xed], new Uint8Array(0))],
      ),
      ...refuses(
        "unsupportedPublicKeyType",
        ["a private key", "did:key:z3u2d53XYSWNAmrszFvaefbsW9jz2M3npQthcHTUVDwLSbLa"],
        ["a key of a kind that is not in the table", didKeyOf("P-521")],
      ),
    ),
    must(
      "3.1.5, 3.1.6",
      "The derived key is the X25519 key of the same secret, with a method of its own.",
      shows("derives that of the example", async (service) => {
        expect(await methodsOf(service, EXAMPLE, DERIVE)).toMatchObject([
          { id: `${EXAMPLE}#${identifierOf(EXAMPLE)}` },
          {
            id: `${EXAMPLE}#${DERIVED}`,
            type: "Multikey",
            controller: EXAMPLE,
            publicKeyMultibase: DERIVED,
          },
        ]);
      }),
      shows("derives it as a JWK", async (service) => {
        const query = { ...DERIVE, publicKeyFormat: "JsonWebKey" };
        const [, derived] = await methodsOf(service, EXAMPLE, query);
        expect(derived).toMatchObject({ type: "JsonWebKey", controller: EXAMPLE });
        expect(derived?.["publicKeyJwk"]).toEqual(KEYS[1]?.[2]);
        expect(derived).not.toHaveProperty("publicKeyMultibase");
      }),
      shows("has 32 bytes behind the prefix of X25519", async (service) => {
        const did = didKeyOf("Ed25519");
        const [, derived] = await methodsOf(service, did, DERIVE);
        const bytes = decodeBase58(derived?.publicKeyMultibase?.slice(1) ?? "");
        expect([...bytes.subarray(0, 2), bytes.length]).toEqual([...PREFIX.X25519, 34]);
        expect(derived?.id).toBe(`${did}#${multikey(PREFIX.X25519, bytes.subarray(2))}`);
      }),
      shows("looks at the key and the format as before", async (service) => {
        const short = didKey(PREFIX.Ed25519, KEY.subarray(1));
        await expectError(service, short, "invalidPublicKeyLength", DERIVE);
        const unknown = { ...DERIVE, publicKeyFormat: "NoSuchFormat" };
        await expectError(service, EXAMPLE, "unsupportedPublicKeyType", unknown);
        const signing = { ...DERIVE, publicKeyFormat: "Ed25519VerificationKey2020" };
        await expectError(service, EXAMPLE, "invalidPublicKeyType", signing);
      }),
      shows("derives nothing of a key of another kind", async (service) => {
        for (const [kind, did] of KEYS.filter(([each]) => each !== "Ed25519")) {
          expect([kind, await documentOf(service, did, DERIVE)]).toEqual([
            kind,
            await documentOf(service, did),
          ]);
        }
      }),
    ),
    must(
      "3.1.7",
      "`@context` has that of DID documents and those of the types, each once.",
      ...(
        [
          ["Multikey", "https://w3id.org/security/multikey/v1"],
          ["JsonWebKey", "https://w3id.org/security/jwk/v1"],
          ["JsonWebKey2020", "https://w3id.org/security/suites/jws-2020/v1"],
          ["Ed25519VerificationKey2020", "https://w3id.org/security/suites/ed25519-2020/v1"],
        ] as const
      ).map(([publicKeyFormat, context]) =>
        shows(`has that of ${publicKeyFormat}`, async (service) => {
          const document = await documentOf(service, EXAMPLE, { publicKeyFormat });
          expect(document["@context"]).toEqual(["https://www.w3.org/ns/did/v1", context]);
        }),
      ),
      shows("has that of both keys once", async (service) => {
        for (const publicKeyFormat of ["Multikey", "JsonWebKey"]) {
          const { "@context": context } = await documentOf(service, EXAMPLE, { ...DERIVE, publicKeyFormat });
          expect(context).toHaveLength(2);
        }
        const pair = { ...DERIVE, ...EXPERIMENTAL, publicKeyFormat: "Ed25519VerificationKey2020" };
        expect(await documentOf(service, EXAMPLE, pair)).toMatchObject({
          "@context": [
            "https://www.w3.org/ns/did/v1",
            "https://w3id.org/security/suites/ed25519-2020/v1",
            "https://w3id.org/security/suites/x25519-2020/v1",
          ],
        });
      }),
    ),
    must(
      "3.2",
      "To read a DID is to expand it, in the same way each time.",
      shows("answers the same to the same question", async (service) => {
        for (const [, did] of KEYS) {
          expect((await resolve(service, did)).json).toEqual((await resolve(service, did)).json);
        }
      }),
    ),
    must(
      "3.3, 3.4",
      "A document is neither updated nor deactivated.",
      ...["PUT", "POST", "PATCH", "DELETE"].map((method) =>
        shows(`refuses ${method}`, async (service) => {
          const before = await resolve(service, EXAMPLE);
          const { status } = await service.send(method, `/1.0/identifiers/${encodeURIComponent(EXAMPLE)}`);
          expect([404, 405, 501]).toContain(status);
          const after = await resolve(service, EXAMPLE);
          expect(after.json).toEqual(before.json);
          expect(after.json["didDocumentMetadata"]).toEqual({});
        }),
      ),
    ),
    must(
      "DID Core 7.1.2",
      "What a resolver does not do has a name too.",
      ...refuses(
        "methodNotSupported",
        ["a method that there is not", "did:example:123"],
        ["a method whose name begins alike", EXAMPLE.replace("key", "keys")],
      ),
      shows("answers invalidOptions to an option that says nothing, or two things", async (service) => {
        await expectError(service, EXAMPLE, "invalidOptions", { enableExperimentalPublicKeyTypes: "yes" });
      }),
    ),
  ],
  otherwise: [
    but(
      "2",
      "multibase base64url (`u`)",
      "refused: by 3.1.1, step 3, the value begins with `z`, so that one key has one DID (DESIGN 4.4)",
    ),
    but(
      "3.1.1, step 3",
      "a DID of another method is invalidDid",
      "it is methodNotSupported, the word of DID Core for a DID that is valid",
    ),
    but(
      "3.1.1, step 7",
      "an X25519 key is listed for all that signs",
      "it cannot sign, and is listed for key agreement alone",
    ),
    but(
      "3.1.2, step 5",
      "the fragment is the number of the key's type",
      "it is the value, as in every example of the specification",
    ),
    but(
      "3.1.2, step 8",
      "JsonWebKey2020 and X25519KeyAgreementKey2020 are experimental for a key that signs",
      "JsonWebKey2020 is made as it was by version 0.7, and X25519KeyAgreementKey2020 holds X25519 keys alone",
    ),
    but(
      "3.1.7",
      "the context of every type is `https://www.w3.org/ns/did/v1.1`",
      "`did/v1` is first, by 3.1.1; the types have the contexts that define them",
    ),
    but("A", "keys of BLS12-381", "not in the table of 3.1.2, and unsupportedPublicKeyType"),
  ],
  untested: [
    but("3.1.1", "`defaultContext`", "an option of the algorithm, which requests do not have"),
    but(
      "3.1.1, step 5; 3.1.5",
      "an `id` or controller that is no DID, or no DID URL",
      "it cannot come about: what was asked has been looked at before",
    ),
    but("3.1.1", "another algorithm with an equivalent result", "the result alone is seen"),
  ],
};
