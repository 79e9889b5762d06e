import type { HttpMetrics } from "./http-metrics.js";
import type { Operation, OperationAnswer } from "./operation.js";

/** Asks whether something that the service needs is there: rejects where it is not. */
export type Probe = () => Promise<unknown>;

/** What the operations of every process go by. */
export interface ServiceParts {
  readonly probes: Readonly<Record<string, Probe>>;
  readonly metrics: HttpMetrics;
  /** Whether the service is about to stop. */
  readonly isStopping: () => boolean;
  /** OpenAPI, as text. */
  readonly description: () => string;
}

/** A probe that has not answered by then has failed. */
const PROBE_TIMEOUT_MS = 2000;

/** What every process answers, whatever its roles: no token is asked for, and nothing here is secret. */
export function serviceOperations(parts: ServiceParts): readonly Operation[] {
  const ready = shared(() => readiness(parts));
  const exposition = shared(() => parts.metrics.exposition());
  return [
    {
      id: "health",
      method: "GET",
      path: "/health",
      summary: "Whether the process runs.",
      answers: { 200: "It does." },
      handle: () => Promise.resolve({ status: 200, body: { status: "ok" } }),
    },
    {
      id: "ready",
      method: "GET",
      path: "/ready",
      summary: "Whether the process can do its work.",
      answers: { 200: "It can.", 503: "It cannot, or is about to stop." },
      handle: ready,
    },
    {
      id: "metrics",
      method: "GET",
      path: "/metrics",
      summary: "Counters, in the text format of Prometheus.",
      answers: { 200: "The counters." },
      handle: async () => ({
        status: 200,
        contentType: parts.metrics.contentType,
        body: await exposition(),
      }),
    },
    {
      id: "openApi",
      method: "GET",
      path: "/openapi.json",
      summary: "This description.",
      answers: { 200: "OpenAPI 3.1." },
      handle: () =>
        Promise.resolve({ status: 200, contentType: "application/json", body: parts.description() }),
    },
  ];
}

async function readiness({ probes, isStopping }: ServiceParts): Promise<OperationAnswer> {
  const checks = Object.fromEntries(
    await Promise.all(Object.entries(probes).map(async ([name, probe]) => [name, await outcomeOf(probe)])),
  ) as Readonly<Record<string, string>>;
  const isReady = !isStopping() && Object.values(checks).every((outcome) => outcome === "ok");
  const status = isStopping() ? "stopping" : isReady ? "ready" : "not ready";
  return { status: isReady ? 200 : 503, body: { status, checks } };
}

async function outcomeOf(probe: Probe): Promise<"ok" | "failed"> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"failed">((resolve) => {
    timer = setTimeout(resolve, PROBE_TIMEOUT_MS, "failed");
  });
  try {
    return await Promise.race([Promise.resolve(probe()).then(() => "ok" as const), late]);
  } catch {
    return "failed";
  } finally {
    clearTimeout(timer);
  }
}

/** Whoever asks while it is being found out gets the same answer: many askers cost no more than one. */
function shared<T>(find: () => Promise<T>): () => Promise<T> {
  let found: Promise<T> | undefined;
  return () => {
    found ??= find().finally(() => {
      found = undefined;
    });
    return found;
  };
}
