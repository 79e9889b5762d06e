import { ERROR_CODES } from "@writ/core";

import type { StoredAnswer } from "./idempotency-store.js";
import type { OperationAnswer } from "./operation.js";
import { PROBLEM_TYPE } from "./problem-answer.js";

const JSON_TYPE = "application/json";

interface Coded {
  readonly code?: unknown;
}

/** What a browser could take for markup or the end of a line, were it to take JSON for a page. */
const MARKUP = /[<>&\u2028\u2029]/g;

/** An operation's answer as it is sent. */
export function writtenAnswer({ status, contentType, body, headers = {} }: OperationAnswer): StoredAnswer {
  const type = contentType ?? JSON_TYPE;
  if (body === undefined) return { status, contentType: type, headers };
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return { status, contentType: type, headers, text: type === PROBLEM_TYPE ? withoutMarkup(text) : text };
}

/** Problems name the caller's own members; JSON says the same without characters of markup. */
function withoutMarkup(json: string): string {
  return json.replace(MARKUP, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The answer as a response: not to be cached unless it says so, and never to be taken for another type. */
export function responseOf({ status, contentType, text, headers }: StoredAnswer): Response {
  const all = new Headers({ "cache-control": "no-store", "x-content-type-options": "nosniff", ...headers });
  if (text !== undefined) all.set("content-type", contentType);
  return new Response(text ?? null, { status, headers: all });
}

/** The code of an answer that is a problem, or says no because of problems: the first one's. */
export function codeIn({ status, text }: StoredAnswer): string | undefined {
  if (status < 400 || text === undefined) return undefined;
  try {
    const told = JSON.parse(text) as Coded & { readonly [K in "errors" | "problems"]?: readonly Coded[] };
    const code = told.code ?? told.errors?.[0]?.code ?? told.problems?.[0]?.code;
    return typeof code === "string" && Object.hasOwn(ERROR_CODES, code) ? code : undefined;
  } catch {
    return undefined;
  }
}
