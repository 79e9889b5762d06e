import { WritError, type ErrorCode } from "@writ/core";

/** Errors of AWS and of its client, by name, and what each means for whoever wants a key. */
const MEANINGS: Readonly<Record<string, readonly [code: ErrorCode, meaning: string]>> = {
  // What it was given is not what this key has wrapped with this context.
  InvalidCiphertextException: ["UNLOCK_FAILED", "this was not wrapped by it for this"],
  IncorrectKeyException: ["UNLOCK_FAILED", "another key has wrapped this"],

  // It knows who asks, or does not, and says no.
  AccessDeniedException: ["KEY_SOURCE_DENIED", "the use of the key is not permitted"],
  ExpiredTokenException: ["KEY_SOURCE_DENIED", "the credentials have expired"],
  ExpiredToken: ["KEY_SOURCE_DENIED", "the credentials have expired"],
  IncompleteSignatureException: ["KEY_SOURCE_DENIED", "the credentials are not accepted"],
  IncompleteSignature: ["KEY_SOURCE_DENIED", "the credentials are not accepted"],
  InvalidClientTokenId: ["KEY_SOURCE_DENIED", "the credentials are not accepted"],
  InvalidSignatureException: ["KEY_SOURCE_DENIED", "the credentials are not accepted"],
  MissingAuthenticationToken: ["KEY_SOURCE_DENIED", "the credentials are not accepted"],
  MissingAuthenticationTokenException: ["KEY_SOURCE_DENIED", "the credentials are not accepted"],
  NotAuthorized: ["KEY_SOURCE_DENIED", "the use of the key is not permitted"],
  OptInRequired: ["KEY_SOURCE_DENIED", "the account may not use it"],
  SignatureDoesNotMatch: ["KEY_SOURCE_DENIED", "the credentials are not accepted"],
  UnrecognizedClientException: ["KEY_SOURCE_DENIED", "the credentials are not accepted"],

  // It could not be asked, or not with this key.
  CredentialsProviderError: ["KEY_SOURCE_UNAVAILABLE", "there are no AWS credentials"],
  DisabledException: ["KEY_SOURCE_UNAVAILABLE", "the key is disabled"],
  InvalidArnException: ["KEY_SOURCE_UNAVAILABLE", "there is no key of this ARN in the region"],
  InvalidKeyUsageException: ["KEY_SOURCE_UNAVAILABLE", "the key is not for encryption"],
  KMSInvalidStateException: ["KEY_SOURCE_UNAVAILABLE", "the key cannot be used, or is to be deleted"],
  KeyUnavailableException: ["KEY_SOURCE_UNAVAILABLE", "the key is not available now"],
  NotFoundException: ["KEY_SOURCE_UNAVAILABLE", "there is no such key in the region"],
  ThrottlingException: ["KEY_SOURCE_UNAVAILABLE", "it is asked too often"],
  ValidationException: ["KEY_SOURCE_UNAVAILABLE", "the name of the key is not one that it knows"],
};

/**
 * What AWS's client threw, as an error of ours. Of the other's it holds the name, and that only where it is a
 * known one: messages may quote what was sent, and the object carries the answer and its headers.
 */
export function errorOfKms(error: unknown): WritError {
  if (error instanceof WritError) return error;
  const name = error instanceof Error ? error.name : "";
  const known = Object.hasOwn(MEANINGS, name) ? MEANINGS[name] : undefined;
  if (known === undefined) return new WritError("KEY_SOURCE_UNAVAILABLE", "AWS KMS could not be asked");
  const [code, meaning] = known;
  return new WritError(code, `AWS KMS: ${meaning} (${name})`);
}
