import {
  choice,
  did,
  digest,
  digestMultibase,
  integer,
  isAuthority,
  isJsonObject,
  list,
  literal,
  object,
  parseShape,
  refuse,
  sameJson,
  uuidUrn,
  type JsonObject,
  type Shape,
  type WritCredential,
} from "@writ/core";

import { credentialRecord, genericRecord, type HeldGeneric } from "../credential-record.js";
import { delegationRecord } from "../delegation-record.js";
import { KEY_PURPOSES, keyOf, keyRecord, type KeyPurpose } from "../keys/key-record.js";
import { parseReceivedCredential } from "../received.js";
import { renewalRecord, type RenewalState } from "../renewal/renewal-record.js";
import type { Collection, RecordContent } from "../vault/record.js";

/** How a key's record says what it is. */
interface KeyValue {
  readonly did: string;
  readonly name?: string;
  readonly purposes: readonly KeyPurpose[];
  /** Milliseconds since 1970. */
  readonly created: number;
}

/** Its owner's own words: anything that a key may be called. */
const keyName: Shape<string> = {
  check(value, pointer) {
    if (typeof value !== "string" || value === "") refuse(pointer, "must be a text");
  },
  jsonSchema: { type: "string", minLength: 1 },
};

/** Milliseconds since 1970. */
const time = integer(0);

const keyValue: Shape<KeyValue> = object<KeyValue>(
  { did, name: keyName, purposes: list(choice(...KEY_PURPOSES)), created: time },
  ["name"],
);

const renewalValue: Shape<RenewalState> = object<RenewalState>(
  {
    digest,
    failures: integer(0),
    notBefore: time,
    renewedId: uuidUrn,
    isEndTold: literal(true),
  },
  ["renewedId", "isEndTold"],
);

/** How the record of each kind is made again from what it holds. */
const MAKERS: Readonly<Record<Collection, (given: RecordContent) => RecordContent>> = {
  key({ value, labels, secret }) {
    if (secret?.length !== 32) return refuse("/secret", "a key has 32 bytes");
    parseShape(keyValue, value, "/value");
    return keyRecord(secret, keyOf({ value, labels }));
  },
  credential: ({ value }) => credentialRecord(writCredentialIn(value)),
  generic({ value }) {
    const document = documentIn(value);
    return "json" in document ? genericRecord(document) : refuse("/value/document", "is not of others");
  },
  delegation({ value }) {
    const credential = writCredentialIn(value);
    if (!isAuthority(credential)) return refuse("/value/document", "is not an authority credential");
    const { revokedAt } = value;
    if (revokedAt === undefined) return delegationRecord({ credential });
    time.check(revokedAt, "/value/revokedAt");
    return delegationRecord({ credential, revokedAt: revokedAt as number });
  },
  renewal: ({ value }) => renewalRecord(parseShape(renewalValue, value, "/value")),
};

/** A record that a wallet may hold. */
export interface CheckedRecord {
  readonly content: RecordContent;
  /** The same for the same record. */
  readonly mark: string;
  /** The DID, if this is the wallet's primary key. */
  readonly primary: string | undefined;
}

/**
 * A record as the wallet itself would make it from what it holds: its document keeps its profile and
 * shape, its key is that of its seed, and its labels are made anew. Signatures and times are not checked
 * again.
 *
 * @throws WritError of the profile and the shape, with a pointer into the record.
 */
export function checkRecord(given: RecordContent): CheckedRecord {
  const { collection, value, secret } = given;
  if (collection !== "key" && secret !== undefined) refuse("/secret", "only a key has a secret");
  const content = MAKERS[collection](given);
  if (!sameJson(content.value, value)) refuse("/value", "does not say what it holds");
  if (collection !== "key") {
    return { content, mark: `${collection} ${digestOf(content)}`, primary: undefined };
  }
  const key = keyOf(content);
  return { content, mark: key.did, primary: key.isPrimary ? key.did : undefined };
}

function digestOf({ labels, value }: RecordContent): string {
  const [, labelled] = labels.find(([name]) => name === "digest") ?? [];
  return labelled ?? digestMultibase(value["document"] as JsonObject);
}

function documentIn(value: JsonObject): WritCredential | HeldGeneric {
  const { document } = value;
  if (!isJsonObject(document ?? null)) return refuse("/value/document", "must be a document");
  return parseReceivedCredential(document as JsonObject, "/value/document");
}

function writCredentialIn(value: JsonObject): WritCredential {
  const document = documentIn(value);
  return "json" in document ? refuse("/value/document", "is not a credential of Writ") : document;
}
