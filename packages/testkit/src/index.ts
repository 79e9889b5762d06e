export { fixedClock, type FixedClock } from "./clock.js";
export { seededRandom } from "./random.js";
export { codeOf, codeOfAsync, refusalOf, refusalOfAsync, type Refusal } from "./refusal.js";
export { describeVectors, listVectors, readJsonVector, readVector, vectorsPath } from "./vectors.js";
export { childrenBeside, type Child, type StartChild } from "./child.js";
export { FULL, report } from "./faults.js";
export { killedAt } from "./killed-at.js";
export {
  startKmsServer,
  type KmsAccount,
  type KmsFault,
  type KmsRequest,
  type KmsServer,
} from "./kms-server.js";
export { isSignedV4, type SignatureScope, type SignedRequest } from "./signature-v4.js";
export { withoutPackage } from "./without-package.js";
