import type { ErrorCode } from "@writ/core";

/** Codes that no document can cause, by what does. */
export const OTHER_CODES: Readonly<Record<string, readonly ErrorCode[]>> = {
  "the installation or the caller": ["CONTEXT_CORRUPT", "ARGUMENT_INVALID"],
  "a challenge store, which remembers": ["CHALLENGE_USED", "CHALLENGE_UNKNOWN", "CHALLENGE_UNAVAILABLE"],
  "a ledger, which remembers": ["CLOCK_BACKWARDS", "NONCE_REUSED"],
  "whoever asks for a draft of more authority": ["AUTHORITY_NO_REMEDY"],
  "the network; a verification says what it could not do without it": ["FETCH_REFUSED", "FETCH_UNAVAILABLE"],
  "what a wallet or an organisation keeps": [
    "HEADER_CORRUPT",
    "KDF_LIMIT",
    "UNLOCK_FAILED",
    "FORMAT_TOO_NEW",
    "RECORD_TAMPERED",
    "RECORD_MISSING",
    "WALLET_CONFLICT",
  ],
  "a database": [
    "DATABASE_INVALID",
    "DATABASE_BUSY",
    "DATABASE_SCHEMA",
    "DATABASE_CONSTRAINT",
    "DATABASE_UNAVAILABLE",
  ],
  "files and folders": ["FILE_UNSAFE", "FILE_EXISTS", "FILE_UNREADABLE"],
  "a registry or a choice among what is held": ["NOT_FOUND", "ALREADY_EXISTS", "AUTHORITY_AMBIGUOUS"],
  "a request over HTTP, before any document is looked at": [
    "REQUEST_MALFORMED",
    "HOST_UNKNOWN",
    "ORIGIN_UNKNOWN",
    "METHOD_UNSUPPORTED",
    "MEDIA_TYPE_UNSUPPORTED",
    "UNAUTHORIZED",
    "FORBIDDEN",
    "IDEMPOTENCY_MISMATCH",
    "IDEMPOTENCY_IN_PROGRESS",
    "TOO_MANY_REQUESTS",
    "INTERNAL",
  ],
  "the command line": ["USAGE", "DECLINED", "SECRET_MISSING"],
};
