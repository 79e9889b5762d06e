import { WritError, type Keyring } from "@writ/core";
import type { AsyncEntry } from "@napi-rs/keyring";

/** Which keyring, where a system has several. */
export interface OsKeyringOptions {
  /**
   * On Linux: the Secret Service of the desktop (unless given), or the kernel's keyring, which forgets all of it
   * when the machine is started again. Neither takes the other's place.
   */
  readonly linuxStore?: "secret-service" | "keyutils";
}

/**
 * The keyring of the operating system: Keychain on macOS, Credential Manager on Windows, the Secret Service on
 * Linux (through `@napi-rs/keyring`). A locked one may ask the user to unlock it. What cannot be told apart,
 * an absent keyring, a locked one and a refused one, is `KEY_SOURCE_UNAVAILABLE`.
 */
export function createOsKeyring({ linuxStore = "secret-service" }: OsKeyringOptions = {}): Keyring {
  const withEntry = async <T>(
    service: string,
    account: string,
    use: (entry: AsyncEntry) => Promise<T>,
  ): Promise<T> => {
    try {
      // Here, so that a missing binary is an error of the keyring's. Making an entry connects to it.
      const { AsyncEntry: Entry } = await import("@napi-rs/keyring");
      return await use(new Entry(service, account, { linux: { store: linuxStore } }));
    } catch (cause) {
      // The library's errors say what failed, and hold no secret.
      throw new WritError("KEY_SOURCE_UNAVAILABLE", "the operating system's keyring cannot be used", {
        hint: "On a machine without a desktop there is none, and a locked one has to be unlocked.",
        cause,
      });
    }
  };
  return {
    get: (service, account, signal) =>
      withEntry(service, account, async (entry) => {
        const secret = (await entry.getSecret(signal)) as readonly number[] | null;
        return secret === null ? null : Uint8Array.from(secret);
      }),
    set: (service, account, secret, signal) =>
      withEntry(service, account, (entry) => entry.setSecret(secret, signal)),
    delete: (service, account, signal) =>
      withEntry(service, account, (entry) => entry.deleteCredential(signal)),
  };
}
