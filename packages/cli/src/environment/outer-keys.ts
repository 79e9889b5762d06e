import { WritError, type KeySource } from "@writ/core";

/**
 * The operating system's keyring.
 *
 * @throws WritError `KEY_SOURCE_UNAVAILABLE` where its package is not installed.
 */
export async function keyringSource(): Promise<KeySource> {
  const { createOsKeyring } = await loaded("@writ/keyring", () => import("@writ/keyring"));
  return { type: "keyring", keyring: createOsKeyring() };
}

/**
 * A key of a key management service, by its kind and name: `aws:alias/writ`.
 *
 * @param named the option or variable that says so
 * @throws WritError `USAGE`, `KEY_SOURCE_UNAVAILABLE` where its package is not installed.
 */
export async function kmsSource(name: string, named: string): Promise<KeySource> {
  const [, keyId] = /^aws:([A-Za-z0-9:/_-]{1,2048})$/.exec(name) ?? [];
  if (keyId === undefined) {
    throw new WritError("USAGE", `${named} names no key of a key management service`, {
      hint: "Such as aws:alias/writ, or aws: before the ARN or id of a key of AWS KMS.",
    });
  }
  const { createAwsKms } = await loaded("@writ/aws-kms", () => import("@writ/aws-kms"));
  return { type: "kms", kms: createAwsKms({ keyId }) };
}

/** These packages bring binaries and clients that most have no use for: they are installed where they are wanted. */
async function loaded<Module>(name: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    throw new WritError("KEY_SOURCE_UNAVAILABLE", `the package ${name} is not installed`, {
      hint: `Install it where writ is: npm install ${name}`,
      cause,
    });
  }
}
