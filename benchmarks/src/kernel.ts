import {
  evaluate,
  foldGrants,
  grants as grantsShape,
  parseShape,
  parseStrictJson,
  type ActionRequest,
  type Grant,
  type LinkGrants,
} from "@writ/core";

const SERVICE = "did:web:orders.example";
const LEAD = "did:web:lead.example";

/** A chain of three links with five grants each, and a request that all of it allows. */
export interface KernelCase {
  readonly links: readonly LinkGrants[];
  /** The request at a time; a chain with windows is asked at another second each time. */
  request(now: number): ActionRequest;
}

/** Every stateless dimension, windows only where they are asked for. */
export function kernelCase(windows: boolean): KernelCase {
  const links = [0, 1, 2].map((link) => ({
    issuer: `did:web:agent-${String(link)}.example`,
    subject: `did:web:agent-${String(link + 1)}.example`,
    grants: parsed(Array.from({ length: 5 }, (_, index) => grantAt(link, index, windows))),
    pointer: `/${String(link)}`,
  }));
  return {
    links,
    request: (now) => ({
      invocation: {
        action: "refund.create",
        resource: "https://api.acme.example/v1/orders/eu/77",
        args: { orderId: "EU-77", amount: 120, currency: "EUR" },
      },
      facts: {
        now,
        audience: SERVICE,
        ledger: SERVICE,
        context: { environment: "prod", riskScore: 12 },
        statusAsOf: now - 10_000,
        approvedBy: [],
      },
      perspective: "service",
    }),
  };
}

/** As a verifier has them: out of the strict parser. */
function parsed(grants: readonly Grant[]): readonly Grant[] {
  return parseShape(grantsShape, parseStrictJson(JSON.stringify(grants)));
}

function grantAt(link: number, index: number, windows: boolean): Grant {
  const maximum = 20_000 - link * 1000;
  return {
    id: `g${String(index)}`,
    ...(link === 0 ? {} : { within: `g${String(index)}` }),
    actions: ["refund.create", "refund.status.*"],
    resources: ["https://api.acme.example/v1/orders/eu/", "https://api.acme.example/v1/orders/us/"],
    audience: [SERVICE],
    args: {
      "/orderId": { prefix: "EU-", maxLength: 32 },
      "/amount": { range: { min: 1, max: maximum } },
      "/currency": { oneOf: ["EUR"] },
      "/note": { any: true, optional: true },
    },
    spend: {
      unit: "EUR",
      amountAt: "/amount",
      unitAt: "/currency",
      perAction: maximum,
      budget: maximum * 10,
    },
    rate: [{ max: 30 - link, seconds: 60 }],
    meter: {
      ledger: SERVICE,
      account: `urn:uuid:0000000${String(link)}-0000-4000-8000-00000000000${String(index)}`,
    },
    when: {
      ...(windows
        ? {
            windows: [
              { days: ["mo", "tu", "we", "th", "fr"], from: "00:00", to: "24:00", timeZone: "Europe/Berlin" },
              { days: ["sa", "su"], from: "00:00", to: "24:00", timeZone: "Europe/Berlin" },
            ],
          }
        : {}),
      context: { environment: { oneOf: ["prod"] }, riskScore: { range: { max: 40 } } },
    },
    approval: { over: 10_000 - link, approvers: [LEAD], quorum: 1 },
    statusMaxAgeSeconds: 300 - link,
  };
}

/** Folds the chain and judges one request under its last link's third grant. */
export function foldAndEvaluate(kernel: KernelCase, now: number): void {
  const grant = foldGrants(kernel.links)[2];
  if (grant === undefined) throw new Error("the chain has no third grant");
  const { denials, approvals, charges } = evaluate(grant, kernel.request(now));
  if (denials.length > 0 || approvals.length > 0 || charges.length !== 3) {
    throw new Error(`the request must be allowed: ${JSON.stringify(denials)}`);
  }
}
