import {
  asJson,
  asWritCredential,
  digestMultibase,
  idOf,
  isJsonArray,
  isJsonObject,
  type GenericCredential,
  type JsonObject,
  type WritCredential,
} from "@writ/core";

import type { Label, RecordContent, VaultRecord } from "./vault/record.js";

/** A credential of others' vocabulary, as it was verified when it was taken in. */
export interface HeldGeneric {
  readonly credential: GenericCredential;
  /** The document as it was signed. */
  readonly json: JsonObject;
  /** Of it without its proof, as multibase. */
  readonly digest: string;
}

/** How a credential is kept: under its digest, id, type, issuer and subject. */
export function credentialRecord(credential: WritCredential): RecordContent {
  const { id, type, issuer, credentialSubject } = credential;
  const labels: readonly Label[] = [
    ["digest", digestMultibase(credential)],
    ["id", id],
    ["type", type[1]],
    ["issuer", issuer],
    ["subject", credentialSubject.id],
  ];
  return { collection: "credential", value: { document: asJson(credential) }, labels };
}

/** The credential in a record. */
export function credentialOf({ value }: VaultRecord): WritCredential {
  return asWritCredential(value["document"] ?? null);
}

/** The digest under which a credential is kept, as multibase. */
export function digestIn({ labels }: Pick<RecordContent, "labels">): string {
  return labels.find(([name]) => name === "digest")?.[1] ?? "";
}

/** The same for a credential of others, under each of its types and subjects. */
export function genericRecord({ credential, json, digest }: HeldGeneric): RecordContent {
  const { id, type, issuer } = credential;
  const types = [type].flat().filter((each) => each !== "VerifiableCredential");
  const labels: readonly Label[] = [
    ["digest", digest],
    ...(id === undefined ? [] : [["id", id] as const]),
    ...types.map((each): Label => ["type", each]),
    ["issuer", idOf(issuer)],
    ...subjectsOf(credential).map((each): Label => ["subject", each]),
  ];
  return { collection: "generic", value: { document: json }, labels };
}

/** The credential of others in a record. It was parsed when it was taken in, and is as it was then. */
export function genericOf({ value }: VaultRecord): HeldGeneric {
  const json = value["document"] as JsonObject;
  return { json, credential: json as unknown as GenericCredential, digest: digestMultibase(json) };
}

/** The ids of whom a credential speaks of. */
export function subjectsOf({ credentialSubject }: GenericCredential): readonly string[] {
  const subjects = isJsonArray(credentialSubject) ? credentialSubject : [credentialSubject];
  return subjects.flatMap((subject) => {
    const id = isJsonObject(subject) ? subject["id"] : undefined;
    return typeof id === "string" ? [id] : [];
  });
}
