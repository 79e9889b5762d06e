import { openObject } from "../schema/open-object.js";
import { integer, list, oneOrMany, refined, refuse, text, type Shape } from "../schema/shape.js";
import { MAX_STATUS_SIZE } from "../status/status-list.js";
import { absoluteIri } from "./absolute-iri.js";
import { statusListAddress } from "./credential-frame.js";

/** What one value of an entry means. */
export interface StatusMessage {
  /** The value in hexadecimal: `0x2`. */
  readonly status: string;
  /** For software developers; not to be shown to end users. */
  readonly message: string;
}

/** A status entry in a credential of somebody else's (Bitstring Status List 1.0, section 2.1). */
export interface GenericStatusEntry {
  readonly type: "BitstringStatusListEntry";
  readonly id?: string;
  /** `revocation`, `suspension`, `refresh`, `message`, or a purpose of the issuer's own. */
  readonly statusPurpose: string;
  /** Decimal digits, without leading zero. */
  readonly statusListIndex: string;
  /** The https address that the list bears as its id. */
  readonly statusListCredential: string;
  /** Bits of the entry, 1 to 8; 1 unless given. */
  readonly statusSize?: number;
  /** One message for each value; required where an entry has more than one bit. */
  readonly statusMessage?: readonly StatusMessage[];
  readonly statusReference?: string | readonly string[];
}

/** The `credentialStatus` of a credential of somebody else's: one entry, or a list of them. */
export type GenericStatus = GenericStatusEntry | readonly GenericStatusEntry[];

/** A credential of somebody else's has at most this many status entries. */
const MAX_ENTRIES = 16;

/** Any other type has other rules, which nobody here knows. */
const entryType: Shape<GenericStatusEntry["type"]> = {
  check(value, pointer) {
    if (value !== "BitstringStatusListEntry") {
      refuse(pointer, "must be BitstringStatusListEntry", "STATUS_UNSUPPORTED");
    }
  },
  jsonSchema: { const: "BitstringStatusListEntry" },
};

const message: Shape<StatusMessage> = openObject<StatusMessage>({
  status: text({ pattern: /^0x[0-9A-Fa-f]{1,2}$/, what: "a value in hexadecimal, after 0x" }),
  message: text({ maxLength: 1024 }),
});

/** Of any size (section 2.1): whether the list has such an entry is for whoever reads the list. */
const statusListIndex: Shape<string> = text({
  pattern: /^(?:0|[1-9][0-9]*)$/,
  what: "a decimal index",
});

const members: Shape<GenericStatusEntry> = openObject<GenericStatusEntry>(
  {
    type: entryType,
    id: absoluteIri,
    statusPurpose: text(),
    statusListIndex,
    statusListCredential: statusListAddress,
    statusSize: integer(1, MAX_STATUS_SIZE),
    statusMessage: list(message, 2 ** MAX_STATUS_SIZE),
    statusReference: oneOrMany(absoluteIri, MAX_ENTRIES),
  },
  ["id", "statusSize", "statusMessage", "statusReference"],
);

const entry: Shape<GenericStatusEntry> = refined(members, (value, pointer) => {
  if (value.id === value.statusListCredential) {
    refuse(`${pointer}/id`, "must not be the address of the list");
  }
  assertMessages(value, pointer);
});

/** Every value has one message. */
function assertMessages({ statusSize = 1, statusMessage }: GenericStatusEntry, pointer: string): void {
  const place = `${pointer}/statusMessage`;
  if (statusMessage === undefined) {
    if (statusSize > 1) refuse(place, "missing, where an entry has more than one bit");
    return;
  }
  const values = new Set(statusMessage.map(({ status }) => Number(status)));
  const count = 2 ** statusSize;
  if (statusMessage.length !== count || values.size !== count || Math.max(...values) >= count) {
    refuse(place, `must have one message for each of ${String(count)} values`);
  }
}

/** The shape of the `credentialStatus` of a credential of somebody else's. Open in what is not read. */
export const genericStatus: Shape<GenericStatus> = oneOrMany(entry, MAX_ENTRIES);
