import { inspect } from "node:util";

import {
  createEnvelope,
  openEnvelope,
  randomUuidUrn,
  WritError,
  type EnvelopeKind,
  type KeySource,
  type Kms,
} from "@writ/core";
import {
  codeOf,
  codeOfAsync,
  seededRandom,
  startKmsServer,
  type KmsFault,
  type KmsServer,
} from "@writ/testkit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { createAwsKms, type AwsKmsOptions } from "../src/index.js";

const ID = randomUuidUrn(seededRandom("store"));
const CONTEXT = { "writ:kind": "wallet", "writ:id": ID };
const KEY = seededRandom("key")(32);
const { signal } = new AbortController();

let server: KmsServer;
let arn: string;
beforeEach(async () => {
  server = await startKmsServer();
  arn = server.createKey();
  // Nothing of the machine's own set-up is used, and nothing is asked of the network.
  for (const [name, value] of Object.entries({
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
  })) {
    vi.stubEnv(name, value);
  }
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
});

const kmsOf = (options: Partial<AwsKmsOptions> = {}): Kms => {
  const { accessKeyId, secretAccessKey } = server.account;
  return createAwsKms({
    keyId: arn,
    endpoint: server.url,
    credentials: { accessKeyId, secretAccessKey },
    ...options,
  });
};
const sourceOf = (kms: Kms, timeoutMs?: number): KeySource => ({
  type: "kms",
  kms,
  ...(timeoutMs === undefined ? {} : { timeoutMs }),
});
const create = (source: KeySource, kind: EnvelopeKind = "wallet", id = ID) =>
  createEnvelope(kind, id, source, seededRandom("envelope"));

/** What was thrown, which holds nothing that only AWS and its client know. */
async function errorOf(call: () => Promise<unknown>): Promise<WritError> {
  const error: unknown = await call().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof WritError)) throw new Error("not refused as it should be", { cause: error });
  const all = inspect(error, { depth: Infinity, showHidden: true });
  const { accessKeyId, secretAccessKey } = server.account;
  for (const secret of [accessKeyId, secretAccessKey, "AWS4-HMAC", "x-amzn", "CiphertextBlob"]) {
    expect(all).not.toContain(secret);
  }
  expect(error.cause).toBeUndefined();
  return error;
}

describe("a key of AWS KMS", () => {
  it("wraps, and unwraps what it has wrapped", async () => {
    const kms = kmsOf();
    const wrapped = await kms.wrap(KEY, CONTEXT, signal);
    expect(Buffer.from(wrapped).includes(Buffer.from(KEY))).toBe(false);
    expect(await kms.unwrap(wrapped, CONTEXT, signal)).toEqual(KEY);
  });

  it("names itself and its key", () => {
    const { type, key } = kmsOf();
    expect({ type, key }).toEqual({ type: "aws", key: arn });
  });

  it("opens an envelope, in one call", async () => {
    const source = sourceOf(kmsOf());
    const { header, envelope } = await create(source);
    const before = server.requests.length;
    expect(await openEnvelope("wallet", header, source)).toEqual(envelope);
    expect(server.requests.slice(before)).toEqual([
      {
        operation: "Decrypt",
        input: { KeyId: arn, CiphertextBlob: expect.any(String) as string, EncryptionContext: CONTEXT },
      },
    ]);
  });

  it("is told of the store and its kind, when it wraps and when it unwraps", async () => {
    await create(sourceOf(kmsOf()));
    expect(server.requests.map(({ operation, input }) => [operation, input["EncryptionContext"]])).toEqual([
      ["Encrypt", CONTEXT],
      ["Decrypt", CONTEXT],
    ]);
  });

  it.each<readonly [string, Readonly<Record<string, string>>]>([
    ["another store", { ...CONTEXT, "writ:id": "urn:uuid:0" }],
    ["another kind of store", { ...CONTEXT, "writ:kind": "organisation" }],
    ["nothing", {}],
  ])("does not unwrap for %s", async (_, context) => {
    const kms = kmsOf();
    const wrapped = await kms.wrap(KEY, CONTEXT, signal);
    const error = await errorOf(() => kms.unwrap(wrapped, context, signal));
    expect(error.code).toBe("UNLOCK_FAILED");
  });

  it.each(["alias/writ", "the id"])("is found by %s", async (name) => {
    server.setAlias("alias/writ", arn);
    const keyId = name === "the id" ? (arn.split("/")[1] ?? "") : name;
    const kms = kmsOf({ keyId, region: server.region });
    expect(await kms.unwrap(await kms.wrap(KEY, CONTEXT, signal), CONTEXT, signal)).toEqual(KEY);
  });

  it("takes address, region and credentials from the AWS environment", async () => {
    const { accessKeyId, secretAccessKey } = server.account;
    vi.stubEnv("AWS_ENDPOINT_URL_KMS", server.url);
    vi.stubEnv("AWS_REGION", server.region);
    vi.stubEnv("AWS_ACCESS_KEY_ID", accessKeyId);
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", secretAccessKey);
    server.setAlias("alias/writ", arn);
    const kms = createAwsKms({ keyId: "alias/writ" });
    expect(await kms.unwrap(await kms.wrap(KEY, CONTEXT, signal), CONTEXT, signal)).toEqual(KEY);
  });

  it.each(["", "a key", "alias/ä", "x".repeat(2049)])("is not named %j", (keyId) => {
    expect(codeOf(() => createAwsKms({ keyId }))).toBe("ARGUMENT_INVALID");
  });
});

describe("a KMS that is wrong, absent, slow or denies (row 187)", () => {
  const FAULTS: readonly (readonly [name: string, fault: KmsFault, code: string])[] = [
    ["500s", { status: 500, body: '{"__type":"KMSInternalException"}' }, "KEY_SOURCE_UNAVAILABLE"],
    ["500s without a word", { status: 500, body: "" }, "KEY_SOURCE_UNAVAILABLE"],
    ["throttling", { status: 400, body: '{"__type":"ThrottlingException"}' }, "KEY_SOURCE_UNAVAILABLE"],
    ["garbage", { status: 200, body: "AKIA garbage {" }, "KEY_SOURCE_UNAVAILABLE"],
    ["a page", { status: 200, body: "<html>CiphertextBlob</html>" }, "KEY_SOURCE_UNAVAILABLE"],
    ["an empty object", { status: 200, body: "{}" }, "KEY_SOURCE_UNAVAILABLE"],
    ["null", { status: 200, body: "null" }, "KEY_SOURCE_UNAVAILABLE"],
    [
      "a number for the key",
      { status: 200, body: '{"Plaintext":7,"CiphertextBlob":7}' },
      "KEY_SOURCE_UNAVAILABLE",
    ],
    [
      "a name for its error that nobody knows",
      { status: 400, body: '{"__type":"AKIAException"}' },
      "KEY_SOURCE_UNAVAILABLE",
    ],
    ["expired credentials", { status: 400, body: '{"__type":"ExpiredTokenException"}' }, "KEY_SOURCE_DENIED"],
    ["another key", { status: 400, body: '{"__type":"IncorrectKeyException"}' }, "UNLOCK_FAILED"],
  ];

  it.each(FAULTS)("that answers with %s, when it should wrap", async (_, fault, code) => {
    server.breakWith(() => fault);
    expect((await errorOf(() => create(sourceOf(kmsOf())))).code).toBe(code);
  });

  it.each(FAULTS)("that answers with %s, when it should unwrap", async (_, fault, code) => {
    const source = sourceOf(kmsOf());
    const { header } = await create(source);
    server.breakWith(() => fault);
    expect((await errorOf(() => openEnvelope("wallet", header, source))).code).toBe(code);
    server.breakWith(undefined);
    expect((await openEnvelope("wallet", header, source)).id).toBe(ID);
  });

  it("with a failure that passes is asked again", async () => {
    let failures = 2;
    server.breakWith(() => (failures-- > 0 ? { status: 500, body: "" } : undefined));
    expect((await create(sourceOf(kmsOf()))).envelope.id).toBe(ID);
  });

  it.each([0, 31, 33])("that returns a key of %i bytes", async (length) => {
    const source = sourceOf(kmsOf());
    const { header } = await create(source);
    const Plaintext = Buffer.alloc(length, 7).toString("base64");
    server.breakWith(() => ({ status: 200, body: JSON.stringify({ Plaintext, KeyId: arn }) }));
    const error = await errorOf(() => openEnvelope("wallet", header, source));
    expect(error.code).toBe("KEY_SOURCE_UNAVAILABLE");
  });

  it("that returns another key", async () => {
    const source = sourceOf(kmsOf());
    const { header } = await create(source);
    const Plaintext = Buffer.alloc(32, 7).toString("base64");
    server.breakWith(() => ({ status: 200, body: JSON.stringify({ Plaintext, KeyId: arn }) }));
    expect((await errorOf(() => openEnvelope("wallet", header, source))).code).toBe("UNLOCK_FAILED");
    // It would open with that one for ever after, and it may be everybody's.
    const wraps = { status: 200, body: JSON.stringify({ CiphertextBlob: "AAAA", Plaintext, KeyId: arn }) };
    server.breakWith(() => wraps);
    expect((await errorOf(() => create(source))).code).toBe("KEY_SOURCE_UNAVAILABLE");
  });

  it("that answers no key is refused by the adapter itself", async () => {
    server.breakWith(() => ({ status: 200, body: "{}" }));
    const kms = kmsOf();
    const asked = [() => kms.wrap(KEY, CONTEXT, signal), () => kms.unwrap(KEY, CONTEXT, signal)];
    for (const ask of asked) expect((await errorOf(ask)).code).toBe("KEY_SOURCE_UNAVAILABLE");
  });

  it.each([
    [
      "its words",
      "AccessDeniedException",
      "AWS KMS: the use of the key is not permitted (AccessDeniedException)",
    ],
    ["a name that nobody knows", "SecretException", "AWS KMS could not be asked"],
  ])("is not quoted, nor by %s", async (_, type, message) => {
    const body = JSON.stringify({ __type: type, message: "secret words" });
    server.breakWith(() => ({ status: 400, body }));
    expect(await errorOf(() => kmsOf().wrap(KEY, CONTEXT, signal))).toMatchObject({
      message,
      hint: undefined,
    });
  });

  it("that never answers", async () => {
    const { header } = await create(sourceOf(kmsOf()));
    server.breakWith(() => "no answer");
    const error = await errorOf(() => openEnvelope("wallet", header, sourceOf(kmsOf(), 50)));
    expect(error).toMatchObject({
      code: "KEY_SOURCE_UNAVAILABLE",
      message: "the KMS did not answer within 50 ms",
    });
  });

  it("is let go when nobody waits any more", async () => {
    server.breakWith(() => "no answer");
    const kms = kmsOf();
    const error = await errorOf(() => kms.wrap(KEY, CONTEXT, AbortSignal.timeout(50)));
    expect(error.code).toBe("KEY_SOURCE_UNAVAILABLE");
  });

  it("that is not there", async () => {
    const source = sourceOf(kmsOf());
    const { header } = await create(source);
    await server.close();
    expect((await errorOf(() => openEnvelope("wallet", header, source))).code).toBe("KEY_SOURCE_UNAVAILABLE");
  });

  it("with a key that is not there, of another region, disabled or to be deleted", async () => {
    const absent = kmsOf({ keyId: arn.replace(/.{4}$/, "0000") });
    const disabled = server.createKey();
    server.setKeyState(disabled, "Disabled");
    const deleted = server.createKey();
    server.setKeyState(deleted, "PendingDeletion");
    for (const kms of [absent, kmsOf({ keyId: disabled }), kmsOf({ keyId: deleted })]) {
      expect((await errorOf(() => create(sourceOf(kms)))).code).toBe("KEY_SOURCE_UNAVAILABLE");
    }
    const elsewhere = kmsOf({ region: "eu-test-2" });
    expect((await errorOf(() => create(sourceOf(elsewhere)))).code).toBe("KEY_SOURCE_DENIED");
  });

  it("with an alias that leads to another key by now", async () => {
    server.setAlias("alias/writ", arn);
    const source = sourceOf(kmsOf({ keyId: "alias/writ", region: server.region }));
    const { header } = await create(source);
    server.setAlias("alias/writ", server.createKey());
    expect((await errorOf(() => openEnvelope("wallet", header, source))).code).toBe("UNLOCK_FAILED");
  });

  it("with a key of another account", async () => {
    const foreign = server.createKey({ ...server.account, id: "444455556666" });
    const error = await errorOf(() => create(sourceOf(kmsOf({ keyId: foreign }))));
    expect(error).toMatchObject({
      code: "KEY_SOURCE_DENIED",
      message: "AWS KMS: the use of the key is not permitted (AccessDeniedException)",
    });
  });

  it.each(["Encrypt", "Decrypt"])("that denies %s makes no store", async (operation) => {
    server.forbid(operation);
    expect((await errorOf(() => create(sourceOf(kmsOf())))).code).toBe("KEY_SOURCE_DENIED");
  });

  it.each(["AKIAOTHER", undefined])("that does not know who asks, as %s", async (other) => {
    const { accessKeyId } = server.account;
    const kms = kmsOf({ credentials: { accessKeyId: other ?? accessKeyId, secretAccessKey: "other" } });
    expect((await errorOf(() => create(sourceOf(kms)))).code).toBe("KEY_SOURCE_DENIED");
  });

  it("for which there are no credentials, or no region", async () => {
    const anonymous = createAwsKms({ keyId: arn, endpoint: server.url });
    const noCredentials = await errorOf(() => create(sourceOf(anonymous)));
    expect(noCredentials).toMatchObject({
      code: "KEY_SOURCE_UNAVAILABLE",
      message: "AWS KMS: there are no AWS credentials (CredentialsProviderError)",
    });
    const nowhere = await errorOf(() => create(sourceOf(kmsOf({ keyId: "alias/writ" }))));
    expect(nowhere).toMatchObject({ code: "KEY_SOURCE_UNAVAILABLE", message: "no AWS region is named" });
    expect(server.requests).toEqual([]);
  });

  it.each(["http://kms.example", "http://127.0.0.1.example"])(
    "at %s, without TLS, is sent nothing",
    async (url) => {
      const error = await errorOf(() => create(sourceOf(kmsOf({ endpoint: url }))));
      expect(error.code).toBe("ARGUMENT_INVALID");
    },
  );

  it("is not asked where the header names another key", async () => {
    const { header } = await create(sourceOf(kmsOf()));
    const other = kmsOf({ keyId: server.createKey() });
    const before = server.requests.length;
    expect(await codeOfAsync(() => openEnvelope("wallet", header, sourceOf(other)))).toBe("UNLOCK_FAILED");
    expect(server.requests).toHaveLength(before);
  });
});
