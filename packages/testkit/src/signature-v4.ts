import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** A request as it came in. */
export interface SignedRequest {
  readonly method: string;
  /** Path and query, as on the request line. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
}

/** Who signs, where and for what. */
export interface SignatureScope {
  readonly secretAccessKey: string;
  readonly region: string;
  readonly service: string;
}

const hash = (content: string | Uint8Array): string => createHash("sha256").update(content).digest("hex");
const mac = (key: string | Uint8Array, text: string): Buffer =>
  createHmac("sha256", key).update(text).digest();

/** The access key id that a request names in its `Authorization`, if it has one of this scheme. */
export function accessKeyIdOf({ headers }: SignedRequest): string | undefined {
  return /^AWS4-HMAC-SHA256 Credential=([^/]+)\//.exec(headers.authorization ?? "")?.[1];
}

/**
 * Whether a request bears a signature of AWS's Signature Version 4 (AWS General Reference, "Create a signed AWS
 * API request"), over its host, its body and all headers that have to be signed.
 */
export function isSignedV4({ method, url, headers, body }: SignedRequest, scope: SignatureScope): boolean {
  const form =
    /^AWS4-HMAC-SHA256 Credential=[^/]+\/([0-9]{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/;
  const [, date = "", region, service, signed = "", signature = ""] =
    form.exec(headers.authorization ?? "") ?? [];
  if (region !== scope.region || service !== scope.service) return false;
  const time = headers["x-amz-date"];
  if (typeof time !== "string" || !time.startsWith(date)) return false;
  const names = signed.split(";");
  const mustBeSigned = ["host", ...Object.keys(headers).filter((name) => name.startsWith("x-amz-"))];
  if (!mustBeSigned.every((name) => names.includes(name))) return false;
  const [path = "", query = ""] = url.split("?");
  const canonicalHeaders = names.map(
    (name) => `${name}:${String(headers[name]).trim().replace(/ +/g, " ")}\n`,
  );
  const canonical = [method, path, query, canonicalHeaders.join(""), signed, hash(body)].join("\n");
  const place = `${date}/${region}/${service}/aws4_request`;
  const key = [date, region, service, "aws4_request"].reduce<Buffer>(
    (secret, part) => mac(secret, part),
    Buffer.from(`AWS4${scope.secretAccessKey}`),
  );
  const expected = mac(key, ["AWS4-HMAC-SHA256", time, place, hash(canonical)].join("\n"));
  return timingSafeEqual(expected, Buffer.from(signature, "hex"));
}
