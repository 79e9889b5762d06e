import type { ErrorCode } from "../errors/codes.js";
import { WritError } from "../errors/writ-error.js";
import { canonicalize, sameJson } from "../json/canonicalize.js";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../json/json-value.js";
import { joinPointer } from "../json/pointer.js";
import { isPinnedIri } from "../jsonld/pinned-contexts.js";
import type { Coercion } from "../jsonld/term-coercion.js";
import { DECEPTIVE_CHARACTERS } from "../schema/shape.js";
import { isAbsoluteIri } from "./absolute-iri.js";
import { CREDENTIALS_V2 } from "../jsonld/context-addresses.js";
import { PLAIN_TERM, readGenericContexts, type GenericContexts } from "./generic-contexts.js";
import { misplacedClaims, type Mention } from "./node-mentions.js";
import { isOwnDocument } from "./own-documents.js";

/** Documents with more objects and types of them, which have contexts too, take too long to canonicalise. */
const MAX_NODES_AND_TYPES = 512;

/** The same for values, each of which becomes a statement. */
const MAX_VALUES = 4096;

/**
 * The generic profile (DESIGN 4.2), for documents of others, before any JSON-LD. What a JSON-LD processor
 * sees in them and what a reader of plain JSON sees shall be the same, as far as terms that Writ does not
 * know permit: nothing can be renamed, wrapped, hidden or moved to another object of the same id without
 * the RDF changing as well.
 *
 * What stays alike: the order of a list, a value and a list of it alone, a text and a value object of it
 * alone, an IRI and an object of that id alone where a term names nodes, the case of a language, contexts
 * whose terms are not used, and of a presentation the data model, 1.1 or 2.0.
 *
 * @throws WritError `CONTEXT_NOT_ALLOWED`, `KEY_NOT_PLAIN`, `VALUE_NULL`, `ARRAY_EMPTY`, `DUPLICATE_ITEM`,
 *   `VALUE_OBJECT_INVALID`, `NUMBER_UNSAFE`, `ID_INVALID`, `NODE_REPEATED`, `SCHEMA_INVALID`,
 *   `ENVELOPE_UNSUPPORTED`, `CANON_LIMIT`.
 */
export function assertGenericProfile(document: JsonObject, allowed: GenericContexts = {}): void {
  const walk = new Walk(allowed);
  walk.document(document);
}

type Token = string | number;

/** One walk through a document; it knows where it is. */
class Walk {
  readonly #allowed: GenericContexts;
  readonly #path: Token[] = [];
  #size = 0;
  #values = 0;
  /** Each proof may have the document canonicalised anew: what it holds counts so many times. */
  #proofs = 1;
  /** How the contexts of the document at hand read the values of terms. */
  #coercions: ReadonlyMap<string, Coercion> = new Map();
  /** Only the context of VC Data Model 2.0 knows them; elsewhere the same names would be a node's. */
  #hasJsonLiterals = false;

  constructor(allowed: GenericContexts) {
    this.#allowed = allowed;
  }

  /** A secured document: the outermost, or a credential in a presentation. */
  document(document: JsonObject): void {
    const { type: types = [] } = document;
    if ([types].flat().some(isEnvelopedType)) {
      this.#at("type", () => this.#fail("ENVELOPE_UNSUPPORTED", "enveloped documents are not verified"));
    }
    this.#coercions = readGenericContexts(document["@context"], this.#allowed, (tokens) =>
      pointerTo([...this.#path, "@context", ...tokens]),
    );
    const { "@context": context, verifiableCredential, proof, ...members } = document;
    this.#hasJsonLiterals = isJsonArray(context) && context[0] === CREDENTIALS_V2;
    if (isJsonArray(proof)) this.#proofs = Math.max(this.#proofs, proof.length);
    this.#graph(members);
    this.#at("proof", () => {
      this.#each(proof, (each) => {
        this.#proof(each, context);
      });
    });
    this.#at("verifiableCredential", () => {
      this.#each(verifiableCredential, (credential) => {
        if (!isJsonObject(credential))
          this.#fail("ENVELOPE_UNSUPPORTED", "must be a credential with its own proof");
        // Those are under the strict profile, wherever they lie.
        if (!isOwnDocument(credential)) this.document(credential);
      });
    });
  }

  /**
   * A JCS proof may repeat the contexts of its document: all of them, since nobody has signed those that it
   * lacks.
   */
  #proof(proof: JsonValue, contexts: JsonValue | undefined): void {
    if (!isJsonObject(proof)) return this.#fail("SCHEMA_INVALID", "must be an object");
    const { "@context": repeated, ...members } = proof;
    if (repeated !== undefined && !sameJson(repeated, contexts ?? null)) {
      this.#at("@context", () => this.#fail("CONTEXT_NOT_ALLOWED", "must be the document's contexts"));
    }
    this.#graph(members);
  }

  /** The objects of one graph: an id in another graph is another node. */
  #graph(members: JsonObject): void {
    const mentions: Mention[] = [];
    this.#node(members, { start: this.#path.length, mentions });
    const misplaced = misplacedClaims(mentions);
    if (misplaced === undefined) return;
    const place = { pointer: misplaced.pointer };
    throw new WritError("NODE_REPEATED", "claims about what is named elsewhere too", place);
  }

  /** An object that is a node of the graph. */
  #node(node: JsonObject, graph: Graph): void {
    const { id, type = [] } = node;
    this.#size += (1 + [type].flat().length) * this.#proofs;
    if (this.#size > MAX_NODES_AND_TYPES) {
      const what = `more than ${String(MAX_NODES_AND_TYPES)} objects and types, counted for each proof`;
      this.#fail("CANON_LIMIT", what);
    }
    if (id !== undefined) {
      this.#at("id", () => {
        this.#id(id, graph, Object.keys(node).length > 1);
      });
    }
    for (const [key, value] of Object.entries(node)) {
      if (key === "id") continue;
      this.#at(key, () => {
        if (!isPlainKey(key)) this.#fail("KEY_NOT_PLAIN", "a member name must be a plain term");
        if (this.#hasJsonLiterals && isJsonLiteral(key, node)) return;
        const coercion = key === "type" ? "vocabulary" : this.#coercions.get(key);
        this.#each(value, (item) => {
          this.#value(item, coercion, graph);
        });
      });
    }
  }

  #value(value: JsonValue, coercion: Coercion | undefined, graph: Graph): void {
    this.#values += this.#proofs;
    if (this.#values > MAX_VALUES) {
      this.#fail("CANON_LIMIT", `more than ${String(MAX_VALUES)} values, counted for each proof`);
    }
    if (typeof value === "number" && !isSignedExactly(value)) {
      this.#fail("NUMBER_UNSAFE", "an RDF signature covers 15 digits, and no such small fraction");
    }
    if (isJsonArray(value)) this.#fail("SCHEMA_INVALID", "a list in a list");
    if (coercion === "vocabulary") this.#type(value);
    else if (!isJsonObject(value)) this.#scalar(value, coercion, graph);
    else if ("@value" in value) this.#valueObject(value);
    else this.#node(value, graph);
  }

  /** Of the values that a coerced term makes alike, one is taken. */
  #scalar(value: JsonValue, coercion: Coercion | undefined, graph: Graph): void {
    if (coercion === "iri") this.#id(value, graph, false);
    else if (coercion === "number" && typeof value === "string")
      this.#fail("SCHEMA_INVALID", "must be a number");
    else if (coercion === "text" && typeof value !== "string") this.#fail("SCHEMA_INVALID", "must be a text");
  }

  /** A text in a language (VC Data Model 2.0, section 11.1). */
  #valueObject(value: JsonObject): void {
    const { "@value": text, "@language": language = "en", "@direction": direction = "ltr", ...rest } = value;
    const isLanguage = typeof language === "string" && LANGUAGE.test(language);
    const isDirection = direction === "ltr" || direction === "rtl";
    if (typeof text !== "string" || !isLanguage || !isDirection || Object.keys(rest).length > 0) {
      this.#fail("VALUE_OBJECT_INVALID", "must be a text with a language or a direction, and nothing else");
    }
  }

  #id(id: JsonValue, { start, mentions }: Graph, hasClaims: boolean): void {
    if (!isAbsoluteIri(id)) return this.#fail("ID_INVALID", "must be an absolute URL");
    const tokens = this.#path.slice(start).filter((token) => typeof token === "string");
    const members = tokens.at(-1) === "id" ? tokens.slice(0, -1) : tokens;
    mentions.push({ id, members, pointer: pointerTo(this.#path), hasClaims });
  }

  /** A URL has no term, nor can it be given one: a reader would not know that both are one type. */
  #type(type: JsonValue): void {
    if (typeof type === "string" && PLAIN_TERM.test(type)) return;
    if (this.#allowed.inline !== "plain-terms" && isAbsoluteIri(type) && !isPinnedIri(type)) return;
    this.#fail("ID_INVALID", "must be a term, or an absolute URL that has none");
  }

  /** Each of a member's values; one alone is one value. */
  #each(value: JsonValue | undefined, visit: (item: JsonValue) => void): void {
    if (value === undefined) return;
    if (!isJsonArray(value)) {
      this.#item(value, visit);
      return;
    }
    if (value.length === 0) this.#fail("ARRAY_EMPTY", "must not be empty");
    const seen = new Set<string>();
    value.forEach((item, index) => {
      this.#at(index, () => {
        this.#item(item, visit);
        const text = canonicalize(plainForm(item));
        if (seen.has(text)) this.#fail("DUPLICATE_ITEM", "occurs twice");
        seen.add(text);
      });
    });
  }

  #item(item: JsonValue, visit: (item: JsonValue) => void): void {
    if (item === null) this.#fail("VALUE_NULL", "null is not allowed");
    visit(item);
  }

  #at(token: Token, visit: () => void): void {
    this.#path.push(token);
    visit();
    this.#path.pop();
  }

  #fail(code: ErrorCode, detail: string): never {
    throw new WritError(code, detail, { pointer: pointerTo(this.#path) });
  }
}

function pointerTo(tokens: readonly Token[]): string {
  return tokens.reduce<string>(joinPointer, "");
}

/** A graph that is being walked: how long the path to it is, and what it names. */
interface Graph {
  readonly start: number;
  readonly mentions: Mention[];
}

/** Whether a type says that a document holds another one, signed in some other way (VC Data Model 2.0, section 4.13). */
export function isEnvelopedType(type: JsonValue): boolean {
  return typeof type === "string" && type.startsWith("Enveloped");
}

/** JSON that is signed as it is (VC Data Model 2.0, JSON Schema), so that nothing else can look like it. */
function isJsonLiteral(key: string, { type = "" }: JsonObject): boolean {
  return key === "jsonSchema" && [type].flat().includes("JsonSchema");
}

/** A value object that is a text alone, and an object that is an id alone, as that text. */
function plainForm(given: JsonValue): JsonValue {
  if (!isJsonObject(given)) return given;
  // Of two that differ in it alone, a JSON-LD processor takes the first.
  const { "@direction": _, ...value } = given;
  const { "@value": text, "@language": language, id } = value;
  const [only, ...others] = Object.keys(value);
  if (others.length === 0) return (only === "@value" ? text : only === "id" ? id : undefined) ?? value;
  return typeof language === "string" ? { ...value, "@language": language.toLowerCase() } : value;
}

/**
 * Whether an RDF signature covers all of a number. The reference library takes what JavaScript writes without a
 * point for an integer: 1e-7 for 0, as 2e-7.
 */
function isSignedExactly(value: number): boolean {
  const isFraction = !Number.isInteger(value);
  return Number(value.toPrecision(15)) === value && (!isFraction || String(value).includes("."));
}

/** No keyword, nothing that is an IRI, no look-alikes. */
function isPlainKey(key: string): boolean {
  return (
    /^(?!@)[^:\s<>"{}|\\^`]+$/u.test(key) && !DECEPTIVE_CHARACTERS.test(key) && key.normalize("NFC") === key
  );
}

/** A language tag, well-formed (BCP 47). */
const LANGUAGE = /^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*$/;
