import type { JsonValue } from "../json/json-value.js";
import { spendShape, type Spend } from "../authority/action-request.js";
import { did, digest } from "../schema/common.js";
import { object, parseShape, refined, refuse, type Shape } from "../schema/shape.js";
import type { ApprovalCredential } from "./approval-credential.js";
import { digestMultibase } from "./digest.js";
import { invocation, type Invocation } from "./invocation.js";

/** What an approver is asked to approve: the whole invocation, so that it can be read, and its digests. */
export interface ApprovalRequest {
  /** DID of the holder who asks. */
  readonly holder: string;
  readonly invocation: Invocation;
  readonly invocationDigestMultibase: string;
  readonly authorityDigestMultibase: string;
  /** What the service says that it costs. It is shown, and no part of what is approved. */
  readonly spend?: Spend;
}

/** The request for an approval of an invocation. */
export function createApprovalRequest(holder: string, asked: Invocation, spend?: Spend): ApprovalRequest {
  return {
    holder,
    invocation: asked,
    ...(spend === undefined ? {} : { spend }),
    invocationDigestMultibase: digestMultibase(asked),
    authorityDigestMultibase: asked.authority.digestMultibase,
  };
}

/** Whether an approval is of a holder's invocation, under the authority that it names (DESIGN 2). */
export function approves(
  { credentialSubject: { id, approves: approved } }: ApprovalCredential,
  holder: string,
  asked: Invocation,
): boolean {
  const { invocationDigestMultibase, authorityDigestMultibase } = createApprovalRequest(holder, asked);
  return (
    id === holder &&
    approved.invocationDigestMultibase === invocationDigestMultibase &&
    approved.authorityDigestMultibase === authorityDigestMultibase
  );
}

/** The shape of an {@link ApprovalRequest}, whose digests are those of what it shows. */
export const approvalRequest: Shape<ApprovalRequest> = refined(
  object<ApprovalRequest>(
    {
      holder: did,
      invocation,
      invocationDigestMultibase: digest,
      authorityDigestMultibase: digest,
      spend: spendShape,
    },
    ["spend"],
  ),
  (request, pointer) => {
    const { invocationDigestMultibase, authorityDigestMultibase } = createApprovalRequest(
      request.holder,
      request.invocation,
    );
    if (request.invocationDigestMultibase !== invocationDigestMultibase) {
      refuse(`${pointer}/invocationDigestMultibase`, "is not the digest of the invocation");
    }
    if (request.authorityDigestMultibase !== authorityDigestMultibase) {
      refuse(`${pointer}/authorityDigestMultibase`, "is not the authority that the invocation names");
    }
  },
);

/**
 * A request for an approval, as it was received.
 *
 * @throws WritError of the shape, also where a digest is not that of the invocation that is shown.
 */
export function parseApprovalRequest(value: JsonValue): ApprovalRequest {
  return parseShape(approvalRequest, value);
}
