import { did, timestamp } from "../schema/common.js";
import {
  choice,
  exactList,
  integer,
  literal,
  object,
  refined,
  refuse,
  text,
  type Shape,
} from "../schema/shape.js";
import { statusListContext } from "./contexts.js";
import { assertLife, MAX_LIFE_MS, statusListAddress, type StatusEntry } from "./credential-frame.js";
import { proofs, type Proof } from "./proof.js";

/** What a status list says (Bitstring Status List 1.0, section 2.2). */
export interface StatusListSubject {
  /** The list's address with the fragment `list`. */
  readonly id: string;
  readonly type: "BitstringStatusList";
  readonly statusPurpose: StatusEntry["statusPurpose"];
  /** Multibase base64url of the gzipped bitstring. */
  readonly encodedList: string;
  /** How long after `validFrom` the list may be relied on, in milliseconds. */
  readonly ttl?: number;
}

/** A signed status list; its id is the address where it is published. */
export interface StatusListCredential {
  readonly "@context": readonly string[];
  readonly id: string;
  readonly type: readonly ["VerifiableCredential", "BitstringStatusListCredential"];
  readonly issuer: string;
  readonly validFrom: string;
  readonly validUntil: string;
  readonly credentialSubject: StatusListSubject;
  readonly proof?: Proof | readonly Proof[];
}

/** The `encodedList` of a status list. */
export const encodedList: Shape<string> = text({
  pattern: /^u[A-Za-z0-9_-]+$/,
  maxLength: 1024 * 1024,
  what: "multibase base64url",
});

/** The shape of a {@link StatusListCredential}. */
export const statusListCredential: Shape<StatusListCredential> = refined(
  object<StatusListCredential>(
    {
      "@context": statusListContext,
      id: statusListAddress,
      type: exactList(["VerifiableCredential", "BitstringStatusListCredential"]),
      issuer: did,
      validFrom: timestamp,
      validUntil: timestamp,
      credentialSubject: object<StatusListSubject>(
        {
          id: text({ maxLength: 2100 }),
          type: literal("BitstringStatusList"),
          statusPurpose: choice("revocation", "suspension"),
          encodedList,
          ttl: integer(1),
        },
        ["ttl"],
      ),
      proof: proofs,
    },
    ["proof"],
  ),
  (credential, pointer) => {
    assertLife(credential, MAX_LIFE_MS, pointer);
    if (credential.credentialSubject.id !== `${credential.id}#list`) {
      refuse(`${pointer}/credentialSubject/id`, "must be the list's id with #list");
    }
  },
);
