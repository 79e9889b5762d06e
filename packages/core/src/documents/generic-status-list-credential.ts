import { asJson } from "../json/json-value.js";
import { did, timestamp } from "../schema/common.js";
import { openObject } from "../schema/open-object.js";
import { integer, list, literal, oneOrMany, refined, refuse, text, type Shape } from "../schema/shape.js";
import { CREDENTIALS_V2 } from "../jsonld/context-addresses.js";
import { statusListAddress } from "./credential-frame.js";
import { genericProofs, type GenericProof } from "./proof.js";
import { encodedList } from "./status-list-credential.js";

/** What a status list of somebody else's says (Bitstring Status List 1.0, section 2.2). */
export interface GenericStatusListSubject {
  readonly id?: string;
  readonly type: "BitstringStatusList";
  readonly statusPurpose: string | readonly string[];
  /** Multibase base64url of the gzipped bitstring. */
  readonly encodedList: string;
  /** How long after `validFrom` the list may be relied on, in milliseconds. */
  readonly ttl?: number;
}

/** A signed status list, of somebody else's or of Writ's own; its id is its address. */
export interface GenericStatusListCredential {
  readonly "@context": readonly string[];
  readonly id: string;
  readonly type: readonly string[];
  readonly issuer: string | { readonly id: string };
  readonly validFrom: string;
  readonly validUntil?: string;
  readonly credentialSubject: GenericStatusListSubject;
  readonly proof?: GenericProof | readonly GenericProof[];
}

/** Which of the contexts may follow is for the profile to say. */
const contexts: Shape<readonly string[]> = refined(list(text({ maxLength: 2048 }), 16), (value, pointer) => {
  if (value[0] !== CREDENTIALS_V2)
    refuse(pointer, `must begin with ${CREDENTIALS_V2}`, "CONTEXT_NOT_ALLOWED");
});

const types: Shape<readonly string[]> = refined(list(text(), 16), (value, pointer) => {
  for (const type of ["VerifiableCredential", "BitstringStatusListCredential"]) {
    if (!value.includes(type)) refuse(pointer, `must include ${type}`, "TYPE_UNSUPPORTED");
  }
});

const issuerObject: Shape<{ readonly id: string }> = openObject<{ readonly id: string }>({ id: did });

const issuer: Shape<GenericStatusListCredential["issuer"]> = {
  check(value, pointer) {
    (typeof value === "string" ? did : issuerObject).check(value, pointer);
  },
  jsonSchema: { anyOf: [did.jsonSchema, issuerObject.jsonSchema] },
};

/**
 * The shape of a {@link GenericStatusListCredential}. Open where VC Data Model 2.0 is open, strict in
 * what is read; `validFrom` is required, since the age of a list is counted from it.
 */
export const genericStatusListCredential: Shape<GenericStatusListCredential> = refined(
  openObject<GenericStatusListCredential>(
    {
      "@context": contexts,
      id: statusListAddress,
      type: types,
      issuer,
      validFrom: timestamp,
      validUntil: timestamp,
      credentialSubject: openObject<GenericStatusListSubject>(
        {
          id: text({ maxLength: 2100 }),
          type: literal("BitstringStatusList"),
          statusPurpose: oneOrMany(text(), 16),
          encodedList,
          ttl: integer(1),
        },
        ["id", "ttl"],
      ),
      proof: genericProofs,
    },
    ["validUntil", "proof"],
  ),
  (credential, pointer) => {
    // Its own status would have to be asked first, and that list's before it.
    if (asJson(credential)["credentialStatus"] !== undefined) {
      refuse(`${pointer}/credentialStatus`, "a status list has no status of its own");
    }
  },
);
