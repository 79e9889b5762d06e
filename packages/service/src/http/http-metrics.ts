import { Counter, Gauge, Histogram, Registry } from "prom-client";

import type { AnsweredRequest } from "./request-log.js";

/** What a service counts. */
export interface HttpMetrics {
  begun(): void;
  answered(request: AnsweredRequest): void;
  /** All of it, in the text format of Prometheus. */
  exposition(): Promise<string>;
  readonly contentType: string;
}

/** From what an empty handler takes to what nobody waits for, in seconds. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Counters of one service, in a registry of its own. Labels are of its own making: their number is bounded. */
export function createHttpMetrics(): HttpMetrics {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Counter({
    name: "writ_http_requests_total",
    help: "Requests that were answered.",
    labelNames: ["operation", "status"],
    registers,
  });
  const durations = new Histogram({
    name: "writ_http_request_duration_seconds",
    help: "From the first of a request to its answer.",
    labelNames: ["operation", "status"],
    buckets: BUCKETS,
    registers,
  });
  const refusals = new Counter({
    name: "writ_http_refusals_total",
    help: "Requests that were answered by a problem, by its code.",
    labelNames: ["operation", "code"],
    registers,
  });
  const inFlight = new Gauge({
    name: "writ_http_requests_in_flight",
    help: "Requests that are not answered yet.",
    registers,
  });
  measureMemory(registry);
  return {
    begun: () => {
      inFlight.inc();
    },
    answered: ({ operation, status, code, durationMs }) => {
      inFlight.dec();
      requests.inc({ operation, status });
      durations.observe({ operation, status }, durationMs / 1000);
      if (code !== undefined) refusals.inc({ operation, code });
    },
    exposition: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

/** Under the names that dashboards know; read when somebody asks. */
function measureMemory(registry: Registry): void {
  const registers = [registry];
  new Gauge({
    name: "process_resident_memory_bytes",
    help: "Resident memory of the process.",
    registers,
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  new Gauge({
    name: "nodejs_heap_size_used_bytes",
    help: "What is in use of the heap of JavaScript.",
    registers,
    collect() {
      this.set(process.memoryUsage().heapUsed);
    },
  });
}
