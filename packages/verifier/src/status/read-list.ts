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
  type JsonText,
  type Profile,
  type StatusBits,
} from "@writ/core";

import type { ObtainedList } from "./status-source.js";

/** A list, and the text that it was read from: a source may put another one into the same object. */
interface ReadList {
  readonly text: JsonText;
  readonly list: GenericStatusListCredential;
}

/** What was read of a list follows from its bytes alone, and so stays true as long as they do. */
const lists: Readonly<Record<Profile, WeakMap<ObtainedList, ReadList>>> = {
  strict: new WeakMap(),
  generic: new WeakMap(),
};
const bitstrings = new WeakMap<GenericStatusListCredential, StatusBits>();

/** A longer bitstring is unpacked at each use: a few of them would fill the memory. */
const MAX_KEPT_BITS = 8 * 1024 * 1024;

/**
 * What a list says, whoever may have signed it: strict JSON, its profile and form. Signature and time
 * are asked at every use (DESIGN 4.10).
 *
 * @throws WritError `STATUS_LIST_MALFORMED`.
 */
export function readList(obtained: ObtainedList, profile: Profile): GenericStatusListCredential {
  const known = lists[profile].get(obtained);
  try {
    const { text } = obtained;
    if (known !== undefined && known.text === text) return known.list;
    const json = parseStrictJsonObject(text, STATUS_LIST_LIMITS);
    const list = profile === "strict" ? parseDocument(json, statusListCredential) : parseGenericList(json);
    lists[profile].set(obtained, { text, list });
    return list;
  } catch (error) {
    const { detail } = asProblem(error);
    throw new WritError("STATUS_LIST_MALFORMED", `what was obtained is not a status list: ${detail}`, {
      cause: error,
    });
  }
}

/**
 * The bits of a list that was read, of bounded size.
 *
 * @throws WritError `STATUS_LIST_MALFORMED`, `STATUS_LIST_TOO_SHORT`; `STATUS_UNAVAILABLE` where the runtime cannot unpack.
 */
export function readBits(list: GenericStatusListCredential): StatusBits {
  const known = bitstrings.get(list);
  if (known !== undefined) return known;
  const bits = unpack(list.credentialSubject.encodedList);
  if (bits.length <= MAX_KEPT_BITS) bitstrings.set(list, bits);
  return bits;
}

/** What the list is at fault of is not the credential's. */
function unpack(encodedList: string): StatusBits {
  try {
    return decodeStatusList(encodedList);
  } catch (cause) {
    if (asProblem(cause).code !== "ENCODING_INVALID") throw cause;
    throw new WritError("STATUS_LIST_MALFORMED", "the status list is not in base64url", { cause });
  }
}

function parseGenericList(json: JsonObject): GenericStatusListCredential {
  assertGenericProfile(json);
  return parseShape(genericStatusListCredential, json);
}
