import { cases, fc, PROPERTY_TIMEOUT_MS } from "@writ/testkit/properties";
import { describe, expect, it } from "vitest";

import { assertGenericProfile } from "../../src/documents/generic-profile.js";
import { genericCredential, genericPresentation } from "../../src/documents/generic-credential.js";
import { presentation, writCredential } from "../../src/documents/presentation.js";
import { assertStrictProfile } from "../../src/documents/strict-profile.js";
import { ERROR_CODES } from "../../src/errors/codes.js";
import { problemOf } from "../../src/errors/writ-error.js";
import { canonicalize } from "../../src/json/canonicalize.js";
import type { JsonObject, JsonValue } from "../../src/json/json-value.js";
import { snapshot } from "../../src/json/strict-json.js";
import { parseShape, type Shape } from "../../src/schema/shape.js";
import { AGENT_IDENTITY, APPROVAL, PRESENTATION, ROOT_AUTHORITY } from "../fixtures.js";
import { EXAMPLES, GENERIC, GENERIC_PRESENTATION, GENERIC_V1 } from "./generic.js";

type Container = Record<string | number, JsonValue>;

interface Kind {
  readonly documents: readonly JsonObject[];
  readonly profile: (document: JsonObject) => void;
  readonly shapes: readonly Shape<unknown>[];
  /** Names that may begin with `@`. */
  readonly keywords: ReadonlySet<string>;
  /** Members under which anything may stand. */
  readonly literals: ReadonlySet<string>;
}

const KINDS: Readonly<Record<string, Kind>> = {
  strict: {
    documents: [AGENT_IDENTITY, ROOT_AUTHORITY, APPROVAL, PRESENTATION],
    profile: assertStrictProfile,
    shapes: [writCredential, presentation],
    keywords: new Set(["@context"]),
    literals: new Set(["args"]),
  },
  generic: {
    documents: [GENERIC, GENERIC_V1, EXAMPLES, GENERIC_PRESENTATION],
    profile: (document) => {
      assertGenericProfile(document, { examples: "allowed", inline: "plain-terms" });
    },
    shapes: [genericCredential, genericPresentation],
    keywords: new Set(["@context", "@value", "@language", "@direction"]),
    literals: new Set(["@context", "jsonSchema"]),
  },
};

const NAMES: readonly string[] = [
  ...[
    "id",
    "type",
    "@id",
    "@type",
    "@value",
    "@language",
    "@context",
    "@graph",
    "@list",
    "proof",
    "issuer",
    "x",
    "",
  ],
  ...[
    "verifiableCredential",
    "credentialSubject",
    "credentialStatus",
    "validUntil",
    "args",
    "grants",
    "jsonSchema",
  ],
  ...[
    "cred:issuer",
    "https://www.w3.org/2018/credentials#issuer",
    "_:b",
    "na\u200bme",
    "invocation",
    "holder",
  ],
];

const scalar = fc.oneof(
  fc.constantFrom<JsonValue>(
    null,
    true,
    0,
    1,
    -1,
    1.5,
    0.1234567890123456,
    "",
    "x",
    "_:b0",
    "urn:x:y",
    "did:key:z",
  ),
  fc.constantFrom<JsonValue>(
    "2026-11-23T08:00:00Z",
    "https://www.w3.org/ns/credentials/v2",
    "VerifiableCredential",
  ),
  fc.string({ unit: "binary", maxLength: 6 }).filter((text) => text.isWellFormed()),
);
const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    { weight: 3, arbitrary: scalar },
    { weight: 1, arbitrary: fc.array(tie("value"), { maxLength: 3 }) },
    {
      weight: 2,
      arbitrary: fc.dictionary(fc.constantFrom(...NAMES), tie("value"), {
        maxKeys: 4,
        noNullPrototype: true,
      }),
    },
  ),
}));

/** Where to go in a document, and what to do there. */
const edits = fc.array(
  fc.record({
    steps: fc.array(fc.nat(20), { minLength: 1, maxLength: 6 }),
    act: fc.constantFrom("set", "add", "remove", "rename", "wrap"),
    name: fc.constantFrom(...NAMES),
    value,
  }),
  { minLength: 1, maxLength: 3 },
);
type Edits = typeof edits extends fc.Arbitrary<infer T> ? T : never;

function edited(document: JsonObject, changes: Edits): JsonObject {
  const copy = structuredClone<Container>(document);
  for (const { steps, act, name, value: put } of changes) {
    let container = copy;
    let key: string | number = "";
    for (const step of steps) {
      const keys = Object.keys(container);
      const inside = container[key];
      if (key !== "" && typeof inside === "object" && inside !== null) container = inside as Container;
      key = Object.keys(container)[step % Math.max(Object.keys(container).length, 1)] ?? keys[0] ?? "x";
    }
    const old = container[key] ?? null;
    if (act === "add") container[Array.isArray(container) ? container.length : name] = put;
    else if (act === "wrap") container[key] = [old, put];
    else if (act === "set") container[key] = put;
    else {
      if (Array.isArray(container)) container.splice(Number(key), 1);
      else Reflect.deleteProperty(container, key);
      if (act === "rename" && !Array.isArray(container)) container[name] = old;
    }
  }
  return snapshot(copy);
}

/** What no profile may let through, found without it: keywords, IRIs as names, null. */
function foulIn(found: JsonValue, kind: Kind): string | undefined {
  if (found === null) return "null";
  if (typeof found !== "object") return undefined;
  for (const [key, member] of Object.entries(found as JsonObject)) {
    const isName = !Array.isArray(found);
    if (isName && (key.includes(":") || (key.startsWith("@") && !kind.keywords.has(key)))) return key;
    const foul = isName && kind.literals.has(key) ? undefined : foulIn(member, kind);
    if (foul !== undefined) return foul;
  }
  return undefined;
}

describe.each(Object.entries(KINDS))("the %s profile and its shapes", (_, kind) => {
  const { documents, profile, shapes } = kind;

  it("accept or refuse with a code whatever is done to a document", { timeout: PROPERTY_TIMEOUT_MS }, () => {
    let accepted = 0;
    const run = fc.check(
      fc.property(fc.constantFrom(...documents), edits, (document, changes) => {
        const json = edited(document, changes);
        const before = canonicalize(json);
        const refusals = [
          () => {
            profile(json);
          },
          ...shapes.map((shape) => () => parseShape(shape, json)),
        ].map(problemOf);
        for (const refusal of refusals) {
          if (refusal !== undefined && !(refusal.code in ERROR_CODES))
            throw new Error(`no such code: ${refusal.code}`);
          if (refusal !== undefined && !/^(?:\/|$)/.test(refusal.pointer))
            throw new Error(`no pointer: ${refusal.pointer}`);
        }
        if (canonicalize(json) !== before) throw new Error("has changed the document");
        if (refusals[0] !== undefined) return;
        accepted++;
        const foul = foulIn(json, kind);
        if (foul !== undefined) throw new Error(`lets ${foul} through`);
      }),
      cases(2_000, 500_000),
    );
    expect(fc.defaultReportMessage(run)).toBeUndefined();
    expect(accepted).toBeGreaterThan(run.numRuns / 50);
  });
});
