import type { JsonObject } from "@writ/core";

import type { Operation } from "./operation.js";
import { parameterNames } from "./path-template.js";
import { PROBLEM_TYPE } from "./problem-answer.js";

/** What a description says of the service as a whole. */
export interface DescribedService {
  readonly publicUrl?: string | undefined;
  /** Whether tokens are asked for. */
  readonly access: "tokens" | "open";
}

/** OpenAPI 3.1 of these operations. The schemas of bodies are those by which bodies are checked. */
export function openApi(
  operations: readonly Operation[],
  { publicUrl, access }: DescribedService,
): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const operation of operations) {
    const { path, method } = operation;
    paths[path] = { ...paths[path], [method.toLowerCase()]: describe(operation, access) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Writ",
      version: "0.1.0",
      description: "Issues, verifies, publishes status and resolves DIDs.",
    },
    ...(publicUrl === undefined ? {} : { servers: [{ url: publicUrl }] }),
    paths,
    components: {
      schemas: { Problem: PROBLEM_SCHEMA },
      ...(access === "open" ? {} : { securitySchemes: { bearer: { type: "http", scheme: "bearer" } } }),
    },
  };
}

/** Problem Details (RFC 9457), as problem-answer.ts makes them. */
const PROBLEM_SCHEMA: JsonObject = {
  type: "object",
  properties: {
    type: { type: "string", format: "uri" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
    code: { type: "string" },
    pointer: { type: "string" },
    errors: { type: "array", items: { type: "object" } },
  },
  required: ["type", "title", "status", "detail", "code", "pointer"],
};

const PROBLEM_CONTENT: JsonObject = {
  [PROBLEM_TYPE]: { schema: { $ref: "#/components/schemas/Problem" } },
};

function describe(operation: Operation, access: DescribedService["access"]): JsonObject {
  const { id, summary, body, answers, scope, role } = operation;
  const parameters = parametersOf(operation);
  return {
    operationId: id,
    summary,
    ...(role === undefined ? {} : { tags: [role] }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { "application/json": { schema: body.jsonSchema } } } }),
    responses: {
      // What an operation answers by itself is no problem of the shell's making.
      ...Object.fromEntries(
        Object.entries(answers).map(([status, description]) => [status, { description }]),
      ),
      default: { description: "A problem.", content: PROBLEM_CONTENT },
    },
    ...(scope === undefined || access === "open" ? {} : { security: [{ bearer: [scope] }] }),
  };
}

function parametersOf({ path, query = {}, replays }: Operation): readonly JsonObject[] {
  const schema = { type: "string" };
  return [
    ...parameterNames(path).map((name) => ({ name, in: "path", required: true, schema })),
    ...Object.entries(query).map(([name, description]) => ({ name, in: "query", description, schema })),
    ...(replays === undefined
      ? []
      : [{ name: "Idempotency-Key", in: "header", schema: { ...schema, maxLength: 128 } }]),
  ];
}
