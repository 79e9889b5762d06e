import {
  asJson,
  checkValidity,
  expandedTypes,
  idOf,
  isAuthority,
  isIdentity,
  parseTimestamp,
  type AuthorityCredential,
  type Dated,
  type GenericCredential,
  type IdentityCredential,
  type JsonObject,
  type Problem,
  type WritCredential,
} from "@writ/core";

/** A credential that could be shown as an answer: the document, and what it takes to show it. */
export type Candidate =
  | { readonly kind: "identity"; readonly document: IdentityCredential }
  | { readonly kind: "authority"; readonly document: AuthorityCredential }
  | { readonly kind: "generic"; readonly document: GenericCredential };

/** A credential of Writ's as a candidate. An approval is shown with what it approves, and never alone. */
export function writCandidate(credential: WritCredential): Candidate | undefined {
  if (isAuthority(credential)) return { kind: "authority", document: credential };
  if (isIdentity(credential)) return { kind: "identity", document: credential };
  return undefined;
}

/** The JSON object that queries are matched with. */
export function jsonOf({ document }: Candidate): JsonObject {
  return asJson(document);
}

/** Its types as IRIs; each query asks for them. */
export function typesOf({ document }: Candidate): readonly string[] {
  const types = known.get(document) ?? expandedTypes(asJson(document));
  known.set(document, types);
  return types;
}

const known = new WeakMap<Candidate["document"], readonly string[]>();

/** DID, or another URL, of who issued it. */
export function issuerOf({ document }: Candidate): string {
  return idOf(document.issuer);
}

/** Whether every subject is the holder: only what was issued to it is its own to show. */
export function isOwn({ document }: Candidate, holder: string): boolean {
  return subjectsOf(document).every((id) => id === holder);
}

function subjectsOf({ credentialSubject }: Candidate["document"]): readonly unknown[] {
  return [credentialSubject].flat().map(({ id }: { readonly id?: unknown }) => id);
}

/** Why a candidate may not be shown now: it has not begun, or has ended. */
export function checkCurrent(candidate: Candidate, now: number): Problem | undefined {
  return checkValidity(datesOf(candidate), now);
}

/** When a candidate ends, in milliseconds since 1970; `Infinity` where it never does. */
export function endOf(candidate: Candidate): number {
  const { validUntil } = datesOf(candidate);
  return validUntil === undefined ? Infinity : parseTimestamp(validUntil);
}

/** The dates of both data models are heeded, wherever they stand: the last beginning, the first end. */
function datesOf({ kind, document }: Candidate): Dated {
  if (kind !== "generic") return document;
  const { validFrom, issuanceDate, validUntil, expirationDate, proof } = document;
  const [begin = "1970-01-01T00:00:00Z"] = sorted(validFrom, issuanceDate).reverse();
  const [end] = sorted(validUntil, expirationDate);
  return {
    validFrom: begin,
    ...(end === undefined ? {} : { validUntil: end }),
    ...(proof === undefined ? {} : { proof }),
  };
}

function sorted(...times: readonly (string | undefined)[]): string[] {
  return times.filter((time) => time !== undefined).sort((a, b) => parseTimestamp(a) - parseTimestamp(b));
}
