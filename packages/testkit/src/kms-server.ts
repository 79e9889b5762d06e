import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { accessKeyIdOf, isSignedV4, type SignedRequest } from "./signature-v4.js";

/** An account whose requests the server takes. */
export interface KmsAccount {
  readonly id: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A request that the server has understood. */
export interface KmsRequest {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What the server does instead of its work: an answer, or none ever. */
export type KmsFault = { readonly status: number; readonly body: string } | "no answer";

/** A server that speaks AWS KMS's protocol (JSON 1.1, Signature Version 4), on loopback. */
export interface KmsServer {
  readonly url: string;
  readonly region: string;
  readonly account: KmsAccount;
  /** All that it was asked for, if it bore a good signature. */
  readonly requests: readonly KmsRequest[];
  /** Makes a key, of the account unless another is named; returns its ARN. */
  createKey(account?: KmsAccount): string;
  /** Has an alias lead to a key. */
  setAlias(alias: string, arn: string): void;
  /** A key that is there and cannot be used. */
  setKeyState(arn: string, state: "Enabled" | "Disabled" | "PendingDeletion"): void;
  /** What the account may not do from now on. */
  forbid(...operations: readonly string[]): void;
  /** What is done in the place of the work, for each request from now on; `undefined` ends it. */
  breakWith(fault: ((request: KmsRequest) => KmsFault | undefined) | undefined): void;
  close(): Promise<void>;
}

interface Key {
  readonly arn: string;
  readonly secret: Uint8Array;
  readonly account: string;
  state: "Enabled" | "Disabled" | "PendingDeletion";
}

/** An error as AWS answers it. */
class Refused extends Error {
  readonly type: string;
  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

const REGION = "eu-test-1";

/** Starts a server with one account and no key. */
export async function startKmsServer(): Promise<KmsServer> {
  const account: KmsAccount = {
    id: "111122223333",
    accessKeyId: `AKIA${randomBytes(8).toString("hex").toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString("base64"),
  };
  const keys = new Map<string, Key>();
  const aliases = new Map<string, string>();
  const forbidden = new Set<string>();
  const requests: KmsRequest[] = [];
  let fault: ((request: KmsRequest) => KmsFault | undefined) | undefined;

  const keyOf = (keyId: unknown): Key => {
    const text = typeof keyId === "string" ? keyId : "";
    const arn = aliases.get(text) ?? (text.startsWith("arn:") ? text : `${arnPrefix(account.id)}${text}`);
    const key = keys.get(arn);
    if (key === undefined) throw new Refused("NotFoundException", `Key '${arn}' does not exist`);
    if (key.account !== account.id) {
      throw new Refused("AccessDeniedException", `${account.accessKeyId} is not authorized to use ${arn}`);
    }
    if (key.state === "Disabled") throw new Refused("DisabledException", `${arn} is disabled.`);
    if (key.state === "PendingDeletion") {
      throw new Refused("KMSInvalidStateException", `${arn} is pending deletion.`);
    }
    return key;
  };

  const work = ({ operation, input }: KmsRequest): object => {
    if (forbidden.has(operation)) {
      throw new Refused(
        "AccessDeniedException",
        `User: arn:aws:iam::${account.id}:user/${account.accessKeyId} is not authorized`,
      );
    }
    const associated = contextBytes(input["EncryptionContext"]);
    const key = keyOf(input["KeyId"]);
    if (operation === "Encrypt") {
      const plaintext = bytesOf(input["Plaintext"]);
      if (plaintext.length < 1 || plaintext.length > 4096) throw new Refused("ValidationException", "length");
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", key.secret, nonce).setAAD(associated);
      const sealed = Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
      const name = Buffer.from(key.arn);
      const blob = Buffer.concat([Buffer.from([name.length]), name, nonce, sealed]);
      return {
        CiphertextBlob: blob.toString("base64"),
        KeyId: key.arn,
        EncryptionAlgorithm: "SYMMETRIC_DEFAULT",
      };
    }
    if (operation === "Decrypt") {
      const blob = bytesOf(input["CiphertextBlob"]);
      const name = blob.subarray(1, 1 + (blob[0] ?? 0)).toString();
      if (!keys.has(name)) throw new Refused("InvalidCiphertextException", "");
      if (name !== key.arn)
        throw new Refused("IncorrectKeyException", "The key ID in the request does not identify");
      const rest = blob.subarray(1 + name.length);
      const decipher = createDecipheriv("aes-256-gcm", key.secret, rest.subarray(0, 12)).setAAD(associated);
      decipher.setAuthTag(rest.subarray(-16));
      try {
        const plaintext = Buffer.concat([decipher.update(rest.subarray(12, -16)), decipher.final()]);
        return {
          Plaintext: plaintext.toString("base64"),
          KeyId: key.arn,
          EncryptionAlgorithm: "SYMMETRIC_DEFAULT",
        };
      } catch {
        throw new Refused("InvalidCiphertextException", "");
      }
    }
    throw new Refused("UnknownOperationException", "");
  };

  const answer = (request: SignedRequest, response: ServerResponse): void => {
    try {
      const scope = { secretAccessKey: account.secretAccessKey, region: REGION, service: "kms" };
      if (accessKeyIdOf(request) !== account.accessKeyId) {
        throw new Refused(
          "UnrecognizedClientException",
          "The security token included in the request is invalid.",
        );
      }
      if (!isSignedV4(request, scope)) {
        throw new Refused("InvalidSignatureException", "The request signature we calculated does not match");
      }
      const understood = understand(request);
      requests.push(understood);
      const instead = fault?.(understood);
      if (instead === "no answer") return;
      if (instead === undefined) send(response, 200, JSON.stringify(work(understood)));
      else send(response, instead.status, instead.body);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      send(response, 400, JSON.stringify({ __type: error.type, message: error.message }));
    }
  };

  const server = createServer((incoming, response) => {
    void readBody(incoming).then((body) => {
      const { method = "", url = "", headers } = incoming;
      answer({ method, url, headers, body }, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    region: REGION,
    account,
    requests,
    createKey({ id } = account) {
      const hex = randomBytes(16).toString("hex");
      const name = hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
      const arn = `${arnPrefix(id)}${name}`;
      keys.set(arn, { arn, secret: randomBytes(32), account: id, state: "Enabled" });
      return arn;
    },
    setAlias(alias, arn) {
      aliases.set(alias, arn);
    },
    setKeyState(arn, state) {
      const key = keys.get(arn);
      if (key === undefined) throw new Error(`there is no key ${arn}`);
      key.state = state;
    },
    forbid(...operations) {
      for (const operation of operations) forbidden.add(operation);
    },
    breakWith(next) {
      fault = next;
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}

function arnPrefix(account: string): string {
  return `arn:aws:kms:${REGION}:${account}:key/`;
}

function understand({ method, headers, body }: SignedRequest): KmsRequest {
  const [, operation = ""] = /^TrentService\.([A-Za-z]+)$/.exec(String(headers["x-amz-target"])) ?? [];
  if (method !== "POST" || operation === "" || headers["content-type"] !== "application/x-amz-json-1.1") {
    throw new Refused("UnknownOperationException", "");
  }
  return { operation, input: JSON.parse(new TextDecoder().decode(body)) as Record<string, unknown> };
}

/** The context in one form, whatever the order of its members: it has to match exactly. */
function contextBytes(context: unknown): Uint8Array {
  const members = Object.entries((context ?? {}) as Record<string, string>);
  return Buffer.from(JSON.stringify(members.sort(([a], [b]) => (a < b ? -1 : 1))));
}

function bytesOf(base64: unknown): Buffer {
  if (typeof base64 !== "string") throw new Refused("ValidationException", "a value is missing");
  return Buffer.from(base64, "base64");
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(body);
}

async function readBody(incoming: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
