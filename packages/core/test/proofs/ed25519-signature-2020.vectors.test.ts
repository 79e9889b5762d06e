import { canonicalizeEd25519Signature2020 } from "../../src/jsonld/canonicalize-rdf.js";
import { describeSuiteVectors } from "./suite-vectors.js";

describeSuiteVectors({
  name: "Ed25519Signature2020",
  suffix: "EdSig",
  canonicalize: (document) => canonicalizeEd25519Signature2020(document),
});
