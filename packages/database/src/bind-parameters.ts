import { WritError, type SqlValue } from "@writ/core";

/** Values by the names that stand for them in the statement. */
export type Bindings = Readonly<Record<string, string | bigint | Uint8Array | null>>;

/**
 * The values for `$1`, `$2` … as the driver takes them, copied, so that the caller may change its
 * own while the statement waits.
 *
 * @throws WritError `ARGUMENT_INVALID` for a value that would not come back as it was given: a
 *   number that is not a safe integer, a text with a NUL or half a surrogate pair, another type.
 */
export function bindParameters(parameters: readonly SqlValue[]): Bindings {
  return Object.fromEntries(
    parameters.map((value, index) => {
      const name = `$${String(index + 1)}`;
      return [name, bind(name, value)];
    }),
  );
}

function bind(name: string, value: SqlValue): Bindings[string] {
  // Callers in JavaScript can pass what the type rules out, and the driver turns some of it into NULL.
  const given: unknown = value;
  if (given === null) return given;
  if (given instanceof Uint8Array) return new Uint8Array(given);
  if (typeof given === "number") {
    // As a bigint, because the driver stores every number as a floating-point value.
    if (Number.isSafeInteger(given)) return BigInt(given);
    throw new WritError("ARGUMENT_INVALID", `parameter ${name} is not a safe integer`);
  }
  if (typeof given === "string") {
    // SQLite would return the text only up to the NUL, and with U+FFFD for the half pair.
    if (!given.includes("\0") && given.isWellFormed()) return given;
    throw new WritError("ARGUMENT_INVALID", `parameter ${name} is not a text that a database can hold`);
  }
  throw new WritError("ARGUMENT_INVALID", `parameter ${name} is not a text, integer, byte string or null`);
}
