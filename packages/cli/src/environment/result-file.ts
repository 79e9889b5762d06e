import {
  DOCUMENT_LIMITS,
  ERROR_CODES,
  foldGrants,
  grants as grantsShape,
  invocation as invocationShape,
  isDid,
  isJsonArray,
  isJsonObject,
  parseApprovalRequest,
  parseShape,
  parseTimestamp,
  sameJson,
  spendShape,
  WritError,
  type ActionRequest,
  type ApprovalRequest,
  type ErrorCode,
  type Facts,
  type FoldedGrant,
  type JsonLimits,
  type JsonObject,
  type JsonValue,
  type Problem,
} from "@writ/core";

import { inFile, readObject } from "./files.js";

const OUTCOMES = ["allow", "deny", "approval_required", "already_decided"] as const;

/** What `writ verify --json` wrote of a decision, read again. Nothing of it is proved any more. */
export interface RecordedDecision {
  readonly holder: string;
  readonly outcome: (typeof OUTCOMES)[number];
  readonly problems: readonly Problem[];
  readonly request: ActionRequest;
  /** The grant that was named, folded anew. */
  readonly grant: FoldedGrant;
  /** What is to be approved, where it is: the same invocation, by the same holder. */
  readonly approval?: ApprovalRequest;
  /** When it was allowed first, where it was decided already. */
  readonly firstAsOf?: string;
}

/** What `writ verify --json` wrote. */
export interface RecordedResult {
  readonly verified: boolean;
  readonly problems: readonly Problem[];
  /** Where the presentation asked for something. */
  readonly decision?: RecordedDecision;
}

/** A result holds an invocation, perhaps twice, and grants, in words as well: all that was decided on. */
const RESULT_LIMITS: JsonLimits = {
  ...DOCUMENT_LIMITS,
  maxBytes: 8 * DOCUMENT_LIMITS.maxBytes,
  maxDepth: DOCUMENT_LIMITS.maxDepth + 4,
};

/** A file with a result, as JSON. */
export function readResultJson(path: string): Promise<JsonObject> {
  return readObject(path, RESULT_LIMITS);
}

/**
 * Reads a result of `writ verify --json`.
 *
 * @throws WritError of the file, and `SCHEMA_INVALID` where it is no such result.
 */
export async function readResult(path: string): Promise<RecordedResult> {
  return asResult(await readResultJson(path), path);
}

/** {@link readResult} of what was read already. */
export function asResult(json: JsonObject, path: string): RecordedResult {
  try {
    const verified = json["verified"];
    if (typeof verified !== "boolean") malformed("verified");
    const decision = json["decision"] === undefined ? {} : { decision: readDecision(json) };
    return { verified: verified, problems: problemsIn(json), ...decision };
  } catch (error) {
    throw inFile(error, path);
  }
}

function readDecision(json: JsonObject): RecordedDecision {
  const decision = objectIn(json, "decision");
  const outcome = OUTCOMES.find((each) => each === decision["outcome"]) ?? malformed("decision/outcome");
  const holder = didIn(json, "holder");
  const invocation = parseShape(invocationShape, objectIn(json, "invocation"), "/invocation");
  const asked = decision["approval"];
  const approval = asked === undefined ? undefined : parseApprovalRequest(asked);
  if (approval !== undefined) {
    // Whoever reads what was asked must be reading what is approved.
    const same = approval.holder === holder && sameJson(approval.invocation as never, invocation as never);
    if (!same || outcome !== "approval_required") malformed("decision/approval");
  }
  const first = decision["first"];
  return {
    holder,
    outcome,
    problems: problemsIn(decision),
    request: { invocation, facts: readFacts(objectIn(json, "facts")), perspective: "service" },
    grant: readPath(listIn(objectIn(json, "authority"), "path")),
    ...(approval === undefined ? {} : { approval }),
    ...(isJsonObject(first) ? { firstAsOf: textIn(first, "asOf") } : {}),
  };
}

/** Each link stands for its issuer's credential, whose subject issued the next. */
function readPath(path: readonly JsonValue[]): FoldedGrant {
  const read = path.map((each, index) => {
    const pointer = `/authority/path/${String(index)}/grant`;
    const link = isJsonObject(each) ? each : malformed("authority/path");
    const grants = parseShape(grantsShape, [objectIn(link, "grant")], pointer);
    return { issuer: didIn(link, "issuer"), grants, pointer };
  });
  const links = read.map((link, index) => ({ ...link, subject: read[index + 1]?.issuer ?? "" }));
  return foldGrants(links)[0] ?? malformed("authority/path");
}

function readFacts(json: JsonObject): Facts {
  const { audience, context, ledger, spend, statusAsOf, approvedBy } = json;
  return {
    now: parseTimestamp(textIn(json, "now")),
    audience: typeof audience === "string" ? audience : undefined,
    context: isJsonObject(context) ? context : undefined,
    ledger: typeof ledger === "string" ? ledger : undefined,
    spend: spend === undefined ? undefined : parseShape(spendShape, spend, "/facts/spend"),
    statusAsOf: typeof statusAsOf === "string" ? parseTimestamp(statusAsOf) : undefined,
    approvedBy: isJsonArray(approvedBy) ? approvedBy.filter((did) => typeof did === "string") : undefined,
  };
}

function problemsIn(json: JsonObject): readonly Problem[] {
  return listIn(json, "problems").map((each) => {
    if (!isJsonObject(each)) return malformed("problems");
    const { link, grant, dimension, asked, allowed } = each;
    if (link !== undefined && !Number.isSafeInteger(link)) malformed("problems");
    return {
      code: codeIn(each),
      pointer: textIn(each, "pointer"),
      detail: textIn(each, "detail"),
      ...(typeof link === "number" ? { link } : {}),
      ...(typeof grant === "string" ? { grant } : {}),
      ...(typeof dimension === "string" ? { dimension } : {}),
      ...(asked === undefined ? {} : { asked }),
      ...(allowed === undefined ? {} : { allowed }),
    };
  });
}

function codeIn(json: JsonObject): ErrorCode {
  const code = textIn(json, "code");
  return Object.hasOwn(ERROR_CODES, code) ? (code as ErrorCode) : malformed("problems/code");
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

/** It is shown in a command to be copied, so it must be nothing else. */
function didIn(json: JsonObject, member: string): string {
  const value = textIn(json, member);
  return isDid(value) ? value : malformed(member);
}

function malformed(member: string): never {
  throw new WritError("SCHEMA_INVALID", `has no ${member} as \`writ verify --json\` writes it`, {
    hint: "Write it with: writ verify … --json > result.json",
  });
}
