import {
  asJson,
  canonicalize,
  integerOf,
  parseShape,
  parseStrictJsonObject,
  text,
  textOf,
  type JsonObject,
  type SqlExecutor,
  type SqlRow,
  type SqlValue,
} from "@writ/core";

import type { Registry } from "./organisation.js";

/** The steps in the life of an organisation, its agents and what it issued (DESIGN 6). */
export const EVENT_ACTIONS = [
  "organisation.created",
  "organisation.rotated",
  "agent.enrolled",
  "agent.suspended",
  "agent.resumed",
  "agent.changed",
  "agent.rotated",
  "agent.retired",
  "principal.registered",
  "principal.retired",
  "role.set",
  "rules.set",
  "credential.delegated",
  "credential.issued",
  "credential.suspended",
  "credential.reinstated",
  "credential.revoked",
] as const;

export type EventAction = (typeof EVENT_ACTIONS)[number];

/** What is recorded of a step, beside who took it and when. */
export interface EventContent {
  readonly action: EventAction;
  readonly agentId?: string | undefined;
  readonly credentialId?: string | undefined;
  /** Why, in the operator's words. */
  readonly reason?: string | undefined;
  /** What else there is to know: plain data, and never a secret. */
  readonly details?: JsonObject;
}

/** A step that was taken. */
export interface RegistryEvent {
  /** Counts the organisation's events from 1, without a gap. */
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Who took it, as whoever opened the registry said. */
  readonly operator?: string;
  readonly action: EventAction;
  readonly agentId?: string;
  readonly credentialId?: string;
  readonly reason?: string;
  readonly details: JsonObject;
}

/** Which events are asked for; each that is given must fit. */
export interface EventFilter {
  readonly agentId?: string;
  readonly credentialId?: string;
  readonly action?: EventAction;
  /** Milliseconds since 1970. */
  readonly since?: number;
  /** Only those with a lower number: the way to those before. */
  readonly before?: number;
  /** So many of the newest; 100 unless given. */
  readonly limit?: number;
}

const COLUMNS = "number, at, operator, action, agent_id, credential_id, reason, details";
const DEFAULT_LIMIT = 100;
/** It is shown on terminals, and kept for ever. */
const reasonText = text({ maxLength: 1000, what: "a reason" });

/**
 * Records a step in the transaction that takes it: there is none without the other.
 *
 * @throws WritError `SCHEMA_INVALID`, `CHAR_FORBIDDEN` for a reason that is empty, too long, or no plain text.
 */
export async function recordEvent(
  transaction: SqlExecutor,
  { clock, operator }: Registry,
  { action, agentId, credentialId, reason, details = {} }: EventContent,
): Promise<void> {
  if (reason !== undefined) parseShape(reasonText, reason, "/reason");
  await transaction.query(
    `INSERT INTO events (${COLUMNS})
     SELECT COALESCE(MAX(number), 0) + 1, $1, $2, $3, $4, $5, $6, $7 FROM events`,
    [
      clock(),
      operator ?? null,
      action,
      agentId ?? null,
      credentialId ?? null,
      reason ?? null,
      canonicalize(asJson(details)),
    ],
  );
}

/** The newest events that fit a filter, the oldest of them first. */
export async function listEvents(
  { database }: Registry,
  { agentId, credentialId, action, since, before, limit = DEFAULT_LIMIT }: EventFilter = {},
): Promise<readonly RegistryEvent[]> {
  const conditions: readonly (readonly [condition: string, value: SqlValue | undefined])[] = [
    ["agent_id =", agentId],
    ["credential_id =", credentialId],
    ["action =", action],
    ["at >=", since],
    ["number <", before],
  ];
  const asked = conditions.filter(([, value]) => value !== undefined);
  const where = asked.map(([condition], index) => `${condition} $${String(index + 2)}`).join(" AND ");
  const rows = await database.query(
    `SELECT ${COLUMNS} FROM events ${where === "" ? "" : `WHERE ${where}`}
     ORDER BY number DESC LIMIT CAST($1 AS BIGINT)`,
    [limit, ...asked.map(([, value]) => value ?? null)],
  );
  return rows.map(eventOf).reverse();
}

function eventOf(row: SqlRow): RegistryEvent {
  return {
    number: integerOf(row, "number"),
    at: integerOf(row, "at"),
    ...optional(row, "operator", "operator"),
    action: textOf(row, "action") as EventAction,
    ...optional(row, "agent_id", "agentId"),
    ...optional(row, "credential_id", "credentialId"),
    ...optional(row, "reason", "reason"),
    details: parseStrictJsonObject(textOf(row, "details")),
  };
}

function optional<Name extends string>(
  row: SqlRow,
  column: string,
  name: Name,
): { readonly [N in Name]?: string } {
  const value = row[column];
  return (typeof value === "string" ? { [name]: value } : {}) as { readonly [N in Name]?: string };
}
