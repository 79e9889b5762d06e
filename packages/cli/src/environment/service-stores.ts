import { WritError, type Database } from "@writ/core";
import type { IdempotencyStore, TokenStore } from "@writ/service";

/** The bearer tokens of a home; its first use makes their tables. */
export async function openTokens(database: Database): Promise<TokenStore> {
  const { createTokenStore, openTokenStore } = await import("@writ/service");
  return openOrCreate(
    () => openTokenStore(database),
    () => createTokenStore(database),
  );
}

/** The answers that a home's service gives again; its first use makes their tables. */
export async function openIdempotency(database: Database): Promise<IdempotencyStore> {
  const { createIdempotencyStore, openIdempotencyStore } = await import("@writ/service");
  return openOrCreate(
    () => openIdempotencyStore(database),
    () => createIdempotencyStore(database),
  );
}

async function openOrCreate<T>(open: () => Promise<T>, create: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof WritError) || error.code !== "NOT_FOUND") throw error;
  }
  try {
    return await create();
  } catch (error) {
    // Another process was faster.
    if (!(error instanceof WritError) || error.code !== "ALREADY_EXISTS") throw error;
    return open();
  }
}
