import { WritError } from "@writ/core";

const PARAMETER = /^\{([A-Za-z][A-Za-z0-9]*)\}$/;

/** The names in braces in an operation's path. Each is a whole segment. */
export function parameterNames(path: string): readonly string[] {
  return path.split("/").flatMap((segment) => PARAMETER.exec(segment)?.[1] ?? []);
}

/** The path as the router writes it. */
export function routePath(path: string): string {
  return path
    .split("/")
    .map((segment) => segment.replace(PARAMETER, ":$1"))
    .join("/");
}

/** The path of a request as it was sent: percent-encoded. */
export function rawPath(request: Request): string {
  return new URL(request.url).pathname;
}

/**
 * What stands for the names in a path that matches, percent-decoded once.
 *
 * @throws WritError `REQUEST_MALFORMED` for what does not decode.
 */
export function pathParameters(path: string, raw: string): Readonly<Record<string, string>> {
  const segments = raw.split("/");
  return Object.fromEntries(
    path.split("/").flatMap((segment, index) => {
      const name = PARAMETER.exec(segment)?.[1];
      return name === undefined ? [] : [[name, decodeOnce(segments[index] ?? "")]];
    }),
  );
}

function decodeOnce(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (cause) {
    throw new WritError("REQUEST_MALFORMED", "a part of the path is not percent-encoded UTF-8", { cause });
  }
}
