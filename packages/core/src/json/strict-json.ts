import { WritError } from "../errors/writ-error.js";
import type { ErrorCode } from "../errors/codes.js";
import { decodeText, type JsonText } from "./decode-text.js";
import { isJsonObject, type JsonObject, type JsonValue } from "./json-value.js";
import { joinPointer } from "./pointer.js";

/** Limits of one parse. */
export interface JsonLimits {
  readonly maxBytes: number;
  readonly maxDepth: number;
  readonly maxItems: number;
}

/** The limits for every document but status lists (DESIGN 4.1). */
export const DOCUMENT_LIMITS: JsonLimits = { maxBytes: 256 * 1024, maxDepth: 32, maxItems: 256 };

/** The limits for credentials, which lie two levels deep in a presentation. */
export const CREDENTIAL_LIMITS: JsonLimits = { ...DOCUMENT_LIMITS, maxDepth: DOCUMENT_LIMITS.maxDepth - 2 };

/** The limits for status lists. */
export const STATUS_LIST_LIMITS: JsonLimits = { ...DOCUMENT_LIMITS, maxBytes: 1024 * 1024 };

const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/**
 * Parses JSON so that no two parsers could read the text differently (DESIGN 4.1, RFC 8259, I-JSON).
 * The result is frozen and shares nothing with the input.
 *
 * @throws WritError `TOO_LARGE`, `TOO_MANY_ITEMS`, `NUMBER_UNSAFE` or one of the `JSON_…` codes,
 *   with a pointer to the value.
 */
export function parseStrictJson(text: JsonText, limits: JsonLimits = DOCUMENT_LIMITS): JsonValue {
  return new Parser(decodeText(text, limits.maxBytes), limits).document();
}

/** {@link parseStrictJson} for a document, which must be an object: `JSON_NOT_OBJECT`. */
export function parseStrictJsonObject(text: JsonText, limits?: JsonLimits): JsonObject {
  const value = parseStrictJson(text, limits);
  if (!isJsonObject(value)) throw new WritError("JSON_NOT_OBJECT", "the document is not an object");
  return value;
}

/**
 * A frozen copy of a caller's own value, under the same rules as a document from outside. Getters
 * and `toJSON` run once, here; members that are `undefined` fall away.
 */
export function snapshot<T extends object>(value: T, limits?: JsonLimits): T & JsonObject {
  return parseStrictJsonObject(JSON.stringify(value, refuseNotFinite), limits) as T & JsonObject;
}

/** JSON would write null for what is no number. */
function refuseNotFinite(_name: string, value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new WritError("NUMBER_UNSAFE", "not a finite number");
  }
  return value;
}

/** Objects that were parsed here: plain, frozen to the bottom, and so the same for ever. */
const parsed = new WeakSet<JsonObject>();

/** Whether an object came out of a strict parse, and so cannot change any more. */
export function isParsed(object: JsonObject): boolean {
  return parsed.has(object);
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERALS: Readonly<Record<"t" | "f" | "n", readonly [word: string, value: JsonValue]>> = {
  t: ["true", true],
  f: ["false", false],
  n: ["null", null],
};

/** Whether an integer came of a text that names another number, such as `1e-400` or `5.00000000000000001`. */
function isRounded(text: string, value: number): boolean {
  if (!Number.isInteger(value) || !/[.eE]/.test(text)) return false;
  const [, whole = "", fraction = "", exponent = "0"] = /^-?(\d+)(?:\.(\d+))?(?:[eE](.+))?$/.exec(text) ?? [];
  const digits = whole + fraction;
  let length = digits.length;
  while (digits[length - 1] === "0") length--;
  // The text is its digits, up to the last that is not 0, times a power of ten: a negative one is a fraction.
  return length > 0 && Number(exponent) - fraction.length + (digits.length - length) < 0;
}

/** A recursive-descent parser; the depth limit bounds its own stack as well. */
class Parser {
  readonly #text: string;
  readonly #limits: JsonLimits;
  readonly #path: (string | number)[] = [];
  #at = 0;

  constructor(text: string, limits: JsonLimits) {
    this.#text = text;
    this.#limits = limits;
  }

  document(): JsonValue {
    const value = this.#value(0);
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#fail("JSON_SYNTAX", "something follows the value");
    return value;
  }

  #value(depth: number): JsonValue {
    this.#skipSpace();
    const next = this.#text[this.#at];
    if (next === "{") return this.#object(this.#deeper(depth));
    if (next === "[") return this.#array(this.#deeper(depth));
    if (next === '"') return this.#string();
    if (next === "t" || next === "f" || next === "n") return this.#literal(next);
    return this.#number();
  }

  #deeper(depth: number): number {
    if (depth >= this.#limits.maxDepth) {
      this.#fail("JSON_TOO_DEEP", `nested more than ${String(this.#limits.maxDepth)} levels`);
    }
    return depth + 1;
  }

  #object(depth: number): JsonObject {
    const object: Record<string, JsonValue> = {};
    this.#at++;
    parsed.add(object);
    if (this.#take("}")) return Object.freeze(object);
    do {
      this.#skipSpace();
      if (this.#text[this.#at] !== '"') this.#fail("JSON_SYNTAX", "expected a member name");
      const key = this.#string();
      this.#path.push(key);
      if (FORBIDDEN_KEYS.has(key)) this.#fail("JSON_FORBIDDEN_KEY", "a forbidden member name");
      if (Object.hasOwn(object, key)) this.#fail("JSON_DUPLICATE_KEY", "a member name occurs twice");
      this.#expect(":");
      object[key] = this.#value(depth);
      this.#path.pop();
    } while (this.#take(","));
    this.#expect("}");
    return Object.freeze(object);
  }

  #array(depth: number): readonly JsonValue[] {
    const array: JsonValue[] = [];
    this.#at++;
    if (this.#take("]")) return Object.freeze(array);
    do {
      if (array.length === this.#limits.maxItems) {
        this.#fail("TOO_MANY_ITEMS", `more than ${String(this.#limits.maxItems)} items`);
      }
      this.#path.push(array.length);
      array.push(this.#value(depth));
      this.#path.pop();
    } while (this.#take(","));
    this.#expect("]");
    return Object.freeze(array);
  }

  /** Finds the end of the string; only where it has escapes does the engine's parser decode it. */
  #string(): string {
    const start = this.#at;
    let escaped = false;
    for (let at = start + 1; at < this.#text.length; at++) {
      const unit = this.#text.charCodeAt(at);
      if (unit === 0x22) {
        this.#at = at + 1;
        return escaped ? this.#unescape(start) : this.#text.slice(start + 1, at);
      }
      if (unit === 0x5c) {
        escaped = true;
        at++;
      } else if (unit < 0x20) {
        this.#fail("JSON_SYNTAX", "a control character in a string");
      }
    }
    return this.#fail("JSON_SYNTAX", "a string has no end");
  }

  #unescape(start: number): string {
    let value: string;
    try {
      value = JSON.parse(this.#text.slice(start, this.#at)) as string;
    } catch (cause) {
      throw this.#error("JSON_SYNTAX", "an escape is malformed", cause);
    }
    if (!value.isWellFormed()) this.#fail("JSON_SURROGATE", "half of a surrogate pair");
    return value;
  }

  #literal(initial: "t" | "f" | "n"): JsonValue {
    const [word, value] = LITERALS[initial];
    if (!this.#text.startsWith(word, this.#at)) this.#fail("JSON_SYNTAX", "expected a value");
    this.#at += word.length;
    return value;
  }

  #number(): number {
    NUMBER.lastIndex = this.#at;
    const match = NUMBER.exec(this.#text);
    if (match === null) return this.#fail("JSON_SYNTAX", "expected a value");
    this.#at = NUMBER.lastIndex;
    const value = Number(match[0]);
    if (Object.is(value, -0) || Math.abs(value) > Number.MAX_SAFE_INTEGER || isRounded(match[0], value)) {
      this.#fail("NUMBER_UNSAFE", "a number that cannot be represented exactly");
    }
    return value;
  }

  #skipSpace(): void {
    for (;;) {
      const unit = this.#text.charCodeAt(this.#at);
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return;
      this.#at++;
    }
  }

  #take(token: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] !== token) return false;
    this.#at++;
    return true;
  }

  #expect(token: string): void {
    if (!this.#take(token)) this.#fail("JSON_SYNTAX", `expected "${token}"`);
  }

  #fail(code: ErrorCode, detail: string): never {
    throw this.#error(code, detail);
  }

  #error(code: ErrorCode, detail: string, cause?: unknown): WritError {
    return new WritError(code, `${detail} (at character ${String(this.#at)})`, {
      pointer: this.#path.reduce<string>(joinPointer, ""),
      cause,
    });
  }
}
