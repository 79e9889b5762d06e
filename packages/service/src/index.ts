export { createOperations, type ServiceParts } from "./operations/writ-operations.js";
export type { AuthorizeBody, AuthorizeOptions } from "./operations/authorize.js";
export { createOwnListsSource } from "./operations/own-lists-source.js";
export { BODY_LIMITS } from "./http/read-body.js";
export { ADMISSION_LIMITS, type AdmissionLimits } from "./http/admission.js";
export type { Access } from "./http/check-access.js";
export type { Connection } from "./http/connection.js";
export {
  createHttpService,
  operationsOf,
  type HttpService,
  type HttpServiceOptions,
} from "./http/create-http-service.js";
export type { Begun, IdempotencyStore, KeyedRequest, StoredAnswer } from "./http/idempotency-store.js";
export {
  CONNECTION_LIMITS,
  listen,
  type ConnectionLimits,
  type Listening,
  type ListenOptions,
} from "./http/listen.js";
export {
  TOKEN_SCOPES,
  type Operation,
  type OperationAnswer,
  type OperationRequest,
  type Role,
  type TokenScope,
} from "./http/operation.js";
export { PROBLEM_TYPE, problemAnswer, type ProblemAnswer } from "./http/problem-answer.js";
export type { Rate } from "./http/rate-limit.js";
export { createRequestLog, type AnsweredRequest, type RequestLog } from "./http/request-log.js";
export type { Probe } from "./http/service-operations.js";
export { createIdempotencyStore, openIdempotencyStore } from "./http/sql-idempotency-store.js";
export { STATUS_OF_CODE } from "./http/status-of-code.js";
export { createTokenStore, openTokenStore } from "./tokens/sql-token-store.js";
export type { NewToken, TokenContent, TokenRecord, TokenStore } from "./tokens/token-store.js";
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
