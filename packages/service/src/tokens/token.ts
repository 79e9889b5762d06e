import { encodeBase64url, sha256, WritError, type RandomSource } from "@writ/core";

const PREFIX = "writ_";
const TOKEN_BYTES = 32;
const TOKEN = /^writ_[A-Za-z0-9_-]{43}$/;

/** A new bearer token: `writ_` and 256 random bits in base64url. */
export function drawToken(random: RandomSource): string {
  const bytes = random(TOKEN_BYTES);
  if (bytes.length !== TOKEN_BYTES) throw new WritError("ARGUMENT_INVALID", "randomness of another length");
  return PREFIX + encodeBase64url(bytes);
}

/**
 * What is stored of a token, so that whoever reads the store cannot use what is in it; `undefined` where
 * the text is none of {@link drawToken}, however long it is.
 */
export function tokenDigest(token: string): string | undefined {
  return TOKEN.test(token) ? encodeBase64url(sha256(token)) : undefined;
}
