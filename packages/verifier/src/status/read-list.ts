import {
  assertGenericProfile,
  asProblem,
  decodeStatusList,
  genericStatusListCredential,
  parseDocument,
  parseShape,
  parseStrictJsonObject,
  STATUS_LIST_LIMITS,
  statusListCredential,
  WritError,
  type GenericStatusListCredential,
  type JsonObject,
  type StatusBits,
} from "@writ/core";

import type { Profile } from "../issuer-signed.js";
import type { ObtainedList } from "./status-source.js";

/** What was read of a list follows from its bytes alone, and so stays true as long as they do. */
const lists: Readonly<Record<Profile, WeakMap<ObtainedList, GenericStatusListCredential>>> = {
  strict: new WeakMap(),
  generic: new WeakMap(),
};
const bitstrings = new WeakMap<ObtainedList, StatusBits>();

/** A longer bitstring is unpacked at each use: a few of them would fill the memory. */
const MAX_KEPT_BITS = 8 * 1024 * 1024;

/**
 * What a list says, whoever may have signed it: strict JSON, its profile and form. Signature and time
 * are asked at every use (DESIGN 4.10).
 *
 * @throws WritError `STATUS_LIST_INVALID`.
 */
export function readList(obtained: ObtainedList, profile: Profile): GenericStatusListCredential {
  const known = lists[profile].get(obtained);
  if (known !== undefined) return known;
  try {
    const json = parseStrictJsonObject(obtained.text, STATUS_LIST_LIMITS);
    const list = profile === "strict" ? parseDocument(json, statusListCredential) : parseGenericList(json);
    lists[profile].set(obtained, list);
    return list;
  } catch (error) {
    const { detail } = asProblem(error);
    throw new WritError("STATUS_LIST_INVALID", `what was obtained is not a status list: ${detail}`, {
      cause: error,
    });
  }
}

/**
 * The bits of a list that was read, of bounded size.
 *
 * @throws WritError `STATUS_LIST_INVALID`, `STATUS_UNAVAILABLE` where the runtime cannot unpack.
 */
export function readBits(
  obtained: ObtainedList,
  { credentialSubject }: GenericStatusListCredential,
): StatusBits {
  const known = bitstrings.get(obtained);
  if (known !== undefined) return known;
  const bits = unpack(credentialSubject.encodedList);
  if (bits.length <= MAX_KEPT_BITS) bitstrings.set(obtained, bits);
  return bits;
}

/** What the list is at fault of is not the credential's. */
function unpack(encodedList: string): StatusBits {
  try {
    return decodeStatusList(encodedList);
  } catch (cause) {
    if (asProblem(cause).code !== "ENCODING_INVALID") throw cause;
    throw new WritError("STATUS_LIST_INVALID", "the status list is not in base64url", { cause });
  }
}

function parseGenericList(json: JsonObject): GenericStatusListCredential {
  assertGenericProfile(json);
  return parseShape(genericStatusListCredential, json);
}
