import { did, uuidUrn } from "../schema/common.js";
import { exactList, object, type Shape } from "../schema/shape.js";
import { writContext } from "./contexts.js";
import { proofs, type Proof } from "./proof.js";

/**
 * An agent asks an organisation to vouch for its key, and proves with the signature that it holds
 * it (DESIGN 6). It is a presentation without credentials, which no verifier accepts as one.
 */
export interface EnrolmentRequest {
  readonly "@context": readonly string[];
  readonly id: string;
  readonly type: readonly ["VerifiablePresentation", "EnrolmentRequest"];
  readonly holder: string;
  readonly proof?: Proof | readonly Proof[];
}

/** The proof's `domain`, so that nothing signed for enrolment serves elsewhere. */
export const ENROLMENT_DOMAIN = "urn:writ:enrolment";

/** How long a request can be used. */
export const ENROLMENT_LIFE_MS: number = 24 * 60 * 60 * 1000;

/** The shape of an {@link EnrolmentRequest}. */
export const enrolmentRequest: Shape<EnrolmentRequest> = object<EnrolmentRequest>(
  {
    "@context": writContext,
    id: uuidUrn,
    type: exactList(["VerifiablePresentation", "EnrolmentRequest"]),
    holder: did,
    proof: proofs,
  },
  ["proof"],
);
