import { encodeBase64url, sha256, WritError } from "@writ/core";
import type { CurrentLists, Organisation } from "@writ/issuer";

import type { Operation } from "../http/operation.js";

/**
 * A status list, at the path of its own address (Bitstring Status List 1.0, section 3). It may be kept for
 * the rest of its time to live.
 */
export function statusListOperation({ statusBase }: Organisation, lists: CurrentLists): Operation {
  return {
    id: "getStatusList",
    method: "GET",
    path: `${new URL(statusBase).pathname}{list}`,
    role: "status",
    summary: "A signed status list",
    answers: { 200: "The list", 304: "The list that you have still stands", 404: "There is no such list" },
    async handle({ parameters, headers: asked }) {
      const found = await lists.get(parameters["list"] ?? "");
      if (found === undefined) throw new WritError("NOT_FOUND", "there is no such list");
      const { text, freshForMs } = found;
      const headers = {
        etag: `"${tagOf(text)}"`,
        "cache-control": `public, max-age=${String(Math.floor(freshForMs / 1000))}`,
      };
      const known = asked
        .get("if-none-match")
        ?.split(",")
        .map((tag) => tag.trim().replace(/^W\//, ""));
      if (known?.includes(headers.etag) === true) return { status: 304, headers };
      return { status: 200, contentType: "application/vc", body: text, headers };
    },
  };
}

const tags = new Map<string, string>();

function tagOf(text: string): string {
  const known = tags.get(text);
  if (known !== undefined) return known;
  // One text for each list is current: of what is not, nothing needs to be remembered.
  if (tags.size >= 64) tags.clear();
  const tag = encodeBase64url(sha256(text));
  tags.set(text, tag);
  return tag;
}
