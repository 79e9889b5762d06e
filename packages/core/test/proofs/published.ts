import { readVector } from "@writ/testkit";

import { decodeBase58 } from "../../src/encoding/base58.js";
import type { JsonObject } from "../../src/json/json-value.js";
import { parseStrictJsonObject } from "../../src/json/strict-json.js";
import { createSeedSigner, type Signer } from "../../src/keys/signer.js";

const FOLDER = "vc-di-eddsa";

/** A document of the published vectors of Data Integrity EdDSA Cryptosuites 1.0. */
export function publishedJson(...path: readonly string[]): JsonObject {
  return parseStrictJsonObject(readVector(FOLDER, ...path));
}

/** A text of theirs, such as a hash in hexadecimal or canonical N-Quads. */
export function publishedText(...path: readonly string[]): string {
  return readVector(FOLDER, ...path).toString("utf8");
}

/** The signer with a published key: 32 bytes behind `z3u2…`, where the multicodec takes two. */
export function publishedSigner(keyPair: JsonObject): Signer {
  const { privateKeyMultibase } = keyPair as { readonly privateKeyMultibase: string };
  return createSeedSigner(decodeBase58(privateKeyMultibase.slice(1)).slice(2));
}
