import { WritError } from "@writ/core";

const HINT = "`writ wallet doctor` says record by record what is wrong, and saves what can be saved.";

/** What the store gives is not what it was given. */
export function tampered(detail: string): WritError {
  return new WritError("RECORD_TAMPERED", detail, { hint: HINT });
}

/** The store does not give what it was given. */
export function missingRecords(count: number): WritError {
  const what =
    count === 1 ? "one of the wallet's records is" : `${String(count)} of the wallet's records are`;
  return new WritError("RECORD_MISSING", `${what} missing`, { hint: HINT });
}

/** Says which part of the manifest is not as the wallet has written it. */
export function manifestDamaged(part: string): WritError {
  return tampered(`the wallet's manifest was changed: ${part}`);
}
