import { codeOfAsync } from "@writ/testkit";
import jsonld from "jsonld";
import { expect, it } from "vitest";

import { assertTermsDefined, canonicalizeEd25519Signature2020 } from "../../src/jsonld/canonicalize-rdf.js";
import { CREDENTIALS_V2 } from "../../src/jsonld/context-addresses.js";

it("does not take contexts that others in the process have read from the same addresses", async () => {
  const document = { "@context": [CREDENTIALS_V2], type: "VerifiableCredential", foreign: "x" };
  const foreign = { "@context": { type: "@type", VerifiableCredential: "urn:vc", foreign: "urn:foreign" } };
  const documentLoader = (url: string) =>
    Promise.resolve({ contextUrl: null, documentUrl: url, document: foreign, tag: "static" });
  // Whoever uses the library by itself from now on has the foreign context for this address.
  expect(await jsonld.toRDF(document, { documentLoader, safe: true })).toHaveLength(2);
  expect(await codeOfAsync(() => assertTermsDefined(document))).toBe("JSON_LD_INVALID");
  expect(await codeOfAsync(() => canonicalizeEd25519Signature2020(document))).toBe("JSON_LD_INVALID");
});
