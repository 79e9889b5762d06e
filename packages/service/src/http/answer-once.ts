import { canonicalize, encodeBase64url, sha256, WritError, type JsonValue } from "@writ/core";

import type { IdempotencyStore, KeyedRequest, StoredAnswer } from "./idempotency-store.js";

/** Quoted, as draft-ietf-httpapi-idempotency-key-header has it, or bare, as most clients send it. */
const KEY = /^("?)([A-Za-z0-9._~:+/=-]{1,128})\1$/;

/**
 * The value of the header `Idempotency-Key`, if there is one.
 *
 * @throws WritError `REQUEST_MALFORMED`.
 */
export function idempotencyKey(headers: Headers): string | undefined {
  const header = headers.get("idempotency-key");
  if (header === null) return undefined;
  const key = KEY.exec(header)?.[2];
  if (key !== undefined) return key;
  throw new WritError("REQUEST_MALFORMED", "an idempotency key is up to 128 letters, digits and ._~:+/=-");
}

/** A digest of all that a request says; how its JSON is written does not matter. */
export function requestDigest(...said: readonly JsonValue[]): string {
  return encodeBase64url(sha256(canonicalize(said)));
}

/**
 * Answers a request with a key once: whoever repeats it gets the same answer, with the header
 * `Idempotency-Replayed`. An answer that the service is to blame for, or that says to come again, is not kept:
 * the request is as if it had never been.
 *
 * @throws WritError `IDEMPOTENCY_MISMATCH`, `IDEMPOTENCY_IN_PROGRESS`, what the store throws, and what
 *   `ask` does.
 */
export async function answerOnce(
  store: IdempotencyStore,
  request: KeyedRequest,
  ask: () => Promise<StoredAnswer>,
): Promise<StoredAnswer> {
  const begun = await store.begin(request);
  switch (begun.state) {
    case "mismatch":
      throw new WritError("IDEMPOTENCY_MISMATCH", "the key was used with another request");
    case "in-progress":
      throw new WritError("IDEMPOTENCY_IN_PROGRESS", "the first request with this key is not finished");
    case "answered": {
      const { answer } = begun;
      return { ...answer, headers: { ...answer.headers, "idempotency-replayed": "true" } };
    }
    case "begun":
      return await askAndKeep(store, begun.claim, ask);
  }
}

async function askAndKeep(
  store: IdempotencyStore,
  claim: string,
  ask: () => Promise<StoredAnswer>,
): Promise<StoredAnswer> {
  let answer: StoredAnswer;
  try {
    answer = await ask();
  } catch (error) {
    await releaseQuietly(store, claim);
    throw error;
  }
  if (isKept(answer)) await store.complete(claim, answer);
  else await releaseQuietly(store, claim);
  return answer;
}

function isKept({ status }: StoredAnswer): boolean {
  return status < 500 && status !== 409 && status !== 429;
}

/** A claim that could not be given back lapses. */
async function releaseQuietly(store: IdempotencyStore, claim: string): Promise<void> {
  try {
    await store.release(claim);
  } catch {
    // Why the operation failed is what matters to the caller.
  }
}
