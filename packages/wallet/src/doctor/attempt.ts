import { WritError } from "@writ/core";

/** What is read, or what is wrong with the store where it would be. */
export async function attempt<T>(read: () => Promise<T>): Promise<T | WritError> {
  try {
    return await read();
  } catch (error) {
    if (isDamage(error)) return error;
    throw error;
  }
}

/** Whether an error says that the store is damaged, and not that it cannot be reached. */
export function isDamage(error: unknown): error is WritError {
  return (
    error instanceof WritError &&
    (error.code === "DATABASE_INVALID" ||
      error.code === "DATABASE_SCHEMA" ||
      error.code === "RECORD_TAMPERED")
  );
}
