import { concatBytes, type Signer } from "@writ/core";

import { altered, parsed, type Documents } from "./documents.js";
import { BASE_PLUS_TORSION, forging, plusOrder, signatureWith, SMALL_ORDER } from "./forgeries.js";
import { refused, type Given, type Vector } from "./vector.js";

/** The seed of the bot. */
const BOT = 2;

/** Section D of HOSTILE.md: signatures, and how bytes are written. */
export async function encodings(documents: Documents): Promise<readonly Vector[]> {
  const { identity, generic, presentation } = documents;
  const signedBy = (signer: Signer): Promise<Given> => presentation({ holder: signer });
  const signature = async (change: (bytes: Uint8Array) => Uint8Array): Promise<Given> =>
    signedBy(forging(BOT, (_, good) => change(good)));
  const proofValue = async (change: (text: string) => string): Promise<Given> => {
    const { proof } = parsed(await identity());
    const { proofValue: good } = proof as { readonly proofValue: string };
    return altered(identity(), { "/proof/proofValue": change(good) });
  };
  const digest = async (change: (text: string) => string): Promise<Given> => {
    const [, authority] = parsed(await presentation())["verifiableCredential"] as readonly {
      readonly credentialSubject: { readonly parent: { readonly digestMultibase: string } };
    }[];
    const { digestMultibase = "" } = authority?.credentialSubject.parent ?? {};
    return presentation({
      authority: { "/credentialSubject/parent/digestMultibase": change(digestMultibase) },
    });
  };
  const DIGEST = "/verifiableCredential/1/credentialSubject/parent/digestMultibase";

  return Promise.all([
    refused("068-malleable", "S + L instead of S", signature(plusOrder), "SIGNATURE_MALLEABLE /proof"),
    refused(
      "069-63-bytes",
      "a signature of 63 bytes",
      signature((good) => good.subarray(0, 63)),
      "SIGNATURE_INVALID /proof",
    ),
    refused(
      "069-65-bytes",
      "a byte after a good signature",
      signature((good) => concatBytes(good, Uint8Array.of(0))),
      "SIGNATURE_INVALID /proof",
    ),
    refused(
      "070-identity",
      "R is the identity, and the equation holds",
      signedBy(forging(BOT, signatureWith(BOT, 0n, SMALL_ORDER[0] ?? ""))),
      "SIGNATURE_INVALID /proof",
    ),
    refused(
      "070-small-order",
      "R is of order 8, and the equation holds with the cofactor",
      signedBy(forging(BOT, signatureWith(BOT, 0n, SMALL_ORDER[6] ?? ""))),
      "SIGNATURE_INVALID /proof",
    ),
    refused(
      "230-mixed-r",
      "R = B + T with T of order 8, and the equation holds with the cofactor",
      signedBy(forging(BOT, signatureWith(BOT, 1n, BASE_PLUS_TORSION))),
      "SIGNATURE_INVALID /proof",
    ),
    ...["+", "/", "=", " ", "\n"].map((letter) =>
      refused(
        `080-letter-${letter.charCodeAt(0).toString(16).padStart(2, "0")}`,
        "a digest with a character that base64url does not have",
        digest((good) => good.slice(0, -1) + letter),
        letter === "\n" ? `CHAR_FORBIDDEN ${DIGEST}` : `SCHEMA_INVALID ${DIGEST}`,
      ),
    ),
    refused(
      "081-tail-bits",
      "a digest with bits in its tail that are no part of it",
      digest((good) => good.slice(0, -1) + nextLetter(good.at(-1) ?? "")),
      `ENCODING_INVALID ${DIGEST}`,
    ),
    refused(
      "082-hex",
      "a number in hexadecimal that is none",
      generic({
        "/credentialStatus": {
          type: "BitstringStatusListEntry",
          statusPurpose: "message",
          statusListIndex: "1",
          statusListCredential: "https://issuer.example/status/1",
          statusMessage: [
            { status: "0x0", message: "fine" },
            { status: "0xg", message: "not fine" },
          ],
        },
      }),
      "SCHEMA_INVALID /credentialStatus/statusMessage/1/status",
    ),
    refused(
      "083-long-signature",
      "100,000 characters of base58",
      proofValue((good) => good.padEnd(100_000, "1")),
      "SCHEMA_INVALID /proof/proofValue",
    ),
    refused(
      "083-empty",
      "a signature of no bytes",
      proofValue(() => "z"),
      "SIGNATURE_INVALID /proof",
    ),
    refused(
      "083-multibase",
      "a signature in another multibase",
      proofValue((good) => good.replace("z", "u")),
      "ENCODING_INVALID /proof/proofValue",
    ),
  ]);
}

/** The same data bits, and other bits after them. */
function nextLetter(letter: string): string {
  return String.fromCharCode(letter.charCodeAt(0) + 1);
}
