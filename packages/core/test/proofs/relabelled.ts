import { ED25519_2020_V1 } from "../../src/jsonld/context-addresses.js";
import { isJsonArray, type JsonObject } from "../../src/json/json-value.js";
import { suiteNamed, type SuiteName } from "../../src/proofs/suites.js";
import { edit } from "../fixtures.js";

/** A signed document that says that its proof is of another suite, with all that such a proof needs. */
export function relabelled(document: JsonObject, name: SuiteName): JsonObject {
  const { cryptosuite, ...names } = { cryptosuite: undefined, ...suiteNamed(name).names };
  const contexts = document["@context"];
  if (!isJsonArray(contexts)) throw new Error("the tests' documents have lists of contexts");
  const needed =
    name === "Ed25519Signature2020" && !contexts.includes(ED25519_2020_V1)
      ? [...contexts, ED25519_2020_V1]
      : contexts;
  return edit(document, {
    "/@context": needed,
    "/proof/type": names.type,
    "/proof/cryptosuite": cryptosuite,
    "/proof/@context": name === "eddsa-jcs-2022" ? needed : undefined,
  });
}
