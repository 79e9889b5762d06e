import type { ErrorCode } from "../errors/codes.js";
import { WritError } from "../errors/writ-error.js";
import { canonicalize } from "../json/canonicalize.js";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../json/json-value.js";
import { joinPointer } from "../json/pointer.js";
import {
  CREDENTIALS_EXAMPLES_V2,
  CREDENTIALS_V1,
  isPinnedIri,
  isPinnedTerm,
  PINNED_CONTEXTS,
} from "../jsonld/pinned-contexts.js";
import { DECEPTIVE_CHARACTERS } from "../schema/shape.js";
import { CREDENTIALS_V2, WRIT_V1 } from "./contexts.js";
import { isOwnDocument } from "./own-documents.js";

/** What the caller allows beyond the pinned contexts. */
export interface GenericContexts {
  /** The terms of the examples in VC Data Model 2.0, under which every name is a term. */
  readonly examples?: "refused" | "allowed";
  /** Context objects inside a document, with new plain terms for absolute IRIs. */
  readonly inline?: "refused" | "plain-terms";
}

/** Documents with more objects take too long to canonicalise. */
const MAX_NODES = 512;

/**
 * The generic profile (DESIGN 4.2), for documents of others, before any JSON-LD. What a JSON-LD processor
 * sees in them and what a reader of plain JSON sees shall be the same, as far as terms that Writ does not
 * know permit: nothing can be renamed, wrapped, hidden or moved to another object of the same id without
 * the RDF changing as well.
 *
 * @throws WritError `CONTEXT_NOT_ALLOWED`, `KEY_NOT_PLAIN`, `VALUE_NULL`, `ARRAY_EMPTY`, `DUPLICATE_ITEM`,
 *   `VALUE_OBJECT_INVALID`, `NUMBER_UNSAFE`, `ID_INVALID`, `NODE_REPEATED`, `CANON_LIMIT`.
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
  #nodes = 0;

  constructor(allowed: GenericContexts) {
    this.#allowed = allowed;
  }

  /** A secured document: the outermost, or a credential in a presentation. */
  document(document: JsonObject): void {
    this.#at("@context", () => {
      this.#contexts(document["@context"]);
    });
    const { "@context": _, verifiableCredential, proof, ...members } = document;
    // What is in other graphs than the document's own: an id there is another node.
    this.#node(members, new Set());
    this.#at("proof", () => {
      this.#each(proof, (each) => {
        this.#proof(each);
      });
    });
    this.#at("verifiableCredential", () => {
      this.#each(verifiableCredential, (credential) => {
        if (!isJsonObject(credential))
          this.#fail("SCHEMA_INVALID", "must be a credential with its own proof");
        // Those are under the strict profile, wherever they lie.
        if (!isOwnDocument(credential)) this.document(credential);
      });
    });
  }

  /** A proof may repeat the contexts of its document, under JCS; that is checked with the proof. */
  #proof(proof: JsonValue): void {
    if (!isJsonObject(proof)) return this.#fail("SCHEMA_INVALID", "must be an object");
    const { "@context": _, ...members } = proof;
    this.#node(members, new Set());
  }

  #contexts(contexts: JsonValue | undefined): void {
    if (!isJsonArray(contexts)) return this.#fail("CONTEXT_NOT_ALLOWED", "must be a list");
    const [base] = contexts;
    if (base !== CREDENTIALS_V1 && base !== CREDENTIALS_V2) {
      this.#fail("CONTEXT_NOT_ALLOWED", "must begin with the context of VC Data Model 1.1 or 2.0");
    }
    const terms = new Map<string, string>();
    contexts.forEach((context, index) => {
      this.#at(index, () => {
        if (isJsonObject(context)) {
          this.#inlineContext(context, terms);
          return;
        }
        if (contexts.indexOf(context) < index) this.#fail("CONTEXT_NOT_ALLOWED", "is there already");
        if (index > 0) this.#furtherContext(context);
      });
    });
  }

  #furtherContext(context: JsonValue): void {
    const isExamples = context === CREDENTIALS_EXAMPLES_V2;
    const known = typeof context === "string" && PINNED_CONTEXTS.has(context);
    const isBase = context === CREDENTIALS_V1 || context === CREDENTIALS_V2;
    // Writ's own documents are under the strict profile.
    if (!known || isBase || context === WRIT_V1 || (isExamples && this.#allowed.examples !== "allowed")) {
      this.#fail("CONTEXT_NOT_ALLOWED", "is not a context that may stand here");
    }
  }

  /** New names for IRIs that have none: with another name for one that has, members could be renamed. */
  #inlineContext(context: JsonObject, terms: Map<string, string>): void {
    if (this.#allowed.inline !== "plain-terms") {
      this.#fail("CONTEXT_NOT_ALLOWED", "a context object is not allowed");
    }
    for (const [term, iri] of Object.entries(context)) {
      this.#at(term, () => {
        const isNew = PLAIN_TERM.test(term) && !isPinnedTerm(term) && !terms.has(term);
        const isIri = typeof iri === "string" && TERM_IRI.test(iri) && !isPinnedIri(iri);
        if (!isNew || !isIri || [...terms.values()].includes(iri)) {
          this.#fail("CONTEXT_NOT_ALLOWED", "must be a new plain term for an absolute IRI that has no other");
        }
        terms.set(term, iri);
      });
    }
  }

  /** An object that is a node of the graph. */
  #node(node: JsonObject, ids: Set<string>): void {
    if (++this.#nodes > MAX_NODES) this.#fail("CANON_LIMIT", `more than ${String(MAX_NODES)} objects`);
    for (const [key, value] of Object.entries(node)) {
      this.#at(key, () => {
        if (key.startsWith("@") || key.includes(":")) {
          this.#fail("KEY_NOT_PLAIN", "a member name must be a plain term");
        }
        if (key === "id") this.#id(value, Object.keys(node).length > 1, ids);
        else if (key === "type")
          this.#each(value, (type) => {
            this.#type(type);
          });
        else
          this.#each(value, (item) => {
            this.#value(item, ids);
          });
      });
    }
  }

  #value(value: JsonValue, ids: Set<string>): void {
    if (typeof value === "number" && Number(value.toPrecision(15)) !== value) {
      this.#fail("NUMBER_UNSAFE", "an RDF signature covers 15 digits");
    }
    if (isJsonArray(value)) this.#fail("SCHEMA_INVALID", "a list in a list");
    if (!isJsonObject(value)) return;
    if ("@value" in value) this.#valueObject(value);
    else this.#node(value, ids);
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

  #id(id: JsonValue, hasClaims: boolean, ids: Set<string>): void {
    if (!isAbsoluteIri(id)) return this.#fail("ID_INVALID", "must be an absolute URL");
    if (!hasClaims) return;
    if (ids.has(id)) this.#fail("NODE_REPEATED", "another object of this id makes claims");
    ids.add(id);
  }

  #type(type: JsonValue): void {
    const isTerm = typeof type === "string" && PLAIN_TERM.test(type);
    if (!isTerm && !(isAbsoluteIri(type) && !isPinnedIri(type))) {
      this.#fail("ID_INVALID", "must be a term, or an absolute URL that has none");
    }
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
        const text = canonicalize(item);
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
    throw new WritError(code, detail, { pointer: this.#path.reduce<string>(joinPointer, "") });
  }
}

const PLAIN_TERM = /^[A-Za-z][A-Za-z0-9_-]*$/;

/** Ends in nothing by which a term could become a prefix of others. */
const TERM_IRI = /^(?:https?|urn|did):[!-~]*[A-Za-z0-9]$/;

/** A language tag, well-formed (BCP 47). */
const LANGUAGE = /^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*$/;

/** Prefixes that a pinned context declares: an id that began with one would be read as another. */
const PREFIXES: ReadonlySet<string> = new Set(["cred", "sec", "xsd"]);

/** Whether a value is an absolute IRI as it stands, and no name of a blank node. */
export function isAbsoluteIri(value: JsonValue | undefined): value is string {
  if (typeof value !== "string" || value.length > 2048) return false;
  const [scheme] = /^[A-Za-z][A-Za-z0-9+.-]*(?=:[^\s<>"{}|\\^`]+$)/u.exec(value) ?? [];
  return (
    scheme !== undefined &&
    !PREFIXES.has(scheme) &&
    !DECEPTIVE_CHARACTERS.test(value) &&
    value.normalize("NFC") === value
  );
}
