import { canonicalizeEddsaRdfc2022 } from "../../src/jsonld/canonicalize-rdf.js";
import { describeSuiteVectors } from "./suite-vectors.js";

describeSuiteVectors({
  name: "eddsa-rdfc-2022",
  suffix: "DataInt",
  canonicalize: (document) => canonicalizeEddsaRdfc2022(document),
});
