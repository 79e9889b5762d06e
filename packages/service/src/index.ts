export {
  answerIdentifier,
  identifierStatus,
  type IdentifierAnswer,
  type IdentifierRequest,
} from "./resolution/answer-identifier.js";
export { dereferenceDidUrl } from "./resolution/dereference-did-url.js";
export { resolveDid } from "./resolution/resolve-did.js";
export {
  chooseResolutionMediaType,
  DEFAULT_MEDIA_TYPE,
  type ResolutionMediaType,
} from "./resolution/resolution-media-type.js";
export {
  readResolutionOptions,
  type RequestedOptions,
  type ResolutionOptions,
} from "./resolution/resolution-options.js";
export type {
  DereferencingResult,
  NoContent,
  ResolutionError,
  ResolutionFailure,
  ResolutionMetadata,
  ResolutionResult,
  ResolutionSuccess,
} from "./resolution/resolution-result.js";
