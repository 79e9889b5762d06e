import { canonicalize } from "../../src/json/canonicalize.js";
import { describeSuiteVectors } from "./suite-vectors.js";

describeSuiteVectors({ name: "eddsa-jcs-2022", suffix: "JCS", canonicalize });
