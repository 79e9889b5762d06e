import { performance } from "node:perf_hooks";

import { randomUuidUrn, systemEnvironment, WritError, type Environment, type JsonLimits } from "@writ/core";

import { ADMISSION_LIMITS, createAdmission, type AdmissionLimits } from "./admission.js";
import { answerAlways, answerRequest, type Gates } from "./answer-request.js";
import type { Access } from "./check-access.js";
import { allowedHosts, checkHost, checkOrigin } from "./check-host.js";
import type { Connection } from "./connection.js";
import { createHttpMetrics } from "./http-metrics.js";
import type { IdempotencyStore } from "./idempotency-store.js";
import { openApi } from "./open-api.js";
import type { Operation, Role } from "./operation.js";
import { problemAnswer } from "./problem-answer.js";
import { createRateLimit, type Rate } from "./rate-limit.js";
import { BODY_LIMITS } from "./read-body.js";
import type { RequestLog } from "./request-log.js";
import { createRouter, type Trace } from "./routes.js";
import { serviceOperations, type Probe } from "./service-operations.js";
import { responseOf, writtenAnswer } from "./written-answer.js";

/** What a service goes by. */
export interface HttpServiceOptions extends Partial<Environment> {
  /** Whose tokens are good; `"open"` asks for none, which {@link listen} allows on loopback alone where an operation demands one. */
  readonly access: Access;
  readonly log: RequestLog;
  /** Where answers are kept that repeated requests get again. Needed where an operation `replays`. */
  readonly idempotency?: IdempotencyStore;
  /** Where clients reach the service, such as `https://issuer.example/`: its host is answered to. */
  readonly publicUrl?: string;
  /** Further hosts that are answered to, without port. Loopback, and the address reached, always are. */
  readonly hosts?: readonly string[];
  /** What `/ready` asks, by name. */
  readonly probes?: Readonly<Record<string, Probe>>;
  /** {@link ADMISSION_LIMITS} unless given. */
  readonly limits?: Partial<AdmissionLimits>;
  /** {@link BODY_LIMITS} unless given. */
  readonly bodyLimits?: JsonLimits;
  /** How often one remote address may ask for an operation, by the operation's id. */
  readonly rates?: Readonly<Record<string, Rate>>;
}

/** Operations over HTTP. */
export interface HttpService {
  /** Answers a request. Rejects only where the log throws. */
  fetch(request: Request, connection?: Connection): Promise<Response>;
  readonly access: "tokens" | "open";
  /** Says of itself from now on that it is not ready, and asks for no further requests on a connection. */
  stop(): void;
  /** Resolves when every request that came is answered. */
  idle(): Promise<void>;
}

/** Those operations that a process of these roles has. */
export function operationsOf(roles: readonly Role[], operations: readonly Operation[]): readonly Operation[] {
  return operations.filter(({ role }) => role === undefined || roles.includes(role));
}

/**
 * Makes a service of operations: it routes, limits, checks access and bodies, replays, logs, counts and
 * describes; what an operation means is the operation's own. `/health`, `/ready`, `/metrics` and
 * `/openapi.json` are added.
 *
 * @throws WritError `ARGUMENT_INVALID` for operations that get in each other's way, a limit that is none,
 *   or an operation that replays and has no store, or no token whose the keys are.
 */
export function createHttpService(
  operations: readonly Operation[],
  options: HttpServiceOptions,
): HttpService {
  const { clock, random } = { ...systemEnvironment, ...options };
  const { log, publicUrl } = options;
  // Where nothing demands a token, there is nothing that "open" would lift.
  const demands = operations.some(({ scope }) => scope !== undefined);
  const access = demands && options.access === "open" ? "open" : "tokens";
  const hosts = allowedHosts(publicUrl, options.hosts);
  const metrics = createHttpMetrics();
  const gates = gatesOf(operations, options, clock);
  let stopping = false;
  const inFlight = createCount();

  const always = serviceOperations({
    probes: options.probes ?? {},
    metrics,
    isStopping: () => stopping,
    description: () => description,
  });
  const all = [...operations, ...always];
  const description = JSON.stringify(openApi(all, { publicUrl, access }));
  const route = createRouter(all, (operation, request, connection) =>
    always.includes(operation)
      ? answerAlways(operation, request)
      : answerRequest(operation, request, connection, gates),
  );

  const answer = async (request: Request, trace: Trace, requestId: string): Promise<Response> => {
    try {
      checkHost(request, hosts, trace.connection);
      checkOrigin(request, hosts, trace.connection);
      return await route(request, trace);
    } catch (error) {
      const refused = problemAnswer(error);
      trace.code = refused.code;
      if (refused.status >= 500) log.failed({ requestId, operation: trace.operation }, error);
      return responseOf(writtenAnswer(refused));
    }
  };

  return {
    access,
    async fetch(request, connection = {}) {
      const begun = performance.now();
      const requestId = randomUuidUrn(random).slice("urn:uuid:".length);
      const trace: Trace = { connection, operation: "none", code: undefined };
      metrics.begun();
      inFlight.add();
      try {
        const response = await answer(request, trace, requestId);
        response.headers.set("x-request-id", requestId);
        if (stopping) response.headers.set("connection", "close");
        const { operation, code } = trace;
        const durationMs = Math.round((performance.now() - begun) * 1000) / 1000;
        const answered = { requestId, operation, status: response.status, durationMs };
        const whole = code === undefined ? answered : { ...answered, code };
        metrics.answered(whole);
        log.answered(whole);
        return response;
      } finally {
        inFlight.remove();
      }
    },
    stop: () => {
      stopping = true;
    },
    idle: () => inFlight.none(),
  };
}

function gatesOf(
  operations: readonly Operation[],
  { access, idempotency, limits, bodyLimits = BODY_LIMITS, rates = {} }: HttpServiceOptions,
  clock: Environment["clock"],
): Gates {
  for (const { id, replays, scope } of operations) {
    if (replays !== undefined && (idempotency === undefined || scope === undefined)) {
      throw new WritError("ARGUMENT_INVALID", `${id} replays, which takes a store of answers and a scope`);
    }
  }
  const unknown = Object.keys(rates).filter((id) => !operations.some((operation) => operation.id === id));
  if (unknown.length > 0)
    throw new WritError("ARGUMENT_INVALID", "a rate is for an operation that is not there");
  return {
    admission: createAdmission({ ...ADMISSION_LIMITS, ...limits }),
    rates: new Map(Object.entries(rates).map(([id, rate]) => [id, createRateLimit(rate, clock)])),
    access,
    bodyLimits,
    idempotency,
  };
}

/** How many there are, and when there are none. */
function createCount(): { add(): void; remove(): void; none(): Promise<void> } {
  let count = 0;
  let waiting: (() => void)[] = [];
  return {
    add: () => {
      count++;
    },
    remove: () => {
      count--;
      if (count > 0) return;
      for (const resolve of waiting) resolve();
      waiting = [];
    },
    none: () =>
      new Promise((resolve) => {
        if (count === 0) resolve();
        else waiting.push(resolve);
      }),
  };
}
