import { canonicalize, type JsonObject, type JsonValue } from "@writ/core";

import { CONTEXTS, otherNames, otherText, otherType, otherValue, TERMS, wrapped } from "./near-values.js";
import {
  asContainer,
  asList,
  asObject,
  editable,
  pick,
  placesIn,
  remove,
  rename,
  valueAt,
  type Container,
  type Draw,
  type Place,
} from "./tree.js";

/** What was done to a document, and where. */
export interface Change {
  readonly kind: string;
  readonly pointer: string;
  readonly document: JsonObject;
}

/** Changes something at a place, or nothing where it cannot. */
type Kind = (place: Place, draw: Draw, top: Container) => unknown;

const VALUES: readonly JsonValue[] = [
  "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
  "urn:uuid:00000000-0000-4000-8000-000000000000",
  "2027-01-01T00:00:00Z",
  "https://shop.example",
  { id: "https://shop.example" },
  { maxHops: 9 },
  ["VerifiableCredential"],
  { type: "x" },
  "admin",
  true,
  1,
  null,
  [],
  {},
];

const KEYWORDS: readonly string[] = [
  ...["@context", "@id", "@type", "@graph", "@included", "@reverse", "@nest", "@value", "@language"],
  ...["@direction", "@index", "@list", "@set", "@base", "@vocab", "@json", "@none", "@protected", "@version"],
];

/** Members of Writ's own documents that no context defines. */
const OTHER_MEMBERS: readonly string[] = [
  ...["action", "args", "resource", "within", "spend", "rate", "meter", "when", "approval", "audience"],
  ...["optional", "any", "maxHops", "x", "jws", "nonce", "__proto__", "cred:x", "urn:x:y", "_:b"],
];

const inObject = (
  change: (object: Container, key: string, place: Place, draw: Draw, top: Container) => unknown,
): Kind => {
  return (place, draw, top) => {
    if (typeof place.key === "string") change(place.container, place.key, place, draw, top);
  };
};

const inList = (change: (list: JsonValue[], at: number, draw: Draw) => unknown): Kind => {
  return ({ container, key }, draw) => {
    const list = asList(container);
    if (list !== undefined) change(list, Number(key), draw);
  };
};

/** A context as somebody could put it beside others. */
function otherContext(draw: Draw): JsonValue {
  const term = pick(TERMS, draw) ?? "";
  const iri = pick(otherNames(term), draw) ?? "";
  const inline = [{ [term]: iri }, { [`${term}2`]: iri }, { "@vocab": "urn:x:" }, { "@base": "urn:x:" }, {}];
  return pick<JsonValue>([...CONTEXTS, ...CONTEXTS, ...inline], draw) ?? null;
}

/** Another of the document's places. */
function otherPlace(top: Container, draw: Draw): Place | undefined {
  return pick(placesIn(top), draw);
}

const KINDS: Readonly<Record<string, Kind>> = {
  value: (place, draw) => {
    place.container[place.key] = otherValue(valueAt(place), draw);
  },
  type: (place, draw) => {
    place.container[place.key] = otherType(valueAt(place), draw);
  },
  wrap: (place, draw) => {
    place.container[place.key] = wrapped(valueAt(place), draw);
  },
  unwrap: (place) => {
    const value = valueAt(place);
    const [only, ...others] = Object.values(asContainer(value) ?? {});
    if (only !== undefined && others.length === 0) place.container[place.key] = only;
  },
  rename: inObject((object, key, _, draw) => {
    const names = draw(3) === 0 ? [otherText(key, draw), ...TERMS, ...KEYWORDS] : otherNames(key);
    rename(object, key, pick(names, draw) ?? "");
  }),
  add: inObject((object, _, place, draw) => {
    const name = pick(
      draw(2) === 0 ? TERMS : [...KEYWORDS, ...OTHER_MEMBERS, ...otherNames(place.key as string)],
      draw,
    );
    Object.defineProperty(object, name ?? "x", {
      value: pick([...VALUES, valueAt(place)], draw) ?? null,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }),
  remove,
  duplicate: inList((list, at, draw) =>
    list.splice(draw(list.length + 1), 0, structuredClone(list[at] ?? null)),
  ),
  append: inList((list, at, draw) => {
    const value = list[at] ?? null;
    return list.push(pick([otherValue(value, draw), wrapped(value, draw), ...VALUES], draw) ?? null);
  }),
  swap: inList((list, at, draw) => {
    const other = draw(list.length);
    [list[at], list[other]] = [list[other] ?? null, list[at] ?? null];
  }),
  // One item more: what was alone becomes a list of two.
  join: inObject((object, key, place, draw) => {
    object[key] = [valueAt(place), otherValue(valueAt(place), draw)];
  }),
  move: (place, draw, top) => {
    const value = valueAt(place);
    const target = asContainer(valueAt(otherPlace(top, draw) ?? place)) ?? top;
    remove(place);
    const list = asList(target);
    if (list === undefined) target[place.key] = value;
    else list.push(value);
  },
  copy: (place, draw, top) => {
    const target = otherPlace(top, draw);
    if (target !== undefined) target.container[target.key] = structuredClone(valueAt(place));
  },
  exchange: (place, draw, top) => {
    const target = otherPlace(top, draw) ?? place;
    const [value, other] = [structuredClone(valueAt(place)), structuredClone(valueAt(target))];
    target.container[target.key] = value;
    place.container[place.key] = other;
  },
  // An object in two, of one id: to RDF the same node.
  split: (place, draw) => {
    const object = asObject(valueAt(place));
    const names = Object.keys(object ?? {}).filter((name) => name !== "id");
    const name = pick(names, draw);
    if (object === undefined || name === undefined) return;
    const rest = { ...object };
    Reflect.deleteProperty(rest, name);
    const part = {
      ...(object["id"] === undefined ? {} : { id: object["id"] }),
      [name]: object[name] as JsonValue,
    };
    place.container[place.key] = [rest, part];
  },
  // What two objects of one id say, in one of them.
  merge: (place, _, top) => {
    const object = asObject(valueAt(place));
    const same = placesIn(top)
      .map((other) => asObject(valueAt(other)))
      .find((other) => other !== object && other?.["id"] !== undefined && other["id"] === object?.["id"]);
    if (object === undefined || same === undefined) return;
    Object.assign(same, object);
    remove(place);
  },
  // The same text, or number, as JSON-LD could read it of another type.
  retype: (place) => {
    const value = valueAt(place);
    if (typeof value === "number" || typeof value === "boolean") place.container[place.key] = String(value);
    else if (typeof value === "string" && value !== "" && Number.isFinite(Number(value)))
      place.container[place.key] = Number(value);
  },
  // The same term by another name.
  respell: (place, draw) => {
    const value = valueAt(place);
    if (typeof value === "string" && TERMS.includes(value)) {
      place.container[place.key] = pick(otherNames(value), draw) ?? "";
    }
  },
  // What is said of an id, said where else that id stands.
  shift: (place, draw, top) => {
    const id = place.container["id"];
    if (typeof id !== "string" || place.key === "id" || place.key === "@context") return;
    const others = placesIn(top).filter(
      ({ container, key }) => container !== place.container && container[key] === id,
    );
    const other = pick(others, draw);
    if (other === undefined) return;
    const claim = { [place.key]: valueAt(place) };
    if (other.key === "id") Object.assign(other.container, claim);
    else other.container[other.key] = { id, ...claim };
    remove(place);
  },
  // A member by a name that the document itself gives its IRI.
  nickname: inObject((object, key, { pointer }, draw, top) => {
    const contexts = asList(top["@context"]);
    if (contexts === undefined || pointer.startsWith("/proof") || pointer.startsWith("/@context")) return;
    const inline = contexts.map((each) => asObject(each)?.[key]).find((iri) => iri !== undefined);
    const name = pick([`${key}2`, "nick", ...TERMS], draw) ?? "";
    contexts.push({ [name]: inline ?? pick(otherNames(key), draw) ?? "" });
    rename(object, key, name);
  }),
  context: (_, draw, top) => {
    const documents = [top, ...placesIn(top).map((place) => asObject(valueAt(place)) ?? top)];
    const contexts = asList(
      pick(
        documents.filter((each) => "@context" in each),
        draw,
      )?.["@context"],
    );
    if (contexts === undefined) return;
    const at = draw(contexts.length + 1);
    contexts.splice(at, draw(2), ...(draw(4) === 0 ? [] : [otherContext(draw)]));
  },
};

/** How often a kind is tried that may have nothing to do in a document. */
const ATTEMPTS = 64;

/** A document with one thing changed. What only orders members otherwise is no change. */
export function changed(document: JsonObject, draw: Draw): Change {
  const original = canonicalize(document);
  for (;;) {
    const [kind, change] = pick(Object.entries(KINDS), draw) ?? ["", () => undefined];
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const top = editable(document);
      const place = pick(placesIn(top), draw);
      if (place === undefined) continue;
      change(place, draw, top);
      // What is half a surrogate pair is no text, and has no canonical form.
      if (!JSON.stringify(top).isWellFormed()) continue;
      if (canonicalize(top) === original) continue;
      return { kind, pointer: place.pointer, document: top };
    }
  }
}
