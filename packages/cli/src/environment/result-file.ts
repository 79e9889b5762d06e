import {
  foldGrants,
  grants as grantsShape,
  invocation as invocationShape,
  isJsonArray,
  isJsonObject,
  parseShape,
  parseTimestamp,
  WritError,
  type ActionRequest,
  type Facts,
  type FoldedGrant,
  type JsonObject,
  type JsonValue,
  type Problem,
} from "@writ/core";

import { inFile, readObject } from "./files.js";

/** What `writ verify --json` wrote of a decision, read again. Nothing of it is proved any more. */
export interface RecordedDecision {
  readonly holder: string;
  readonly outcome: string;
  readonly problems: readonly Problem[];
  readonly request: ActionRequest;
  /** The grant that was named, folded anew. */
  readonly grant: FoldedGrant;
}

/** What `writ verify --json` wrote. */
export interface RecordedResult {
  readonly verified: boolean;
  readonly problems: readonly Problem[];
  /** Where the presentation asked for something. */
  readonly decision?: RecordedDecision;
}

/**
 * Reads a result of `writ verify --json`.
 *
 * @throws WritError of the file, and `SCHEMA_INVALID` where it is no such result.
 */
export async function readResult(path: string): Promise<RecordedResult> {
  const json = await readObject(path);
  try {
    return {
      verified: json["verified"] === true,
      problems: problemsIn(json),
      ...(json["decision"] === undefined ? {} : { decision: readDecision(json) }),
    };
  } catch (error) {
    throw inFile(error, path);
  }
}

function readDecision(json: JsonObject): RecordedDecision {
  const decision = objectIn(json, "decision");
  return {
    holder: textIn(json, "holder"),
    outcome: textIn(decision, "outcome"),
    problems: problemsIn(decision),
    request: {
      invocation: parseShape(invocationShape, objectIn(json, "invocation"), "/invocation"),
      facts: readFacts(objectIn(json, "facts")),
      perspective: "service",
    },
    grant: readPath(listIn(objectIn(json, "authority"), "path")),
  };
}

/** Each link stands for its issuer's credential; who its subject is does not matter here. */
function readPath(path: readonly JsonValue[]): FoldedGrant {
  const links = path.map((each, index) => {
    const pointer = `/authority/path/${String(index)}/grant`;
    const link = isJsonObject(each) ? each : malformed("path");
    const grants = parseShape(grantsShape, [objectIn(link, "grant")], pointer);
    return { issuer: textIn(link, "issuer"), subject: "", grants, pointer };
  });
  return foldGrants(links)[0] ?? malformed("path");
}

function readFacts(json: JsonObject): Facts {
  const { audience, context, ledger, spend, statusAsOf, approvedBy } = json;
  return {
    now: parseTimestamp(textIn(json, "now")),
    audience: typeof audience === "string" ? audience : undefined,
    context: isJsonObject(context) ? context : undefined,
    ledger: typeof ledger === "string" ? ledger : undefined,
    spend: isJsonObject(spend) ? { unit: textIn(spend, "unit"), amount: Number(spend["amount"]) } : undefined,
    statusAsOf: typeof statusAsOf === "string" ? parseTimestamp(statusAsOf) : undefined,
    approvedBy: isJsonArray(approvedBy) ? approvedBy.filter((did) => typeof did === "string") : undefined,
  };
}

function problemsIn(json: JsonObject): readonly Problem[] {
  return listIn(json, "problems").map((each) => {
    if (!isJsonObject(each)) return malformed("problems");
    textIn(each, "code");
    textIn(each, "detail");
    const { link = 0 } = each;
    if (!Number.isSafeInteger(link)) malformed("problems");
    return each as unknown as Problem;
  });
}

function objectIn(json: JsonObject, member: string): JsonObject {
  const value = json[member];
  return isJsonObject(value) ? value : malformed(member);
}

function listIn(json: JsonObject, member: string): readonly JsonValue[] {
  const value = json[member];
  return isJsonArray(value) ? value : malformed(member);
}

function textIn(json: JsonObject, member: string): string {
  const value = json[member];
  return typeof value === "string" ? value : malformed(member);
}

function malformed(member: string): never {
  throw new WritError("SCHEMA_INVALID", `has no ${member}, as \`writ verify --json\` writes it`, {
    hint: "Write it with: writ verify … --json > result.json",
  });
}
