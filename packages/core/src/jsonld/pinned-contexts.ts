import { sha256 } from "../crypto/sha256.js";
import { toHex } from "../encoding/bytes.js";
import { WritError } from "../errors/writ-error.js";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../json/json-value.js";
import { parseStrictJsonObject } from "../json/strict-json.js";
import { nodeModule } from "../runtime/node.js";
import {
  CREDENTIALS_EXAMPLES_V2,
  CREDENTIALS_V1,
  CREDENTIALS_V2,
  DATA_INTEGRITY_V1,
  DATA_INTEGRITY_V2,
  ED25519_2020_V1,
  MULTIKEY_V1,
  WRIT_V1,
} from "./context-addresses.js";

/** SHA-256 of `contexts/writ-v1.jsonld`, byte for byte. */
export const WRIT_V1_SHA256 = "968a3669ad5a8231279bc692ba416b9afbbceb992d60b17df2ca3b05dfd0121a";

interface PinnedContext {
  /** File of this package, below `contexts/`. */
  readonly file: string;
  /** SHA-256 of the file, byte for byte. */
  readonly sha256: string;
}

/** Every context there is, by address. None is ever fetched (DESIGN 2). */
export const PINNED_CONTEXTS: ReadonlyMap<string, PinnedContext> = new Map([
  [
    CREDENTIALS_V1,
    {
      file: "credentials-v1.jsonld",
      sha256: "ab4ddd9a531758807a79a5b450510d61ae8d147eab966cc9a200c07095b0cdcc",
    },
  ],
  [
    CREDENTIALS_V2,
    {
      file: "credentials-v2.jsonld",
      sha256: "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
    },
  ],
  [
    CREDENTIALS_EXAMPLES_V2,
    {
      file: "credentials-examples-v2.jsonld",
      sha256: "57393fbc69d6efb9b9b5dc9cb6b9880b0944360abfe2eaf459c9e58cf2279d7c",
    },
  ],
  [
    DATA_INTEGRITY_V1,
    {
      file: "data-integrity-v1.jsonld",
      sha256: "b5d829bd09aa7c42abc6efa0c8ed7635313b5487f37ccfce3ecd149ca9418554",
    },
  ],
  [
    DATA_INTEGRITY_V2,
    {
      file: "data-integrity-v2.jsonld",
      sha256: "67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4",
    },
  ],
  [
    ED25519_2020_V1,
    {
      file: "ed25519-2020-v1.jsonld",
      sha256: "b9e1ab971fd8bf2c7553e0c4a9438e0b9450afde1ea1ca5b2492368b9f549588",
    },
  ],
  [
    MULTIKEY_V1,
    {
      file: "multikey-v1.jsonld",
      sha256: "c5f3806f8286920573221938917988a18a4cc5a09e968d29649613c7a1c2b1f6",
    },
  ],
  [
    WRIT_V1,
    {
      file: "writ-v1.jsonld",
      sha256: WRIT_V1_SHA256,
    },
  ],
]);

const loaded = new Map<string, JsonObject>();

/**
 * The context document at a pinned address, from the file that this package ships.
 *
 * @throws WritError `CONTEXT_NOT_ALLOWED` for any other address, `CONTEXT_CORRUPT` where the file is not
 *   the one that is pinned.
 */
export function loadContext(url: string): JsonObject {
  const known = loaded.get(url);
  if (known !== undefined) return known;
  const pinned = PINNED_CONTEXTS.get(url);
  if (pinned === undefined) throw new WritError("CONTEXT_NOT_ALLOWED", "the context is not a pinned one");
  const context = parseContextFile(readFile(pinned.file), pinned.sha256);
  loaded.set(url, context);
  return context;
}

/**
 * The bytes at a pinned address, or `undefined` for any other.
 *
 * @throws WritError `CONTEXT_CORRUPT`.
 */
export function pinnedBytes(url: string): Uint8Array | undefined {
  const pinned = PINNED_CONTEXTS.get(url);
  if (pinned === undefined) return undefined;
  const bytes = readFile(pinned.file);
  parseContextFile(bytes, pinned.sha256);
  return bytes;
}

/**
 * A context from the bytes of its file.
 *
 * @param expectedSha256 hexadecimal
 * @throws WritError `CONTEXT_CORRUPT` for other bytes.
 */
export function parseContextFile(bytes: Uint8Array, expectedSha256: string): JsonObject {
  if (toHex(sha256(bytes)) !== expectedSha256) {
    throw new WritError("CONTEXT_CORRUPT", "a context file does not have the bytes that are pinned");
  }
  return parseStrictJsonObject(bytes);
}

function readFile(file: string): Uint8Array {
  const fs = nodeModule("node:fs");
  if (fs === undefined) throw new WritError("CONTEXT_CORRUPT", "this runtime cannot read the context files");
  try {
    return fs.readFileSync(new URL(`../../contexts/${file}`, import.meta.url));
  } catch (cause) {
    throw new WritError("CONTEXT_CORRUPT", "a context file cannot be read", { cause });
  }
}

/** The namespaces of the vocabularies that pinned contexts have terms of. */
const NAMESPACES: readonly string[] = [
  "https://www.w3.org/2018/credentials#",
  "https://www.w3.org/ns/credentials/",
  "https://w3id.org/security#",
  "https://w3id.org/writ",
];

let names: { readonly terms: ReadonlySet<string>; readonly iris: ReadonlySet<string> } | undefined;

function pinnedNames(): NonNullable<typeof names> {
  if (names !== undefined) return names;
  const found = [...PINNED_CONTEXTS.keys()].flatMap((url) => [...definitionsIn(loadContext(url))]);
  names = { terms: new Set(found.map(([term]) => term)), iris: new Set(found.map(([, iri]) => iri)) };
  return names;
}

/** Whether some pinned context defines a term, wherever in it. */
export function isPinnedTerm(term: string): boolean {
  return pinnedNames().terms.has(term);
}

/**
 * Whether some pinned context has, or could have, a term for an IRI. A document that could give it another
 * name would say the same to an RDF signature, and something else to whoever reads its members.
 */
export function isPinnedIri(iri: string): boolean {
  return NAMESPACES.some((namespace) => iri.startsWith(namespace)) || pinnedNames().iris.has(iri);
}

/** Every term in a context with its IRI, as it is written there. */
function* definitionsIn(value: JsonValue): Generator<readonly [term: string, iri: string]> {
  if (isJsonArray(value)) {
    for (const item of value) yield* definitionsIn(item);
  } else if (isJsonObject(value)) {
    for (const [term, definition] of Object.entries(value)) {
      if (typeof definition === "string" && !term.startsWith("@")) yield [term, definition];
      if (isJsonObject(definition) && typeof definition["@id"] === "string") yield [term, definition["@id"]];
      yield* definitionsIn(definition);
    }
  }
}
