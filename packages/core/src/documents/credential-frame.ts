import { resource } from "../authority/resource.js";
import { did, timestamp, uuidUrn } from "../schema/common.js";
import {
  choice,
  exactList,
  list,
  literal,
  object,
  refined,
  refuse,
  text,
  type Shape,
} from "../schema/shape.js";
import { writContext } from "./contexts.js";
import { proofs, type Proof } from "./proof.js";
import { parseTimestamp } from "./timestamp.js";

/** An entry of a bitstring status list (Bitstring Status List 1.0, section 2.1). */
export interface StatusEntry {
  readonly type: "BitstringStatusListEntry";
  readonly statusPurpose: "revocation" | "suspension";
  /** Decimal digits, without leading zero. */
  readonly statusListIndex: string;
  /** The https address that the list bears as its id. */
  readonly statusListCredential: string;
}

/** What every Writ credential has (VC Data Model 2.0; DESIGN 2). */
export interface CredentialFrame<Type extends string, Subject> {
  readonly "@context": readonly string[];
  readonly id: string;
  readonly type: readonly ["VerifiableCredential", Type];
  readonly issuer: string;
  readonly validFrom: string;
  readonly validUntil: string;
  readonly credentialSubject: Subject;
  readonly credentialStatus?: readonly StatusEntry[];
  readonly proof?: Proof | readonly Proof[];
}

/** No Writ credential lives longer. */
export const MAX_LIFE_MS: number = 90 * 24 * 60 * 60 * 1000;

/** An https address of a status list, in the one form of the resource grammar. */
export const statusListAddress: Shape<string> = refined(resource, (value, pointer) => {
  if (!value.startsWith("https:")) refuse(pointer, "must be an https address", "RESOURCE_INVALID");
});

/** An https address below which status lists lie. */
export const statusBase: Shape<string> = refined(statusListAddress, (value, pointer) => {
  if (!value.endsWith("/")) refuse(pointer, "must end in /", "RESOURCE_INVALID");
  // Room for the name of a list, so that what is issued can also be published.
  if (value.length > 900) refuse(pointer, "longer than 900 characters", "RESOURCE_INVALID");
});

/** The position of an entry: decimal digits without leading zero, never a number. */
export const statusListIndex: Shape<string> = text({
  pattern: /^(?:0|[1-9][0-9]{0,8})$/,
  what: "a decimal index",
});

const statusEntry: Shape<StatusEntry> = object<StatusEntry>({
  type: literal("BitstringStatusListEntry"),
  statusPurpose: choice("revocation", "suspension"),
  statusListIndex,
  statusListCredential: statusListAddress,
});

/** The shape of a Writ credential of one type; its life is checked as well. */
export function credentialShape<Type extends string, Subject extends object>(
  type: Type,
  subject: Shape<Subject>,
): Shape<CredentialFrame<Type, Subject>> {
  const shape = object<CredentialFrame<Type, Subject>>(
    {
      "@context": writContext,
      id: uuidUrn,
      type: exactList(["VerifiableCredential", type]),
      issuer: did,
      validFrom: timestamp,
      validUntil: timestamp,
      credentialSubject: subject,
      credentialStatus: list(statusEntry, 4),
      proof: proofs,
    },
    ["credentialStatus", "proof"],
  );
  return refined(shape, (credential, pointer) => {
    assertLife(credential, MAX_LIFE_MS, pointer);
    if (credential.credentialStatus?.every(({ statusPurpose }) => statusPurpose !== "revocation") === true) {
      refuse(`${pointer}/credentialStatus`, "has no entry for revocation", "STATUS_MISSING");
    }
  });
}

/** Refuses a validity that is empty or longer than `maxLifeMs`. */
export function assertLife(
  { validFrom, validUntil }: { readonly validFrom: string; readonly validUntil: string },
  maxLifeMs: number,
  pointer: string,
): void {
  const life = parseTimestamp(validUntil) - parseTimestamp(validFrom);
  if (life <= 0) refuse(`${pointer}/validUntil`, "must be after validFrom", "VALIDITY_INVALID");
  if (life > maxLifeMs)
    refuse(`${pointer}/validUntil`, "the life is longer than this kind may have", "VALIDITY_INVALID");
}

/** Refuses a credential without status. */
export function assertStatus(
  credential: { readonly credentialStatus?: readonly StatusEntry[] },
  pointer: string,
): void {
  if (credential.credentialStatus === undefined) {
    refuse(`${pointer}/credentialStatus`, "missing", "STATUS_MISSING");
  }
}
