import {
  asJson,
  assertGenericProfile,
  CREDENTIALS_V2,
  genericCredential,
  idOf,
  isJsonArray,
  isOwnDocument,
  parseShape,
  snapshot,
  WritError,
  type GenericContexts,
  type GenericCredential,
  type JsonObject,
  type JsonValue,
} from "@writ/core";

import { assertStatusForms } from "./assert-status-forms.js";
import type { Organisation } from "./organisation.js";
import type { StatusPurpose } from "./status-lists.js";

/** A credential as it may be signed, but for its status. */
export interface GenericDraft {
  readonly draft: JsonObject;
  /** The same, as the data model knows it. */
  readonly content: GenericCredential;
}

/**
 * Holds a credential of somebody else's vocabulary to what the organisation signs of such.
 *
 * @throws WritError as `issueGenericCredential` says.
 */
export function readGenericDraft(
  { did, statusBase }: Organisation,
  given: JsonObject,
  status: readonly StatusPurpose[],
  contexts: GenericContexts | undefined,
): GenericDraft {
  if (isOwnDocument(given)) {
    throw new WritError("TYPE_UNSUPPORTED", "Writ's own credentials are issued to registered agents alone", {
      pointer: "/type",
    });
  }
  for (const name of ["@context", "type"]) {
    if (!isJsonArray(given[name] ?? null)) throw invalid(`/${name}`, "must be a list");
  }
  if (given["proof"] !== undefined) throw invalid("/proof", "is added by the issuer");
  const draft = asJson(snapshot(given["issuer"] === undefined ? { ...given, issuer: did } : given));
  assertGenericProfile(draft, contexts);
  const content = parseShape(genericCredential, draft);
  if (idOf(content.issuer) !== did) {
    throw new WritError("ISSUER_MISMATCH", "the issuer must be the one that signs", { pointer: "/issuer" });
  }
  if (status.length > 0 && content.credentialStatus !== undefined) {
    throw invalid("/credentialStatus", "is added by the issuer");
  }
  // The context of 1.1 has no words for it.
  if (status.length > 0 && content["@context"][0] !== CREDENTIALS_V2) {
    throw new WritError("CONTEXT_NOT_ALLOWED", "a status entry takes the context of VC Data Model 2.0", {
      pointer: "/@context/0",
    });
  }
  assertStatusForms(content);
  // Whoever may have a credential signed may not speak for the organisation's lists, or point into them.
  const subjects = [content.credentialSubject].flat().map(({ id }) => id);
  const named = textsIn(draft["credentialStatus"], draft["id"], ...subjects).map(plainAddress);
  if (named.some((text) => text.startsWith(plainAddress(statusBase)))) {
    throw new WritError("STATUS_UNSUPPORTED", "the addresses of the organisation's lists are its own");
  }
  return { draft, content };
}

function invalid(pointer: string, detail: string): WritError {
  return new WritError("SCHEMA_INVALID", detail, { pointer });
}

/** An address as whoever follows it may read it: other cases, dots and escapes make it no other address. */
function plainAddress(text: string): string {
  const address = URL.canParse(text) ? new URL(text).href : text;
  const unescaped = address.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return (URL.canParse(unescaped) ? new URL(unescaped).href : unescaped).toLowerCase();
}

/** Every text in values, however deep. */
function textsIn(...values: readonly (JsonValue | undefined)[]): readonly string[] {
  return values.flatMap((value) => {
    if (typeof value === "string") return [value];
    if (value === undefined || value === null || typeof value !== "object") return [];
    return textsIn(...Object.values(value as JsonObject));
  });
}
