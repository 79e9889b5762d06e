import { codeOfAsync, describeVectors, readJsonVector, readVector } from "@writ/testkit";
import jsonld from "jsonld";
import * as rdfCanonize from "rdf-canonize";
import { describe, expect, it } from "vitest";

import type { WritError } from "../../src/errors/writ-error.js";
import { asJson, type JsonObject } from "../../src/json/json-value.js";
import {
  CANONICALIZATION_LIMITS,
  canonicalizeEd25519Signature2020,
  canonicalizeEddsaRdfc2022,
} from "../../src/jsonld/canonicalize-rdf.js";

/** An entry of the manifest of RDF Dataset Canonicalization's tests. */
interface Entry {
  readonly id: string;
  readonly type: "rdfc:RDFC10EvalTest" | "rdfc:RDFC10MapTest" | "rdfc:RDFC10NegativeEvalTest";
  readonly name: string;
  readonly action: string;
  readonly result: string;
  readonly hashAlgorithm?: string;
}

const textOf = (path: string): string => readVector("rdf-canon", path).toString("utf8");

/** What no document can be, so that only the library below the suites sees it. */
const NOT_CARRIED: Readonly<Record<string, string>> = {
  "#test060c": "N-Quads escapes allow characters in IRIs that make them relative in JSON-LD",
  "#test075c": "the suites hash with SHA-256, and this is SHA-384",
};

/** The three that grow beyond the default limit on purpose (row 38). */
const EVIL = ["#test044c", "#test045c", "#test046c"];

/** They hold circles of blank nodes, which takes blank node identifiers to write; no profile allows those. */
const CIRCLES = [21, 22, 23, 24, 25, 26, 27, 28, 29, 64, 65, 66, 67, 68, 69].map(
  (number) => `#test0${String(number)}c`,
);

/** A JSON-LD document that says what N-Quads say. */
async function documentOf(nquads: string): Promise<JsonObject> {
  const dataset = rdfCanonize.NQuads.parse(nquads).map((quad) => {
    const { graph } = quad;
    // The library takes the name of a graph for an IRI, unless it begins like a blank node's identifier.
    return graph.termType === "BlankNode"
      ? { ...quad, graph: { ...graph, value: `_:${graph.value}` } }
      : quad;
  });
  return asJson({ "@graph": await jsonld.fromRDF(dataset) });
}

describeVectors("rdf-canon", () => {
  const { entries } = readJsonVector<{ readonly entries: readonly Entry[] }>("rdf-canon", "manifest.jsonld");
  const ofType = (type: Entry["type"]): readonly Entry[] => entries.filter((entry) => entry.type === type);
  const evaluations = ofType("rdfc:RDFC10EvalTest");
  const negative = ofType("rdfc:RDFC10NegativeEvalTest");
  const carried = evaluations.filter(({ id }) => !(id in NOT_CARRIED));

  it("is there in full", () => {
    expect([evaluations.length, ofType("rdfc:RDFC10MapTest").length, negative.length]).toEqual([64, 21, 1]);
    expect(carried).toHaveLength(62);
  });

  describe.each([
    ["eddsa-rdfc-2022", canonicalizeEddsaRdfc2022],
    ["Ed25519Signature2020", canonicalizeEd25519Signature2020],
  ] as const)("through %s", (_, canonicalize) => {
    it.each(carried)("$id: $name", async ({ action, result }) => {
      const document = await documentOf(textOf(action));
      expect(await canonicalize(document, { maxWorkFactor: 3, timeoutMs: 20_000 })).toBe(textOf(result));
    });

    it("by default refuses the evil ones and those of circles, and nothing else (row 38)", async () => {
      const refused = new Set([...EVIL, ...CIRCLES]);
      for (const { id, action, result } of carried) {
        const document = await documentOf(textOf(action));
        const outcome = await canonicalize(document).catch((error: unknown) => (error as WritError).code);
        expect([id, outcome]).toEqual([id, refused.has(id) ? "CANON_LIMIT" : textOf(result)]);
      }
    });

    it.each(negative)(
      "$id: $name is refused, with more work allowed as well (row 37)",
      async ({ action }) => {
        const document = await documentOf(textOf(action));
        for (const maxWorkFactor of [CANONICALIZATION_LIMITS.maxWorkFactor, 2, 3]) {
          const refused = codeOfAsync(() => canonicalize(document, { maxWorkFactor, timeoutMs: 20_000 }));
          expect(await refused).toBe("CANON_LIMIT");
        }
      },
    );

    it.each(negative)("$id: $name is refused when its time is over (row 37)", async ({ action }) => {
      const document = await documentOf(textOf(action));
      const refused = codeOfAsync(() => canonicalize(document, { maxWorkFactor: Infinity, timeoutMs: 1 }));
      expect(await refused).toBe("CANON_LIMIT");
    });
  });

  /** The library that both suites canonicalise with. */
  async function canonize(
    { action, hashAlgorithm }: Entry,
    canonicalIdMap: Map<string, string>,
  ): Promise<string> {
    return rdfCanonize.canonize(textOf(action), {
      algorithm: "RDFC-1.0",
      inputFormat: "application/n-quads",
      maxWorkFactor: 3,
      canonicalIdMap,
      ...(hashAlgorithm === undefined ? {} : { messageDigestAlgorithm: hashAlgorithm }),
    });
  }

  it.each(
    evaluations.filter(({ id }) => id in NOT_CARRIED).map((entry) => [NOT_CARRIED[entry.id], entry] as const),
  )("below the suites, because %s", async (_, entry) => {
    expect(await canonize(entry, new Map())).toBe(textOf(entry.result));
  });

  it.each(ofType("rdfc:RDFC10MapTest"))("$id: the labels of $name", async (entry) => {
    const labels = new Map<string, string>();
    await canonize(entry, labels);
    expect(Object.fromEntries(labels)).toEqual(JSON.parse(textOf(entry.result)));
  });
});
