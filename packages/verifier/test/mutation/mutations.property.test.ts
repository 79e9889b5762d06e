import {
  canonicalize,
  isJsonArray,
  isJsonObject,
  SUITE_NAMES,
  type JsonObject,
  type JsonValue,
} from "@writ/core";
import { DEEP } from "@writ/testkit/properties";
import { beforeAll, describe, expect, it } from "vitest";

import { edit } from "../edit.js";
import { changed } from "./changes.js";
import { genericSubjects } from "./generic-subjects.js";
import { formOf, IGNORABLE } from "./ignorable.js";
import { ownSubjects } from "./own-subjects.js";
import type { Subject } from "./subject.js";
import { drawing, editable, placesIn, remove } from "./tree.js";

const CHANGES = DEEP ? 100_000 : 2_000;
/** The same changes on every run; `WRIT_SEED` gives others. */
const SEED = process.env["WRIT_SEED"] ?? "mutations";

const subjects: Subject[] = [];
beforeAll(async () => {
  for (const suite of SUITE_NAMES) {
    subjects.push(...(await ownSubjects(suite)), ...(await genericSubjects(suite)));
  }
});

/** A subject whose document has changed, where that is no matter. */
type Example = readonly [
  subject: string,
  changes: (document: JsonObject) => Readonly<Record<string, unknown>>,
];

const MULTIKEY = "https://w3id.org/security/multikey/v1";

const EXAMPLES: Readonly<Record<string, readonly Example[]>> = {
  proofs: [
    ["identity credential", ({ proof }) => ({ "/proof": [proof] })],
    ["proof set", ({ proof }) => ({ "/proof": [...(proof as JsonObject[])].reverse() })],
    ["proof set", ({ proof }) => ({ "/proof": (proof as JsonObject[])[1] })],
    ["proof chain", ({ proof }) => ({ "/proof": (proof as JsonObject[]).slice(0, 2) })],
  ],
  contexts: [
    ["credential of VC 2.0", withContext],
    [
      "credential of VC 1.1",
      ({ "@context": contexts }) => ({
        "/@context": [(contexts as string[])[0], MULTIKEY, ...(contexts as string[]).slice(1)],
      }),
    ],
  ],
  "data model of a presentation": [
    ["presentation of VC 1.1", () => ({ "/@context/0": "https://www.w3.org/ns/credentials/v2" })],
  ],
  "value object": [["credential of VC 2.0", () => ({ "/issuer/description": { "@value": "Issues" } })]],
  node: [["credential of VC 1.1", ({ issuer }) => ({ "/issuer": { id: issuer } })]],
  language: [["credential of VC 2.0", () => ({ "/name/0/@language": "EN" })]],
  order: [
    ["identity credential", () => ({ "/credentialSubject/roles": ["reader", "refund-processor"] })],
    ["credential of VC 2.0", ({ type }) => ({ "/type": (type as string[])[0] })],
    ["credential of VC 1.1", ({ credentialSubject }) => ({ "/credentialSubject": [credentialSubject] })],
  ],
};

function withContext({ "@context": contexts }: JsonObject): Readonly<Record<string, unknown>> {
  return { "/@context": [...(contexts as string[]), MULTIKEY] };
}

describe("a signed document", () => {
  it("verifies as it was signed, under every suite", async () => {
    for (const { name, suite, document, verifies } of subjects) {
      expect([name, suite, await verifies(document)]).toEqual([name, suite, true]);
    }
    // Ed25519Signature2020 has no chains.
    expect(subjects).toHaveLength(17 * SUITE_NAMES.length - 1);
  });

  it(
    `does not verify with any one thing changed, but for what is ignorable (${String(CHANGES)} changes)`,
    { timeout: 3_600_000 },
    async () => {
      const accepted: string[] = [];
      for (let turn = 0; turn < CHANGES; turn++) {
        const { name, suite, document, verifies } = subjects[turn % subjects.length] as Subject;
        const { kind, pointer, document: other } = changed(document, drawing(`${SEED} ${String(turn)}`));
        if (!(await verifies(other))) continue;
        if (formOf(other, suite, document) === formOf(document, suite, document)) continue;
        accepted.push(
          `${name}, ${suite}: ${kind} at ${pointer} (${SEED} ${String(turn)}): ${canonicalize(other)}`,
        );
      }
      expect(accepted).toEqual([]);
    },
  );

  it("does not verify with any one member or item removed", async () => {
    const whole = subjects.filter(
      ({ name, suite }) => name.startsWith("presentation with") && suite.includes("jcs"),
    );
    expect(whole).toHaveLength(1);
    for (const { document, verifies } of whole) {
      const places = placesIn(editable(document));
      expect(places.length).toBeGreaterThan(150);
      for (const [index, { pointer }] of places.entries()) {
        const other = editable(document);
        for (const place of placesIn(other).slice(index, index + 1)) remove(place);
        expect([pointer, await verifies(other)]).toEqual([pointer, false]);
      }
    }
  });

  it("verifies where only its writing is another: the order of members", async () => {
    const reversed = (value: JsonValue): JsonValue => {
      if (isJsonArray(value)) return value.map(reversed);
      if (!isJsonObject(value)) return value;
      const entries = Object.entries(value).reverse();
      return Object.fromEntries(entries.map(([name, member]) => [name, reversed(member)]));
    };
    for (const { name, suite, document, verifies } of subjects) {
      expect([name, suite, await verifies(reversed(document) as JsonObject)]).toEqual([name, suite, true]);
    }
  });

  it.each(IGNORABLE)("verifies where this alone is otherwise: $what", async (ignorable) => {
    const examples = EXAMPLES[ignorable.name] ?? [];
    expect(examples).not.toEqual([]);
    for (const [name, changes] of examples) {
      for (const suite of SUITE_NAMES) {
        const subject = subjects.find((each) => each.name === name && each.suite === suite);
        if (subject === undefined) continue;
        const { document, verifies } = subject;
        const other = edit(document, changes(document));
        expect(canonicalize(other)).not.toBe(canonicalize(document));
        const alike = formOf(other, suite, document) === formOf(document, suite, document);
        // Under the other suites too it verifies only if it is on the list.
        const expected = ignorable.suites.includes(suite) ? [true, true] : [alike, alike];
        expect([name, suite, alike, await verifies(other)]).toEqual([name, suite, ...expected]);
      }
    }
  });
});
