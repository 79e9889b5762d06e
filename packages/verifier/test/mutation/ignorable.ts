import {
  canonicalize,
  isJsonArray,
  isJsonObject,
  SUITE_NAMES,
  type JsonObject,
  type JsonValue,
  type SuiteName,
} from "@writ/core";

const RDF: readonly SuiteName[] = ["eddsa-rdfc-2022", "Ed25519Signature2020"];

/** What may change in a signed document, and why that is no matter. */
export interface Ignorable {
  readonly name: string;
  readonly what: string;
  readonly because: string;
  /** The suites under which it may. */
  readonly suites: readonly SuiteName[];
  /**
   * The one form of all that is alike.
   *
   * @param path names of members from the top; an item of a list has the path of its list
   * @param original the document as it was signed
   */
  readonly form: (value: JsonValue, path: readonly string[], original: JsonObject) => JsonValue;
}

/** What is left of contexts when further ones are not regarded. */
const BASES: ReadonlySet<string> = new Set([
  '["https://www.w3.org/ns/credentials/v2"]',
  '["https://www.w3.org/2018/credentials/v1"]',
]);

/** Terms whose values are nodes, so that a text is an IRI. */
const NODE_TERMS: ReadonlySet<string> = new Set([
  ...["issuer", "holder", "credentialStatus", "credentialSchema", "refreshService", "termsOfUse", "evidence"],
  ...["statusListCredential", "statusReference", "relatedResource", "agentId", "owner", "principal"],
]);

/** Members that are signed as the JSON that they are. */
const JSON_TERMS: ReadonlySet<string> = new Set(["grants", "invocation", "redelegation", "jsonSchema"]);

/** All that a changed document may differ in and verify: nothing else. */
export const IGNORABLE: readonly Ignorable[] = [
  {
    name: "proofs",
    what: "proofs of a set, as long as the issuer's is there: their order, fewer of them, one in a list or alone",
    because:
      "each proof is good for itself, and no proof but the issuer's confers anything; one that another follows on cannot go",
    suites: SUITE_NAMES,
    form(value, path, { proof = [] }) {
      if (path.join() !== "proof") return value;
      const signed = new Set(["signed", ...[proof].flat().map(inOneForm)].map(canonicalize));
      const proofs = [value].flat();
      return proofs.length > 0 && proofs.every((each) => signed.has(canonicalize(inOneForm(each))))
        ? "signed"
        : value;
    },
  },
  {
    name: "contexts",
    what: "contexts after the first",
    because:
      "RDF signs what the contexts make of the members; one that makes nothing else of them can come and go",
    suites: RDF,
    form: (value, path) => (path.at(-1) === "@context" && isJsonArray(value) ? value.slice(0, 1) : value),
  },
  {
    name: "data model of a presentation",
    what: "whether a presentation's first context is that of VC Data Model 1.1 or 2.0",
    because:
      "both mean the same by all that a presentation of either can say; a credential's dates tell them apart",
    suites: RDF,
    form(value, path, { type = [] }) {
      const isPresentation = path.join() === "@context" && [type].flat().includes("VerifiablePresentation");
      return isPresentation && BASES.has(canonicalize(value)) ? "either" : value;
    },
  },
  {
    name: "value object",
    what: "a text, and a value object of it alone",
    because: "JSON-LD reads both as that text (VC Data Model 2.0, section 11.1, permits both)",
    suites: RDF,
    form: (value) => (isJsonObject(value) && isOnly(value, "@value") ? (value["@value"] ?? null) : value),
  },
  {
    name: "node",
    what: "an IRI, and an object of that id alone, where a term names nodes",
    because: "JSON-LD reads both as that node (VC Data Model 2.0, sections 4.7 and 4.13, permits both)",
    suites: RDF,
    form: (value, path) =>
      isJsonObject(value) && NODE_TERMS.has(path.at(-1) ?? "") && isOnly(value, "id")
        ? (value["id"] ?? null)
        : value,
  },
  {
    name: "language",
    what: "the case of a language tag",
    because: "language tags are alike in any case (BCP 47, section 2.1.1)",
    suites: RDF,
    form: (value, path) =>
      path.at(-1) === "@language" && typeof value === "string" ? value.toLowerCase() : value,
  },
  {
    name: "order",
    what: "the order of a list, and a value in a list alone",
    because:
      "JSON-LD reads a list as a set, and one value as a set of it; order carries no meaning in any of them",
    suites: RDF,
    form(value, path) {
      if (path.at(-1) === "@context" || !isJsonArray(value)) return value;
      const [only, ...others] = value;
      if (only !== undefined && others.length === 0) return only;
      return [...value].sort((a, b) => (canonicalize(a) < canonicalize(b) ? -1 : 1));
    },
  },
];

/** A document in the one form of all that are alike under a suite. */
export function formOf(document: JsonObject, suite: SuiteName, original: JsonObject): string {
  const rules = IGNORABLE.filter(({ suites }) => suites.includes(suite));
  const visit = (value: JsonValue, path: readonly string[]): JsonValue => {
    if (path.some((term) => JSON_TERMS.has(term))) return value;
    let form = value;
    if (isJsonArray(value)) form = value.map((item) => visit(item, path));
    else if (isJsonObject(value)) {
      form = Object.fromEntries(
        Object.entries(value).map(([name, member]) => [name, visit(member, [...path, name])]),
      );
    }
    return rules.reduce((reduced, rule) => rule.form(reduced, path, original), form);
  };
  return canonicalize(visit(document, []));
}

/** A proof with its one previous proof out of its list, as other rules leave it. */
function inOneForm(proof: JsonValue): JsonValue {
  if (!isJsonObject(proof) || !isJsonArray(proof["previousProof"])) return proof;
  const [only, ...others] = proof["previousProof"];
  return others.length > 0 || only === undefined ? proof : { ...proof, previousProof: only };
}

function isOnly(value: JsonObject, member: string): boolean {
  const names = Object.keys(value);
  return names.length === 1 && names[0] === member;
}
