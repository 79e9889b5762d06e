import type { ErrorCode } from "@writ/core";

import type { ExitCode } from "./output.js";

const USAGE: ReadonlySet<ErrorCode> = new Set(["USAGE", "ARGUMENT_INVALID"]);

const ENVIRONMENT: ReadonlySet<ErrorCode> = new Set([
  "SECRET_MISSING",
  "FILE_UNREADABLE",
  "CONFIGURATION_INVALID",
  "FILE_EXISTS",
  "FILE_UNSAFE",
  "DATABASE_INVALID",
  "DATABASE_BUSY",
  "DATABASE_SCHEMA",
  "DATABASE_CONSTRAINT",
  "DATABASE_UNAVAILABLE",
  "FORMAT_TOO_NEW",
  "HEADER_CORRUPT",
  "KDF_LIMIT",
  "UNLOCK_FAILED",
  "KEY_SOURCE_UNAVAILABLE",
  "KEY_SOURCE_DENIED",
  "RECORD_TAMPERED",
  "RECORD_MISSING",
  "RECORD_AGE_UNAVAILABLE",
  "BACKUP_INVALID",
  "WALLET_CONFLICT",
  "WALLET_ROLLED_BACK",
  "WALLET_REKEYED",
  "KEY_ROTATED",
  "DID_UNAVAILABLE",
  "FETCH_UNAVAILABLE",
]);

/** The exit code of a command that ended with an error. Whatever is not listed is a refusal. */
export function exitCodeOf(code: ErrorCode): ExitCode {
  if (USAGE.has(code)) return 2;
  return ENVIRONMENT.has(code) ? 3 : 1;
}
