import { DecryptCommand, EncryptCommand, KMSClient, type KMSClientConfig } from "@aws-sdk/client-kms";
import { WritError, type Kms } from "@writ/core";

import { errorOfKms } from "./error-of-kms.js";
import { refusePlainHttp } from "./refuse-plain-http.js";

/** Credentials that are given by hand. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Which key of AWS KMS, and how it is reached. */
export interface AwsKmsOptions {
  /**
   * A symmetric key: its ARN, its id, or an alias (`alias/writ`). It stands in the header as it is written
   * here, and must be written the same when the header is opened.
   */
  readonly keyId: string;
  /** The region; else that of the key's ARN, else that of the AWS environment and its files. */
  readonly region?: string;
  /** Another address than the region's: https, or http on loopback. */
  readonly endpoint?: string;
  /** Else those of the AWS environment: variables, files, the role of the container or machine. */
  readonly credentials?: AwsCredentials;
}

/** How often a call is made that was throttled, or failed at the service, while its time lasts. */
const ATTEMPTS = 3;

/**
 * A key of AWS KMS as a source of keys (`Encrypt` and `Decrypt` with an encryption context, API version
 * 2014-11-01). Whoever creates a store needs `kms:Encrypt` and `kms:Decrypt`, whoever opens it
 * `kms:Decrypt`. Only the key of the options is ever used, whatever a header says.
 *
 * Errors tell what AWS calls the error, and never its words.
 *
 * @throws WritError `ARGUMENT_INVALID` for an id that cannot be one; what it returns, `KEY_SOURCE_UNAVAILABLE`,
 *   `KEY_SOURCE_DENIED`, `UNLOCK_FAILED`.
 */
export function createAwsKms(options: AwsKmsOptions): Kms {
  const { keyId } = options;
  if (!/^[A-Za-z0-9:/_-]{1,2048}$/.test(keyId)) {
    throw new WritError("ARGUMENT_INVALID", "keyId is the ARN, id or alias of an AWS KMS key");
  }
  const config = configOf(options);
  return {
    type: "aws",
    key: keyId,
    async wrap(key, context, signal) {
      const command = new EncryptCommand({ KeyId: keyId, Plaintext: key, EncryptionContext: { ...context } });
      const { CiphertextBlob } = await asking(config, (client) =>
        client.send(command, { abortSignal: signal }),
      );
      return answered(CiphertextBlob);
    },
    async unwrap(wrapped, context, signal) {
      const input = { KeyId: keyId, CiphertextBlob: wrapped, EncryptionContext: { ...context } };
      const command = new DecryptCommand(input);
      const { Plaintext } = await asking(config, (client) => client.send(command, { abortSignal: signal }));
      return answered(Plaintext);
    },
  };
}

function configOf({
  keyId,
  region = regionOf(keyId),
  endpoint,
  credentials,
}: AwsKmsOptions): KMSClientConfig {
  return {
    maxAttempts: ATTEMPTS,
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials: { ...credentials } }),
  };
}

/** A key lies in one region, and its ARN says in which. */
function regionOf(keyId: string): string | undefined {
  return /^arn:[^:]+:kms:([^:]+):/.exec(keyId)?.[1];
}

/** A client for one call: there is one when a store is made or opened, and then none for as long as it is open. */
async function asking<T>(config: KMSClientConfig, ask: (client: KMSClient) => Promise<T>): Promise<T> {
  let client: KMSClient | undefined;
  try {
    client = new KMSClient(config);
    refusePlainHttp(client);
    await assertRegion(client);
    return await ask(client);
  } catch (error) {
    throw errorOfKms(error);
  } finally {
    client?.destroy();
  }
}

/** The client's own error for this has no name by which it is told from others. */
async function assertRegion(client: KMSClient): Promise<void> {
  try {
    await client.config.region();
  } catch {
    throw new WritError("KEY_SOURCE_UNAVAILABLE", "no AWS region is named", {
      hint: "Set AWS_REGION, or name the key by its ARN.",
    });
  }
}

function answered(bytes: Uint8Array | undefined): Uint8Array {
  if (bytes === undefined) throw new WritError("KEY_SOURCE_UNAVAILABLE", "AWS KMS has answered no key");
  return bytes;
}
