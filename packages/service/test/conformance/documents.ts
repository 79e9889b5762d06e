import { asJson, snapshot, type JsonObject, type JsonValue } from "@writ/core";

export const V1 = "https://www.w3.org/2018/credentials/v1";
export const V2 = "https://www.w3.org/ns/credentials/v2";
export const EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2";

/** A credential of VC Data Model 2.0, without proof and issuer, of which nothing can be left out. */
export const CREDENTIAL: JsonObject = {
  "@context": [V2, EXAMPLES],
  type: ["VerifiableCredential", "ExampleDegreeCredential"],
  credentialSubject: { id: "did:example:student", degree: "Bachelor of Science" },
};

/** A presentation of nothing. */
export const PRESENTATION: JsonObject = {
  "@context": [V2, EXAMPLES],
  type: ["VerifiablePresentation"],
};

/** A document with other values at JSON Pointers; `undefined` takes out what is there. */
export function changed(
  document: JsonObject,
  changes: Readonly<Record<string, JsonValue | undefined>>,
): JsonObject {
  const copy = structuredClone(document) as Record<string, unknown>;
  for (const [pointer, value] of Object.entries(changes)) {
    const path = pointer.split("/").slice(1);
    const last = path.pop() ?? "";
    let place: Record<string, unknown> = copy;
    for (const step of path) place = (place[step] ??= {}) as Record<string, unknown>;
    if (value === undefined) Reflect.deleteProperty(place, last);
    else place[last] = value;
  }
  return asJson(snapshot(copy));
}
