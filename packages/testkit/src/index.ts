export { fixedClock, type FixedClock } from "./clock.js";
export { seededRandom } from "./random.js";
export { codeOf, codeOfAsync, refusalOf, refusalOfAsync, type Refusal } from "./refusal.js";
export { describeVectors, listVectors, readJsonVector, readVector, vectorsPath } from "./vectors.js";
export { childrenBeside, type Child, type StartChild } from "./child.js";
