import {
  asJson,
  decodeStatusList,
  genericStatus,
  genericStatusListCredential,
  parseShape,
  relocate,
  type GenericCredential,
  type Typed,
} from "@writ/core";

/**
 * What Bitstring Status List 1.0 demands of a credential that is issued: of the status entries that it brings
 * along (section 2.1), and of its content where it is itself a status list (section 2.2).
 *
 * @throws WritError `SCHEMA_INVALID` and others of the shapes, `STATUS_LIST_MALFORMED`, `ENCODING_INVALID`,
 *   `STATUS_LIST_TOO_SHORT`.
 */
export function assertStatusForms(credential: GenericCredential): void {
  const { type, credentialStatus = [] } = credential;
  const place = "/credentialStatus";
  if (isList(credentialStatus)) {
    credentialStatus.forEach((entry, index) => {
      assertEntry(entry, `${place}/${String(index)}`);
    });
  } else {
    assertEntry(credentialStatus, place);
  }
  if ([type].flat().includes("BitstringStatusListCredential")) assertList(credential);
}

function isList(status: Typed | readonly Typed[]): status is readonly Typed[] {
  return Array.isArray(status);
}

/** Entries of other types have other rules, which nobody here knows. */
function assertEntry(entry: Typed, pointer: string): void {
  if (![entry.type].flat().includes("BitstringStatusListEntry")) return;
  at(pointer, () => parseShape(genericStatus, asJson(entry)));
}

function assertList(credential: GenericCredential): void {
  const { credentialSubject } = parseShape(genericStatusListCredential, asJson(credential));
  at("/credentialSubject/encodedList", () => decodeStatusList(credentialSubject.encodedList));
}

function at(pointer: string, check: () => unknown): void {
  try {
    check();
  } catch (error) {
    throw relocate(error, pointer);
  }
}
