import { DECEPTIVE_CHARACTERS, refined, refuse, text, type Shape } from "../schema/shape.js";

/** One octet in `%` and upper-case hex, if it could not stand for itself and hides no separator. */
const ESCAPED =
  /%(?![0-9A-F]{2})|%(?:0[0-9A-F]|1[0-9A-F]|7F|2F|5C|25|3B|2D|2E|5F|7E|3[0-9]|4[1-9A-F]|5[0-9A]|6[1-9A-F]|7[0-9A])/;
const PATH_CHARACTERS = /^[A-Za-z0-9._~!$&'()+,=:@%/-]*$/;
const HTTPS =
  /^https:\/\/([a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*)(?::([1-9][0-9]{0,4}))?(\/.*)$/;
const URN = /^urn:[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9]):(.+)$/;

/** Why a path is outside the grammar (DESIGN 3, resource grammar), or `undefined`. */
function pathFault(value: string): string | undefined {
  if (!PATH_CHARACTERS.test(value)) return "a character that resources may not hold";
  if (ESCAPED.test(value)) return "a percent escape that is malformed, needless or hides a separator";
  const segments = value.replace(/^\//, "").replace(/\/$/, "").split("/");
  if (value !== "/" && segments.some((segment) => segment === "" || segment === "." || segment === "..")) {
    return "an empty, `.` or `..` segment";
  }
  return isHonestUtf8(value) ? undefined : "percent escapes that are not UTF-8, or hide what they say";
}

/** Escapes that some decoders read as `../`, or that show nothing, are as good as none. */
function isHonestUtf8(value: string): boolean {
  try {
    return !DECEPTIVE_CHARACTERS.test(decodeURIComponent(value));
  } catch {
    return false;
  }
}

function resourceFault(resource: string): string | undefined {
  const https = HTTPS.exec(resource);
  if (https !== null) {
    const [, , port, rest = ""] = https;
    if (port === "443" || Number(port ?? 0) > 65535) return "a port that is needless or out of range";
    return pathFault(rest);
  }
  const urn = URN.exec(resource);
  if (urn === null) return "must be an absolute https: or urn: resource with a path, in canonical form";
  return pathFault(urn[1] as string);
}

/** A text that must show no fault. */
function faultless(what: string, faultOf: (value: string) => string | undefined): Shape<string> {
  return refined(text({ maxLength: 2048, what }), (value, pointer) => {
    const fault = faultOf(value);
    if (fault !== undefined) refuse(pointer, fault, "RESOURCE_INVALID");
  });
}

/**
 * A resource. In a grant, one that ends in `/` covers the tree below it and any other exactly
 * itself; in an invocation each is exactly itself.
 */
export const resource: Shape<string> = faultless("a resource", resourceFault);

/** A path of the same grammar without scheme and host, for the `under` constraint. */
export const path: Shape<string> = faultless("a path", pathFault);

/** Whether a text is a path of the resource grammar. */
export function isPath(value: string): boolean {
  return pathFault(value) === undefined;
}

/**
 * Whether what is granted covers what is asked, segment by segment. Both are in canonical form and
 * a tree ends in `/`, so that a textual prefix is a prefix of whole segments.
 */
export function coversResource(granted: string, asked: string): boolean {
  return granted === asked || (granted.endsWith("/") && asked.startsWith(granted));
}
