import { parseStrictJsonObject, snapshot, WritError, type JsonObject, type JsonText } from "@writ/core";

import { readDcqlRequest } from "./dcql-query.js";
import type { Request } from "./request.js";
import { REQUEST_LIMITS } from "./request-shapes.js";
import { readVprRequest } from "./vpr-query.js";

/**
 * A request as it was received: from somebody who may mean harm. What is used is a copy.
 *
 * @throws WritError of strict JSON and the schema, `REQUEST_UNSUPPORTED` for one that is in neither language.
 */
export async function parseRequest(request: JsonText | object): Promise<Request> {
  const json = readJson(request);
  const [isDcql, isVpr] = [Object.hasOwn(json, "dcql_query"), Object.hasOwn(json, "query")];
  if (isDcql === isVpr) {
    throw new WritError("REQUEST_UNSUPPORTED", "has neither `dcql_query` nor `query`, or both", {
      hint: "Answered are requests of OpenID4VP 1.0 with a DCQL query, and Verifiable Presentation Requests.",
    });
  }
  return isDcql ? await readDcqlRequest(json) : readVprRequest(json);
}

function readJson(request: JsonText | object): JsonObject {
  if (typeof request === "string" || request instanceof Uint8Array) {
    return parseStrictJsonObject(request, REQUEST_LIMITS);
  }
  try {
    return snapshot(request, REQUEST_LIMITS);
  } catch (cause) {
    if (cause instanceof WritError) throw cause;
    throw new WritError("JSON_SYNTAX", "the request is not of JSON", { cause });
  }
}

/**
 * The domain that an answer is made for: the expected one. Whoever hands a request to an agent would
 * otherwise choose for whom it signs.
 *
 * @throws WritError `DOMAIN_MISMATCH` where the request names another.
 */
export function assertDomain({ domain, domainPrefix = "" }: Request, expectedDomain: string): void {
  if (domain !== undefined && domain.text !== expectedDomain) {
    throw new WritError("DOMAIN_MISMATCH", "the request is of another sender than is expected", {
      pointer: domain.pointer,
      asked: domain.text,
      allowed: expectedDomain,
    });
  }
  if (!expectedDomain.startsWith(domainPrefix)) {
    throw new WritError("DOMAIN_MISMATCH", "over the Digital Credentials API the sender is an origin", {
      pointer: "/response_mode",
      allowed: expectedDomain,
      hint: "Expect the origin as the API told it, such as origin:https://shop.example",
    });
  }
}
