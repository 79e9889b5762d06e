import { parseTimestamp, sha256 } from "@writ/core";

/** By so much of its life a credential may be due earlier than others of the same life. */
const SPREAD = 0.1;
const FIRST_RETRY_MS = 30_000;
const LEAST_RETRY_MS = 10_000;

/** Nothing is put off for longer. */
export const MAX_RETRY_MS: number = 60 * 60 * 1000;

/** Nobody is asked again, and no timer should be set, sooner than after this. */
export const LEAST_WAIT_MS: number = LEAST_RETRY_MS;

/** A credential's validity. */
interface Lived {
  readonly validFrom: string;
  readonly validUntil: string;
}

/**
 * When a credential is due: when a share of its life is left, or somewhat earlier, at a moment that its
 * digest decides. So credentials that were issued together do not all come back together, and a
 * wallet that is opened again comes to the same moment.
 */
export function dueAt({ validFrom, validUntil }: Lived, digest: string, whenLeft: number): number {
  const end = parseTimestamp(validUntil);
  const life = end - parseTimestamp(validFrom);
  return Math.floor(end - life * (whenLeft + SPREAD * fractionOf(digest)));
}

/**
 * When a credential is due again after failures in a row: twice as long after each, up to an hour, less a
 * part that its digest decides; never longer than a quarter of the life that it has left, but for ten seconds
 * at least, even where it has ended by then.
 */
export function retryAt({ validUntil }: Lived, digest: string, failures: number, now: number): number {
  const longest = Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), MAX_RETRY_MS);
  const spread = longest * (0.5 + fractionOf(`${digest} ${String(failures)}`) / 2);
  const left = (parseTimestamp(validUntil) - now) / 4;
  return now + Math.floor(Math.max(LEAST_RETRY_MS, Math.min(spread, left)));
}

/** From 0 to below 1; the same for the same text, and evenly spread over texts. */
function fractionOf(text: string): number {
  const { buffer, byteOffset } = sha256(text);
  return new DataView(buffer, byteOffset, 4).getUint32(0) / 2 ** 32;
}
