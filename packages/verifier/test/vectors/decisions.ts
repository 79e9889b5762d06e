import type { Documents } from "./documents.js";
import type { Expectation, Vector } from "./vector.js";

const INVOCATION = "/invocation";

/** Presentations that verify, and what is decided on their invocation. */
export async function decisions(documents: Documents): Promise<readonly Vector[]> {
  const asking = async (
    name: string,
    what: string,
    changes: Readonly<Record<string, unknown>>,
    expect: Expectation,
  ): Promise<Vector> => ({
    name,
    what,
    ...(await documents.presentation({ presentation: changes })),
    expect,
  });
  const deny = (pointer: string, ...dimensions: readonly string[]) =>
    ({ verified: true, decision: "deny", code: "NOT_ALLOWED", pointer, dimensions }) as const;

  return Promise.all([
    asking("allow", "an allowed refund", {}, { verified: true, decision: "allow" }),
    asking(
      "deny-amount",
      "more than the grant allows",
      { [`${INVOCATION}/args`]: { orderId: "EU-77", amount: 20_001 } },
      deny("/invocation/args/amount", "args", "spend"),
    ),
    asking(
      "deny-resource",
      "a resource whose path only begins like the granted tree",
      { [`${INVOCATION}/resource`]: "https://orders.example/v1/orders/eux/77" },
      deny("/invocation/resource", "resources"),
    ),
    asking(
      "deny-argument",
      "an argument that the grant does not name",
      { [`${INVOCATION}/args`]: { orderId: "EU-77", amount: 1, note: null } },
      deny("/invocation/args/note", "args", "args"),
    ),
  ]);
}
