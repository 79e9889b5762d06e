import { createHash, createHmac, hkdfSync } from "node:crypto";

import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";

/**
 * A second reader of a wallet at rest, written after docs/wallet-format.md alone: it shares no code with the
 * wallet, so that the page says all that is needed, and says it right. Errors are plain: a test reads them.
 */

/** A wallet at rest, bytes in base64url. */
export interface WalletAtRest {
  readonly header: string;
  readonly generation: number;
  readonly counter: number;
  readonly root: string;
  /** By number. */
  readonly pages: Readonly<Record<string, string>>;
  readonly records: readonly RecordAtRest[];
}

export interface RecordAtRest {
  readonly id: string;
  readonly revision: number;
  readonly sealed: string;
  readonly tags: readonly string[];
}

/** What a record holds. */
export interface HeldRecord {
  readonly collection: string;
  readonly labels: readonly (readonly [name: string, text: string])[];
  readonly value: unknown;
  /** In base64url. */
  readonly secret: string;
}

const COLLECTIONS = ["key", "credential", "generic", "delegation", "renewal"];

/** Reads all of a wallet with a raw key, and holds each record against the manifest. */
export function readAtRest(wallet: WalletAtRest, key: Uint8Array): readonly HeldRecord[] {
  const { wrappedKey, checksum, ...bound } = JSON.parse(wallet.header) as Record<string, string>;
  const id = bound["id"] ?? "";
  check("header's checksum", base64url(sha256(canonical({ ...bound, wrappedKey }))), checksum);
  check("header's generation", bound["generation"], wallet.generation);
  const keyEncryptionKey = hkdf(key, "", "writ/v1/key-encryption");
  const rootKey = open(keyEncryptionKey, bytes(wrappedKey ?? ""), Buffer.from(canonical(bound)));
  const [records, tags, manifest] = ["records", "tags", "manifest"].map((purpose) =>
    hkdf(rootKey, id, `writ/v1/wallet-${purpose}`),
  ) as [Buffer, Buffer, Buffer];
  const bind = (magic: string, ...rest: readonly (string | Uint8Array)[]): Buffer =>
    lp(magic, Uint8Array.of(1), id, String(wallet.generation), ...rest);

  const root = open(manifest, bytes(wallet.root), bind("writ-wallet-root", String(wallet.counter)));
  check("root's hash of the header", root.subarray(0, 32), sha256(wallet.header));

  /** The tally of a tag: how many records, and the sum of their leaves. */
  function tallyOf(tag: Buffer): readonly [count: number, sum: bigint] {
    const bucket = tag.readUInt16BE(0) >> 2;
    const [node, place] = [bucket >> 7, bucket & 127];
    const nodePage = bytes(wallet.pages[String(node)] ?? "");
    check("hash of a node", root.subarray(32 + node * 16, 48 + node * 16), sha256(nodePage).subarray(0, 16));
    const page = bytes(wallet.pages[String(128 + bucket)] ?? "");
    check("hash of a bucket", nodePage.subarray(place * 16, place * 16 + 16), sha256(page).subarray(0, 16));
    const entries = open(manifest, page, bind("writ-wallet-bucket", String(bucket)));
    for (let at = 0; at < entries.length; at += 52) {
      if (!entries.subarray(at, at + 16).equals(tag)) continue;
      return [entries.readUInt32BE(at + 16), number(entries.subarray(at + 20, at + 52))];
    }
    return [0, 0n];
  }

  const found = new Map<string, readonly [count: number, sum: bigint]>();
  const held = wallet.records.map(({ id: recordId, revision, sealed, tags: given }): HeldRecord => {
    const ownTags = given.map(bytes);
    const collection = COLLECTIONS.find((each) =>
      ownTags.some((tag) => tag.equals(tagOf(each, "every", ""))),
    );
    const binding = [bytes(recordId), String(revision), ...ownTags];
    const content = open(records, bytes(sealed), bind("writ-wallet-record", collection ?? "", ...binding));
    check("size of a content", content.length % 1024, 0);
    const textEnd = 8 + content.readUInt32BE(0);
    const secretEnd = textEnd + content.readUInt32BE(4);
    const { labels, value } = JSON.parse(content.subarray(8, textEnd).toString()) as HeldRecord;
    const expected = [["every", ""] as const, ...labels].map(([name, text]) =>
      tagOf(collection ?? "", name, text),
    );
    check("tags of a record", given, [...new Set(expected.sort((a, b) => a.compare(b)).map(base64url))]);
    const leaf = hmac(manifest, lp(bytes(recordId), String(revision), sha256(bytes(sealed)), ...ownTags));
    for (const tag of given) {
      const [count, sum] = found.get(tag) ?? [0, 0n];
      found.set(tag, [count + 1, (sum + number(leaf)) % 2n ** 256n]);
    }
    return {
      collection: collection ?? "",
      labels,
      value,
      secret: base64url(content.subarray(textEnd, secretEnd)),
    };
  });
  for (const [tag, tally] of found) check("tally of a tag", tallyOf(bytes(tag)).join(), tally.join());
  return held;

  function tagOf(collection: string, name: string, text: string): Buffer {
    return hmac(tags, lp(collection, name, text)).subarray(0, 16);
  }
}

function open(key: Uint8Array, sealed: Buffer, associatedData: Uint8Array): Buffer {
  const box = xchacha20poly1305(key, sealed.subarray(0, 24), associatedData);
  return Buffer.from(box.decrypt(sealed.subarray(24)));
}

/** Each after its length in four bytes. */
function lp(...parts: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part) => {
      const content = Buffer.from(part as string);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(content.length);
      return [length, content];
    }),
  );
}

/** RFC 8785, for the texts and counts that a header has. */
function canonical(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join()}}`;
}

function hkdf(key: Uint8Array, salt: string, info: string): Buffer {
  return Buffer.from(hkdfSync("sha256", key, salt, info, 32));
}

const sha256 = (data: string | Uint8Array): Buffer => createHash("sha256").update(data).digest();
const hmac = (key: Uint8Array, data: Uint8Array): Buffer => createHmac("sha256", key).update(data).digest();
const number = (content: Buffer): bigint => BigInt(`0x${content.toString("hex")}`);
const bytes = (text: string): Buffer => Buffer.from(text, "base64url");
const base64url = (content: Uint8Array): string => Buffer.from(content).toString("base64url");

function check(what: string, found: unknown, expected: unknown): void {
  if (JSON.stringify(found) !== JSON.stringify(expected)) throw new Error(`the ${what} differs`);
}
