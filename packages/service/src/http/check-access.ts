import { WritError } from "@writ/core";

import type { TokenStore } from "../tokens/token-store.js";
import type { TokenScope } from "./operation.js";

/**
 * Who may ask for what demands a token: whoever has one of this store, or, `"open"`, everybody; which is
 * for trials on loopback.
 */
export type Access = TokenStore | "open";

/** RFC 6750, section 2.1. */
const BEARER = /^Bearer +([A-Za-z0-9._~+/=-]{1,256})$/i;

/**
 * Refuses whoever may not ask for this. No token, and one that is unknown, has expired or was revoked,
 * get the same answer.
 *
 * @returns whose requests those are that come with the same credentials: the token's id, or `open`
 * @throws WritError `UNAUTHORIZED`, `FORBIDDEN`, or what the store throws.
 */
export async function checkAccess(headers: Headers, scope: TokenScope, access: Access): Promise<string> {
  if (access === "open") return "open";
  const token = BEARER.exec(headers.get("authorization") ?? "")?.[1];
  const record = token === undefined ? undefined : await access.find(token);
  if (record === undefined) throw new WritError("UNAUTHORIZED", "a bearer token is needed that is good here");
  if (!record.scopes.includes(scope)) throw new WritError("FORBIDDEN", `the token is not for ${scope}`);
  return record.id;
}
