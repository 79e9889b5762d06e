import { canonicalize } from "../../src/json/canonicalize.js";
import { asJson } from "../../src/json/json-value.js";
import { utf8 } from "../../src/encoding/bytes.js";
import { seal, unseal } from "../../src/envelope/aead.js";
import type { Keyring } from "../../src/envelope/keyring.js";
import type { Kms } from "../../src/envelope/kms.js";
import { WritError } from "../../src/errors/writ-error.js";
import { seededRandom } from "@writ/testkit";

/** A KMS in this process, with one key. It takes the context to heart unless it is told not to. */
export function memoryKms(
  { type = "test", key = "key-1" }: Partial<Pick<Kms, "type" | "key">> = {},
  context: "bound" | "ignored" = "bound",
): Kms & { readonly asked: string[] } {
  const random = seededRandom("memory kms nonces");
  const secret = seededRandom("memory kms")(32);
  const asked: string[] = [];
  const boundTo = (given: object): Uint8Array => utf8(context === "bound" ? canonicalize(asJson(given)) : "");
  return {
    type,
    key,
    asked,
    wrap(plain, given) {
      asked.push("wrap");
      return Promise.resolve(seal(secret, plain, boundTo(given), random));
    },
    unwrap(wrapped, given) {
      asked.push("unwrap");
      const plain = unseal(secret, wrapped, boundTo(given));
      if (plain === undefined) throw new WritError("UNLOCK_FAILED", "not wrapped by this key for this");
      return Promise.resolve(plain);
    },
  };
}

/** A keyring in this process. */
export function memoryKeyring(): Keyring & { readonly entries: Map<string, Uint8Array> } {
  const entries = new Map<string, Uint8Array>();
  return {
    entries,
    get: (service, account) => Promise.resolve(entries.get(`${service}/${account}`)?.slice() ?? null),
    set(service, account, secret) {
      entries.set(`${service}/${account}`, secret.slice());
      return Promise.resolve();
    },
    delete: (service, account) => Promise.resolve(entries.delete(`${service}/${account}`)),
  };
}
