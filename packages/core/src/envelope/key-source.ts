import { utf8 } from "../encoding/bytes.js";
import { WritError } from "../errors/writ-error.js";
import type { Keyring } from "./keyring.js";
import type { Kms } from "./kms.js";

/** The cost of Argon2id (RFC 9106): memory in KiB, passes, lanes. */
export interface Argon2Cost {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
}

/** What unlocks an envelope (DESIGN 5). */
export type KeySource =
  | { readonly type: "passphrase"; readonly passphrase: string }
  | { readonly type: "raw"; readonly key: Uint8Array }
  | {
      readonly type: "keyring";
      readonly keyring: Keyring;
      /** How long each question to the keyring may take; a minute, in which somebody can unlock it. */
      readonly timeoutMs?: number;
    }
  | {
      readonly type: "kms";
      readonly kms: Kms;
      /** How long each question to the KMS may take; ten seconds. */
      readonly timeoutMs?: number;
    };

/** A source of one type. */
export type KeySourceOf<T extends KeySource["type"]> = Extract<KeySource, { readonly type: T }>;

/** 64 MiB, 3 passes, 4 lanes. */
export const DEFAULT_ARGON2_COST: Argon2Cost = { memoryKib: 64 * 1024, passes: 3, lanes: 4 };
/** The least that is accepted: 19 MiB, 2 passes. */
export const MIN_ARGON2_COST: Argon2Cost = { memoryKib: 19 * 1024, passes: 2, lanes: 1 };
/** The most that is run: 1 GiB, 10 passes. */
export const MAX_ARGON2_COST: Argon2Cost = { memoryKib: 1024 * 1024, passes: 10, lanes: 16 };

const MAX_PASSPHRASE_BYTES = 1024;

/**
 * Refuses a cost outside the limits before anything runs: too low is an attack on the secret, too
 * high one on the machine.
 *
 * @throws WritError `KDF_LIMIT`.
 */
export function assertArgon2Cost(cost: Argon2Cost): void {
  for (const name of ["memoryKib", "passes", "lanes"] as const) {
    const value = cost[name];
    if (!Number.isSafeInteger(value) || value < MIN_ARGON2_COST[name] || value > MAX_ARGON2_COST[name]) {
      throw new WritError(
        "KDF_LIMIT",
        `${name} must be from ${String(MIN_ARGON2_COST[name])} to ${String(MAX_ARGON2_COST[name])}`,
      );
    }
  }
}

/**
 * The 32-byte key-encryption key from a passphrase. The passphrase is taken in normalisation form C,
 * so that it opens whatever keyboard it is typed on.
 *
 * @throws WritError `KDF_LIMIT`, `ARGUMENT_INVALID` for an empty or over-long passphrase.
 */
export async function deriveFromPassphrase(
  passphrase: string,
  salt: Uint8Array,
  cost: Argon2Cost,
): Promise<Uint8Array> {
  assertArgon2Cost(cost);
  // Half a surrogate pair would become the same bytes as any other.
  if (!passphrase.isWellFormed()) throw new WritError("ARGUMENT_INVALID", "the passphrase is not a text");
  const password = utf8(passphrase.normalize("NFC"));
  try {
    if (password.length === 0 || password.length > MAX_PASSPHRASE_BYTES) {
      throw new WritError("ARGUMENT_INVALID", `a passphrase has 1 to ${String(MAX_PASSPHRASE_BYTES)} bytes`);
    }
    return await runArgon2(password, salt, cost);
  } finally {
    password.fill(0);
  }
}

async function runArgon2(password: Uint8Array, salt: Uint8Array, cost: Argon2Cost): Promise<Uint8Array> {
  const { memoryKib: memoryCost, passes: timeCost, lanes: parallelism } = cost;
  const native = await importNative();
  if (native === undefined) {
    const { argon2idAsync } = await import("@noble/hashes/argon2.js");
    return argon2idAsync(password, salt, { m: memoryCost, t: timeCost, p: parallelism, dkLen: 32 });
  }
  // Argon2id is what the package does unless told otherwise; its enum is not there at run time.
  const options = { memoryCost, timeCost, parallelism, outputLen: 32, salt };
  return new Uint8Array(await native.hashRaw(password, options));
}

/** The native implementation, twenty times as fast, where its binary fits the machine. */
async function importNative(): Promise<typeof import("@node-rs/argon2") | undefined> {
  try {
    return await import("@node-rs/argon2");
  } catch {
    return undefined;
  }
}
