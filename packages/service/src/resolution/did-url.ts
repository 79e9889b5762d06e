import { isDid } from "@writ/core";

/** A DID URL in its parts (DID Core 1.0, section 3.2). An absent part is undefined, an empty one is empty. */
export interface DidUrl {
  readonly did: string;
  readonly path: string;
  readonly query: string | undefined;
  readonly fragment: string | undefined;
}

/** Longer ones are refused unread; twice what a DID may have. */
const MAX_DID_URL_LENGTH = 4096;

/** Characters of a path's segment (RFC 3986, section 3.3). */
const PCHAR = "[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2}";

const DID_URL = new RegExp(
  `^(?<did>[^/?#]*)(?<path>(?:/(?:${PCHAR})*)*)(?:\\?(?<query>(?:${PCHAR}|[/?])*))?(?:#(?<fragment>(?:${PCHAR}|[/?])*))?$`,
);

/** Whether a text says of itself that it is more than a DID: it has a path, a query or a fragment. */
export function hasDidUrlParts(text: string): boolean {
  return /[/?#]/.test(text);
}

/** The parts of a DID URL; undefined for what is none. Nothing is decoded or normalised. */
export function parseDidUrl(text: string): DidUrl | undefined {
  if (text.length > MAX_DID_URL_LENGTH) return undefined;
  const { did, path = "", query, fragment } = DID_URL.exec(text)?.groups ?? {};
  return did === undefined || !isDid(did) ? undefined : { did, path, query, fragment };
}
