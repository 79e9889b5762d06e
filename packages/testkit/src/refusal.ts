/** What a refusal says: its code, and where. Structural, so that it fits every error with a code. */
export interface Refusal {
  readonly code: string;
  readonly pointer: string;
}

/** The refusal that a call throws. Fails where it throws nothing, or something without a code. */
export function refusalOf(call: () => unknown): Refusal {
  let result: unknown;
  try {
    result = call();
  } catch (error) {
    return asRefusal(error);
  }
  throw nothingThrown(result);
}

/** {@link refusalOf} for a call that returns a promise. */
export async function refusalOfAsync(call: () => Promise<unknown>): Promise<Refusal> {
  let result: unknown;
  try {
    result = await call();
  } catch (error) {
    return asRefusal(error);
  }
  throw nothingThrown(result);
}

/** The code of the refusal that a call throws. */
export function codeOf(call: () => unknown): string {
  return refusalOf(call).code;
}

/** The code of the refusal with which a call's promise is rejected. */
export async function codeOfAsync(call: () => Promise<unknown>): Promise<string> {
  return (await refusalOfAsync(call)).code;
}

function asRefusal(error: unknown): Refusal {
  if (error instanceof Error && "problem" in error && "code" in error && typeof error.code === "string") {
    const { pointer } = error.problem as { readonly pointer: string };
    return { code: error.code, pointer };
  }
  throw new Error("threw something that is not a refusal", { cause: error });
}

function nothingThrown(result: unknown): Error {
  return new Error(`nothing was thrown; the result is of type ${typeof result}`);
}
