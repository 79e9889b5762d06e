import { did, digest } from "../schema/common.js";
import { object, refined, refuse, type Shape } from "../schema/shape.js";
import { assertLife, credentialShape, type CredentialFrame } from "./credential-frame.js";

/** The one invocation, under one authority, that an approver lets a holder make. */
export interface ApprovalSubject {
  /** DID of the holder who may make the invocation. */
  readonly id: string;
  readonly approves: {
    readonly invocationDigestMultibase: string;
    readonly authorityDigestMultibase: string;
  };
}

/** The issuer approves a single action (DESIGN 2). */
export type ApprovalCredential = CredentialFrame<"ApprovalCredential", ApprovalSubject>;

/** An approval is for the action at hand. */
export const MAX_APPROVAL_LIFE_MS: number = 15 * 60 * 1000;

/** The shape of an {@link ApprovalCredential}. */
export const approvalCredential: Shape<ApprovalCredential> = refined(
  credentialShape(
    "ApprovalCredential",
    object<ApprovalSubject>({
      id: did,
      approves: object<ApprovalSubject["approves"]>({
        invocationDigestMultibase: digest,
        authorityDigestMultibase: digest,
      }),
    }),
  ),
  (credential, pointer) => {
    assertLife(credential, MAX_APPROVAL_LIFE_MS, pointer);
    if (credential.credentialStatus !== undefined) {
      refuse(`${pointer}/credentialStatus`, "an approval has no status");
    }
  },
);
