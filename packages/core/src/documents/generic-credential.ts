import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../json/json-value.js";
import { joinPointer } from "../json/pointer.js";
import { CREDENTIALS_V1 } from "../jsonld/context-addresses.js";
import { timestamp } from "../schema/common.js";
import { openObject } from "../schema/open-object.js";
import { oneOrMany, refined, refuse, type Shape } from "../schema/shape.js";
import { absoluteIri } from "./absolute-iri.js";
import { isEnvelopedType } from "./generic-profile.js";
import { genericProofs, type GenericProof } from "./proof.js";
import { relatedResource, type RelatedResource } from "./related-resource.js";
import { parseTimestamp } from "./timestamp.js";

/** Something that a document names by its URL, with or without more about it. */
export type Reference = string | { readonly id: string };

/** Something of a declared type, as credentials have for status, schema, terms of use, evidence. */
export interface Typed {
  readonly id?: string;
  readonly type: string | readonly string[];
}

/** A schema that a credential names; it is not fetched. */
export interface NamedSchema extends Typed {
  readonly id: string;
}

/** A credential of somebody else's vocabulary (VC Data Model 2.0 and 1.1): what is known of every one. */
export interface GenericCredential {
  readonly "@context": readonly JsonValue[];
  readonly id?: string;
  readonly type: string | readonly string[];
  readonly issuer: Reference;
  readonly credentialSubject: JsonObject | readonly JsonObject[];
  /** 2.0, and reserved in 1.1: heeded wherever it stands. */
  readonly validFrom?: string;
  readonly validUntil?: string;
  /** 1.1. */
  readonly issuanceDate?: string;
  readonly expirationDate?: string;
  readonly name?: JsonValue;
  readonly description?: JsonValue;
  readonly credentialStatus?: Typed | readonly Typed[];
  readonly credentialSchema?: NamedSchema | readonly NamedSchema[];
  readonly refreshService?: Typed | readonly Typed[];
  readonly termsOfUse?: Typed | readonly Typed[];
  readonly evidence?: Typed | readonly Typed[];
  readonly confidenceMethod?: Typed | readonly Typed[];
  readonly renderMethod?: Typed | readonly Typed[];
  readonly relatedResource?: RelatedResource | readonly RelatedResource[];
  readonly proof?: GenericProof | readonly GenericProof[];
}

/** A presentation of such credentials. */
export interface GenericPresentation {
  readonly "@context": readonly JsonValue[];
  readonly id?: string;
  readonly type: string | readonly string[];
  readonly holder?: Reference;
  readonly verifiableCredential?: JsonObject | readonly JsonObject[];
  readonly termsOfUse?: Typed | readonly Typed[];
  readonly proof?: GenericProof | readonly GenericProof[];
}

const MAX_VALUES = 64;

/** A list of what the profile has looked at already. */
const contexts: Shape<readonly JsonValue[]> = {
  check(value, pointer) {
    if (!isJsonArray(value)) refuse(pointer, "must be a list", "CONTEXT_NOT_ALLOWED");
  },
  jsonSchema: { type: "array" },
};

const typeName: Shape<string> = {
  check(value, pointer) {
    if (typeof value !== "string" || value === "") refuse(pointer, "must be the name of a type");
  },
  jsonSchema: { type: "string", minLength: 1 },
};

const types = oneOrMany(typeName, MAX_VALUES);

const DOCUMENT_TYPES = ["VerifiableCredential", "VerifiablePresentation"] as const;

/** Types with the one that makes a document what it is. */
function typesWith(required: (typeof DOCUMENT_TYPES)[number]): Shape<string | readonly string[]> {
  return refined(types, (value, pointer) => {
    const all = [value].flat();
    if (all.some(isEnvelopedType)) {
      refuse(pointer, "enveloped documents are not verified", "ENVELOPE_UNSUPPORTED");
    }
    // What is both would be verified as whichever it was taken for.
    if (DOCUMENT_TYPES.filter((type) => all.includes(type)).join() !== required) {
      refuse(pointer, `must hold ${required}, and no other kind of document`, "TYPE_UNSUPPORTED");
    }
  });
}

const typed = openObject<Typed>({ id: absoluteIri, type: types }, ["id"]);
const typedValues = oneOrMany(typed, MAX_VALUES);
const namedSchema = openObject<NamedSchema>({ id: absoluteIri, type: types });

const objectReference = openObject<{ readonly id: string }>({ id: absoluteIri });

/** By its URL alone, or as an object that names it. */
const reference: Shape<Reference> = {
  check(value, pointer) {
    (isJsonObject(value) ? objectReference : absoluteIri).check(value, pointer);
  },
  jsonSchema: { anyOf: [absoluteIri.jsonSchema, objectReference.jsonSchema] },
};

/** What an issuer may say of itself. */
const ISSUER_MEMBERS: ReadonlySet<string> = new Set(["id", "type", "name", "description", "image", "url"]);

const issuer: Shape<Reference> = refined(reference, (value, pointer) => {
  const foreign = Object.keys(value).find((name) => typeof value !== "string" && !ISSUER_MEMBERS.has(name));
  if (foreign !== undefined) refuse(joinPointer(pointer, foreign), "an issuer has an id, and names");
});

/** A text, or texts in languages (VC Data Model 2.0, section 11.1); the profile knows the value objects. */
const texts: Shape<JsonValue> = {
  check(value, pointer) {
    for (const each of isJsonArray(value) ? value : [value]) {
      const isText = typeof each === "string" || (isJsonObject(each) && "@value" in each);
      if (!isText) refuse(pointer, "must be a text, or texts in languages");
    }
  },
  jsonSchema: {},
};

const subject: Shape<JsonObject> = {
  check(value, pointer) {
    if (!isJsonObject(value) || "@value" in value) return refuse(pointer, "must be an object");
    if (Object.keys(value).length === 0) refuse(pointer, "makes no claim");
    const { id } = value;
    if (id !== undefined) absoluteIri.check(id, `${pointer}/id`);
  },
  jsonSchema: { type: "object", minProperties: 1 },
};

/** The shape of a {@link GenericCredential}; the generic profile is the other half. */
export const genericCredential: Shape<GenericCredential> = refined(
  openObject<GenericCredential>(
    {
      "@context": contexts,
      id: absoluteIri,
      type: typesWith("VerifiableCredential"),
      issuer,
      credentialSubject: oneOrMany(subject, MAX_VALUES),
      validFrom: timestamp,
      validUntil: timestamp,
      issuanceDate: timestamp,
      expirationDate: timestamp,
      name: texts,
      description: texts,
      credentialStatus: typedValues,
      credentialSchema: oneOrMany(namedSchema, MAX_VALUES),
      refreshService: typedValues,
      termsOfUse: typedValues,
      evidence: typedValues,
      confidenceMethod: typedValues,
      renderMethod: typedValues,
      relatedResource: oneOrMany(relatedResource, MAX_VALUES),
      proof: genericProofs,
    },
    [
      "id",
      "validFrom",
      "validUntil",
      "issuanceDate",
      "expirationDate",
      "name",
      "description",
      "credentialStatus",
      "credentialSchema",
      "refreshService",
      "termsOfUse",
      "evidence",
      "confidenceMethod",
      "renderMethod",
      "relatedResource",
      "proof",
    ],
  ),
  (credential, pointer) => {
    if (credential["@context"][0] === CREDENTIALS_V1) {
      if (credential.issuanceDate === undefined) refuse(`${pointer}/issuanceDate`, "missing");
    }
    assertOrdered(credential, "validFrom", "validUntil", pointer);
    assertOrdered(credential, "issuanceDate", "expirationDate", pointer);
    const resources = [credential.relatedResource ?? []].flat().map(({ id }) => id);
    if (new Set(resources).size < resources.length) {
      refuse(`${pointer}/relatedResource`, "names one resource twice", "DUPLICATE_ITEM");
    }
  },
);

function assertOrdered(
  credential: GenericCredential,
  from: "validFrom" | "issuanceDate",
  until: "validUntil" | "expirationDate",
  pointer: string,
): void {
  const { [from]: begins, [until]: ends } = credential;
  if (begins === undefined || ends === undefined) return;
  if (parseTimestamp(ends) < parseTimestamp(begins)) {
    refuse(`${pointer}/${until}`, `must not be before ${from}`, "VALIDITY_INVALID");
  }
}

/** A credential in a presentation: an object with a proof of its own, never a token. */
const embedded: Shape<JsonObject> = {
  check(value, pointer) {
    if (!isJsonObject(value)) return refuse(pointer, "must be a credential", "ENVELOPE_UNSUPPORTED");
    typesWith("VerifiableCredential").check(value["type"] ?? "", `${pointer}/type`);
  },
  jsonSchema: { type: "object" },
};

/** The shape of a {@link GenericPresentation}. Its credentials are verified each by itself. */
export const genericPresentation: Shape<GenericPresentation> = openObject<GenericPresentation>(
  {
    "@context": contexts,
    id: absoluteIri,
    type: typesWith("VerifiablePresentation"),
    holder: reference,
    verifiableCredential: oneOrMany(embedded, MAX_VALUES),
    termsOfUse: typedValues,
    proof: genericProofs,
  },
  ["id", "holder", "verifiableCredential", "termsOfUse", "proof"],
);

/** The URL behind a reference. */
export function idOf(value: Reference): string {
  return typeof value === "string" ? value : value.id;
}
