import { isDid, parseDidKey, toHex, type Signer } from "@writ/core";

import type { Documents } from "./documents.js";
import { BASE_PLUS_TORSION, multikeyOf, namedSigner, NON_CANONICAL, SMALL_ORDER } from "./forgeries.js";
import { refused, under, type Given, type Vector } from "./vector.js";

const ED25519 = [0xed, 0x01];

/** Section D of HOSTILE.md: keys, and the DIDs that hold them. */
export async function keys({ identity, generic, root, story }: Documents): Promise<readonly Vector[]> {
  const { organisation } = story;
  const identifier = organisation.did.slice("did:key:z".length);
  const key = toHex(parseDidKey(organisation.did).bytes);
  /** A credential in the name of a DID, and trusted if its key were a key. */
  const by = (signer: Signer): Promise<Given> =>
    isDid(signer.did) ? under({ trust: [signer.did] }, identity({}, signer)) : identity({}, signer);
  const named = (multibase: string): Promise<Given> => by(namedSigner(`did:key:${multibase}`));
  const keyed = (hex: string): Promise<Given> => named(`z${multikeyOf(ED25519, hex)}`);
  const method = (text: string): Promise<Given> =>
    generic({ "/issuer": organisation.did }, namedSigner(organisation.did, text));

  return Promise.all([
    ...SMALL_ORDER.map((hex, index) =>
      refused(
        `065-small-order-${String(index + 1).padStart(2, "0")}`,
        `an issuer whose key is of small order: ${hex}`,
        keyed(hex),
        "KEY_INVALID /proof",
      ),
    ),
    ...NON_CANONICAL.map((hex, index) =>
      refused(
        `066-not-canonical-${String(index + 1)}`,
        `an issuer whose key is not in its canonical encoding: ${hex}`,
        keyed(hex),
        "KEY_INVALID /proof",
      ),
    ),
    refused(
      "066-no-point",
      "an issuer whose key is no point",
      keyed("02".padEnd(64, "0")),
      "KEY_INVALID /proof",
    ),
    refused(
      "067-mixed-order",
      "an issuer whose key is of mixed order",
      keyed(BASE_PLUS_TORSION),
      "KEY_INVALID /proof",
    ),
    refused(
      "071-x25519",
      "a key for key agreement",
      named(`z${multikeyOf([0xec, 0x01], key)}`),
      "KEY_TYPE /proof",
    ),
    refused(
      "072-private-key",
      "the codec of a private key",
      named(`z${multikeyOf([0x80, 0x26], key)}`),
      "KEY_TYPE /proof",
    ),
    refused(
      "073-long-varint",
      "the codec in three bytes instead of two",
      named(`z${multikeyOf([0xed, 0x81, 0x00], key)}`),
      "KEY_TYPE /proof",
    ),
    refused("074-leading-1", "a zero byte before the codec", named(`z1${identifier}`), "KEY_TYPE /proof"),
    refused("074-space", "a space after the key", named(`z${identifier} `), "DID_SYNTAX /issuer"),
    ...Array.from("0OIl", (letter) =>
      refused(
        `074-letter-${letter.charCodeAt(0).toString(16)}`,
        `${letter}, which base58 does not have`,
        named(`z${identifier.slice(0, -1)}${letter}`),
        "ENCODING_INVALID /proof",
      ),
    ),
    ...["u", "m", "f"].map((base) =>
      refused(
        `075-multibase-${base}`,
        `a did:key in another multibase: ${base}`,
        named(
          base +
            (base === "f"
              ? `ed01${key}`
              : Buffer.from(`ed01${key}`, "hex").toString(base === "u" ? "base64url" : "hex")),
        ),
        "DID_SYNTAX /proof",
      ),
    ),
    refused(
      "076-other-fragment",
      "the fragment of another did:key",
      method(`${organisation.did}#${story.lead.did.slice(8)}`),
      "METHOD_NOT_AUTHORIZED /proof",
    ),
    ...(
      [
        ["no-fragment", "no fragment", organisation.did],
        ["two-fragments", "two fragments", `${organisation.did}#a#b`],
        ["query", "a query", `${organisation.did}?service=a#z${identifier}`],
        ["parameter", "a parameter", `${organisation.did};a=b#z${identifier}`],
        ["path", "a path", `${organisation.did}/a#z${identifier}`],
      ] as const
    ).map(([name, what, text]) =>
      refused(`077-${name}`, `a verification method with ${what}`, method(text), "DID_SYNTAX /proof"),
    ),
    refused(
      "077-own-no-fragment",
      "a verification method without fragment in a document of Writ's own",
      identity({}, namedSigner(organisation.did, organisation.did)),
      "ISSUER_MISMATCH /proof/verificationMethod",
    ),
    refused(
      "078-upper-case",
      "DID:KEY:",
      by(namedSigner(organisation.did.replace("did:key:", "DID:KEY:"))),
      "DID_SYNTAX /issuer",
    ),
    refused(
      "078-changed-case",
      "an identifier in lower case",
      named(`z${identifier.toLowerCase().replaceAll("l", "m")}`),
      "KEY_TYPE /proof",
    ),
    refused(
      "079-cyrillic",
      "a Cyrillic letter",
      by(namedSigner(organisation.did.replace("key", "k\u0435y"))),
      "DID_SYNTAX /issuer",
    ),
    refused(
      "083-long-did",
      "a did:key of 1,000 characters",
      by(namedSigner(organisation.did.padEnd(1000, "1"))),
      "DID_SYNTAX /proof",
    ),
    refused(
      "066-root",
      "a root of authority whose issuer's key is no key",
      under(
        { trust: [`did:key:z${multikeyOf(ED25519, NON_CANONICAL[0] ?? "")}`] },
        root({}, namedSigner(`did:key:z${multikeyOf(ED25519, NON_CANONICAL[0] ?? "")}`)),
      ),
      "KEY_INVALID /proof",
    ),
  ]);
}
