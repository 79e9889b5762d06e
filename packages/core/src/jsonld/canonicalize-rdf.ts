import { WritError } from "../errors/writ-error.js";
import type { JsonObject } from "../json/json-value.js";
import { isParsed } from "../json/strict-json.js";
import { createContextResolver } from "./context-resolver.js";
import { loadContext } from "./pinned-contexts.js";

/** How much work a canonicalisation may be. Some small documents are made so that it never ends. */
export interface CanonicalizationLimits {
  /** Power of the number of blank nodes that are alike at first sight: how many paths are tried. */
  readonly maxWorkFactor: number;
  readonly timeoutMs: number;
}

/** More than any document needs that was not made to be slow. */
export const CANONICALIZATION_LIMITS: CanonicalizationLimits = { maxWorkFactor: 1, timeoutMs: 2000 };

/** Turns a JSON-LD document into canonical N-Quads (RDFC-1.0), as one suite of the reference libraries does. */
export type RdfCanonicalizer = (document: JsonObject, limits?: CanonicalizationLimits) => Promise<string>;

/**
 * As `@digitalbazaar/eddsa-rdfc-2022-cryptosuite` does: what has a direction keeps it.
 *
 * @throws WritError `JSON_LD_INVALID` for what says something that would not be signed, such as a term
 *   without definition or a relative IRI, `CANON_LIMIT`, and those of {@link loadContext}.
 */
export const canonicalizeEddsaRdfc2022: RdfCanonicalizer = async (
  document,
  { maxWorkFactor, timeoutMs } = CANONICALIZATION_LIMITS,
) => {
  // Loaded when it is needed: it takes several times as long as all else that a command loads.
  const { cryptosuite } = await import("@digitalbazaar/eddsa-rdfc-2022-cryptosuite");
  const contextResolver = await createContextResolver();
  const signal = AbortSignal.timeout(timeoutMs);
  const options = { documentLoader, contextResolver, maxWorkFactor, signal };
  return refusing(signal, () => cryptosuite.canonize(document, options));
};

/** As `@digitalbazaar/ed25519-signature-2020` does. Throws what the other does. */
export const canonicalizeEd25519Signature2020: RdfCanonicalizer = async (
  document,
  { maxWorkFactor, timeoutMs } = CANONICALIZATION_LIMITS,
) => {
  const { Ed25519Signature2020 } = await import("@digitalbazaar/ed25519-signature-2020");
  const contextResolver = await createContextResolver();
  const signal = AbortSignal.timeout(timeoutMs);
  const canonizeOptions = { contextResolver, maxWorkFactor, signal };
  const suite = new Ed25519Signature2020({ canonizeOptions });
  return refusing(signal, () => suite.canonize(document, { documentLoader }));
};

/**
 * Whether every member of a document is defined by its contexts and says something. An RDF suite finds out
 * when it signs or verifies; under JCS, where a member without meaning would be signed, this does.
 *
 * @throws WritError `JSON_LD_INVALID`, `CANON_LIMIT`.
 */
export async function assertTermsDefined(document: JsonObject): Promise<void> {
  if (defined.has(document)) return;
  await canonicalizeEddsaRdfc2022(document);
  if (isParsed(document)) defined.add(document);
}

/** Parsed documents whose terms are all defined; they cannot change. */
const defined = new WeakSet<JsonObject>();

/** Finds pinned contexts and nothing else, for the reference libraries. */
export function documentLoader(url: string): Promise<object> {
  // A refusal on its way through the libraries comes out as their error, with this as its cause.
  return Promise.resolve().then(() => ({
    contextUrl: null,
    documentUrl: url,
    document: loadContext(url),
    // It never changes, so what was read of it may be kept.
    tag: "static",
  }));
}

/** The library's own words may hold parts of the document, so they stay in the cause. */
async function refusing(signal: AbortSignal, canonicalize: () => Promise<string>): Promise<string> {
  try {
    return await canonicalize();
  } catch (cause) {
    const own = writErrorIn(cause);
    if (own !== undefined) throw own;
    // The library tells its own limit by the message alone.
    const tooDeep = cause instanceof Error && cause.message.startsWith("Maximum deep iterations");
    if (signal.aborted || tooDeep) {
      throw new WritError("CANON_LIMIT", "the document takes too long to canonicalise", { cause });
    }
    throw new WritError(
      "JSON_LD_INVALID",
      "holds a term, a type or an id that no context of the document gives a meaning",
      { cause },
    );
  }
}

function writErrorIn(error: unknown): WritError | undefined {
  if (error instanceof WritError) return error;
  if (!(error instanceof Error)) return undefined;
  const { details } = error as { details?: { cause?: unknown } };
  return writErrorIn(details?.cause ?? error.cause);
}
