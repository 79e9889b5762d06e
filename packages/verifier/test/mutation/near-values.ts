import { isJsonArray, isJsonObject, loadContext, type JsonValue } from "@writ/core";

import { pick, type Draw } from "./tree.js";

/** The contexts that a document may bring along. */
export const CONTEXTS: readonly string[] = [
  "https://www.w3.org/ns/credentials/v2",
  "https://www.w3.org/2018/credentials/v1",
  "https://www.w3.org/ns/credentials/examples/v2",
  "https://w3id.org/security/data-integrity/v1",
  "https://w3id.org/security/data-integrity/v2",
  "https://w3id.org/security/suites/ed25519-2020/v1",
  "https://w3id.org/security/multikey/v1",
  "https://w3id.org/writ/v1",
];

const PREFIXES: readonly (readonly [prefix: string, iri: string])[] = [
  ["cred", "https://www.w3.org/2018/credentials#"],
  ["sec", "https://w3id.org/security#"],
  ["xsd", "http://www.w3.org/2001/XMLSchema#"],
];

/** The IRIs that the contexts give to each term, wherever in them. */
const IRIS = new Map<string, Set<string>>();
for (const url of CONTEXTS) collect(loadContext(url));

function collect(value: JsonValue): void {
  if (isJsonArray(value)) value.forEach(collect);
  if (!isJsonObject(value)) return;
  for (const [term, definition] of Object.entries(value)) {
    const iri = isJsonObject(definition) ? definition["@id"] : definition;
    if (typeof iri === "string" && !term.startsWith("@")) {
      IRIS.set(term, (IRIS.get(term) ?? new Set()).add(expanded(iri)));
    }
    collect(definition);
  }
}

function expanded(iri: string): string {
  for (const [prefix, namespace] of PREFIXES) {
    if (iri.startsWith(`${prefix}:`)) return namespace + iri.slice(prefix.length + 1);
  }
  return iri;
}

/** Every term that some context defines. */
export const TERMS: readonly string[] = [...IRIS.keys()];

/** Other names for what a term stands for: IRIs, whole and compact, keywords, terms of the same IRI. */
export function otherNames(term: string): readonly string[] {
  const iris = [...(IRIS.get(term) ?? [])];
  const guesses = [`https://www.w3.org/2018/credentials#${term}`, `https://w3id.org/security#${term}`];
  const compact = [...iris, ...guesses].flatMap((iri) =>
    PREFIXES.flatMap(([prefix, namespace]) =>
      iri.startsWith(namespace) ? [`${prefix}:${iri.slice(namespace.length)}`] : [],
    ),
  );
  const same = TERMS.filter((other) => iris.some((iri) => IRIS.get(other)?.has(iri) === true));
  const cased = [term.toUpperCase(), term.toLowerCase(), (term[0] ?? "").toUpperCase() + term.slice(1)];
  const spaced = [`${term} `, ` ${term}`, `${term}\u200b`, `_:${term}`, `./${term}`, `#${term}`];
  return [...iris, ...guesses, ...compact, ...same, ...cased, ...spaced, `@${term}`, `${term}s`];
}

/** A text that is nearly the same: another writing of the same thing, or a slip. */
export function otherText(text: string, draw: Draw): string {
  const at = draw(text.length + 1);
  const other = String.fromCharCode(33 + draw(94));
  const [head, next, tail] = [text.slice(0, at), text.slice(at, at + 1), text.slice(at + 1)];
  const code = next === "" ? "" : `%${next.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
  return (
    pick(
      [
        ...[head + other + tail, head + other + next + tail, head + tail, head + next, next + tail, ""],
        ...[`${text} `, ` ${text}`, `${text}\n`, `${text}/`, `${text}#`, `${text}?`, `${text}.`, `${text}=`],
        ...[text.toUpperCase(), text.toLowerCase(), text.normalize("NFD"), `"${text}"`, text.repeat(2)],
        ...[head + "\u200b" + next + tail, head + "\u00ad" + next + tail, head + code + tail],
        text.replace("a", "\u0430"),
        text.replace(/\d/, (digit) => String((Number(digit) + 1) % 10)),
        text.replace(/^\d/, "0$&"),
        text.replace(/^\d+$/, "$&.0"),
        text.replace(/^\d/, "+$&"),
        ...[text.replace("https:", "http:"), text.replace("https:", "HTTPS:")],
        text.replace(/(:\/\/[^/]*)/, "$1:443"),
        text.replace(/:\/\/[^/]*/, (host) => host.toUpperCase()),
        text.replace(/\/([^/]*)$/, "/./$1"),
        text.replace(/:/, "%3A"),
        ...[text.replace(/Z$/, "+00:00"), text.replace(/Z$/, ".000Z"), text.replace(/Z$/, "z")],
        text.replace(/T(\d\d)(.*)Z$/, (_, hour: string, rest: string) => {
          return `T${String(Number(hour) + 1).padStart(2, "0")}${rest}+01:00`;
        }),
        text.replace(/#.*$/, ""),
        text.replace(/^(did:[^#]*)$/, "$1#key-1"),
        ...otherNames(text),
      ],
      draw,
    ) ?? ""
  );
}

/** Another value of the same type, near it. */
export function otherValue(value: JsonValue, draw: Draw): JsonValue {
  if (typeof value === "string") return otherText(value, draw);
  if (typeof value === "number")
    return pick([value + 1, value - 1, value + 0.5, -value, value * 10, 0], draw) ?? 0;
  if (typeof value === "boolean") return !value;
  if (value === null) return {};
  return isJsonArray(value) ? [...value].reverse() : { ...value, x: 1 };
}

/** The value as one of another type, or a value of any type. */
export function otherType(value: JsonValue, draw: Draw): JsonValue {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const number = Number(text);
  const values: readonly JsonValue[] = [
    null,
    [],
    {},
    0,
    1,
    true,
    false,
    "",
    "x",
    text,
    text.length,
    text !== "",
  ];
  return pick([...values, ...(Number.isFinite(number) ? [number] : [])], draw) ?? null;
}

const XSD = "http://www.w3.org/2001/XMLSchema#";

/** The value inside something that JSON-LD, or a lenient reader, takes for the value itself. */
export function wrapped(value: JsonValue, draw: Draw): JsonValue {
  return (
    pick<JsonValue>(
      [
        [value],
        [[value]],
        { "@value": value },
        { "@value": value, "@language": "en" },
        {
          "@value": value,
          "@type": `${XSD}${pick(["string", "dateTime", "integer", "boolean"], draw) ?? ""}`,
        },
        { "@value": value, "@direction": "ltr" },
        { "@value": value, "@index": "x" },
        { "@value": value, "@type": "@json" },
        { id: value },
        { "@id": value },
        { id: value, type: "x" },
        { "@list": [value] },
        { "@set": [value] },
        { "@graph": value },
        { "@type": "@id", "@value": value },
        { "": value },
      ],
      draw,
    ) ?? null
  );
}
