import type { ApprovalCredential, ApprovalRequest, Grant } from "@writ/core";
import { seededRandom } from "@writ/testkit";
import { approveInvocation, createMemoryWalletStore, createWallet, type Wallet } from "@writ/wallet";

import { decide, type Decision, type ServiceFacts } from "../src/index.js";
import { verifiedOf, type Asked } from "./metered.js";
import type { World } from "./world.js";

/** A wallet that is nobody's agent, such as that of a person who approves. */
export function openApprover({ clock }: World, name: string): Promise<Wallet> {
  const secret = { type: "raw", key: new Uint8Array(32).fill(3) } as const;
  return createWallet(
    createMemoryWalletStore(),
    { secret },
    { clock, random: seededRandom(`approver ${name}`) },
  );
}

/** Payments of which those over 10 are to be approved. */
export function approvedPayments(
  approvers: readonly string[],
  quorum: number,
  more: Partial<Grant> = {},
): Grant {
  return {
    id: "mine",
    actions: ["pay"],
    spend: { unit: "EUR", amountAt: "/amount" },
    approval: { over: 10, approvers, quorum },
    ...more,
  };
}

/** What must be approved, where that is the answer. */
export async function requestOf({ result }: Asked, facts: ServiceFacts = {}): Promise<ApprovalRequest> {
  const decision: Decision = await decide(verifiedOf(result), facts);
  if (decision.outcome !== "approval_required") throw new Error(decision.outcome);
  return decision.approval;
}

/** The approvals of a request by each of these. */
export function approvedBy(
  request: ApprovalRequest,
  ...approvers: readonly Wallet[]
): Promise<readonly ApprovalCredential[]> {
  return Promise.all(approvers.map((approver) => approveInvocation(approver, request)));
}
