import { createSignatureCache, WritError, type JsonObject, type SuiteName } from "@writ/core";
import { fixedClock } from "@writ/testkit";
import { START } from "../world.js";

/** A signed document, and how somebody who altered it would get it verified. */
export interface Subject {
  readonly name: string;
  readonly suite: SuiteName;
  readonly document: JsonObject;
  readonly verifies: (document: JsonObject) => Promise<boolean>;
}

/** Signatures that have verified are not verified again; the clock stands still. */
export const COMMON = { signatures: createSignatureCache(), clock: fixedClock(START) };

/** What is signed, where it can be: what is no strict JSON can neither be signed here nor verified. */
export async function signable<T>(signed: Promise<T>): Promise<T | undefined> {
  try {
    return await signed;
  } catch (error) {
    if (error instanceof WritError) return undefined;
    throw error;
  }
}
