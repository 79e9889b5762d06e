import { did, timestamp, uuidUrn } from "../schema/common.js";
import { exactList, object, refined, refuse, type Shape } from "../schema/shape.js";
import { writContext } from "./contexts.js";
import { proofs, type Proof } from "./proof.js";

/**
 * An organisation whose key has changed says so to its verifiers (DESIGN 4.8). It is worth something
 * where both keys have signed it: the old one to hand over, the new one to take.
 */
export interface SuccessionStatement {
  readonly "@context": readonly string[];
  readonly id: string;
  readonly type: readonly ["SuccessionStatement"];
  /** DID of the old key. */
  readonly predecessor: string;
  /** DID of the new key. */
  readonly successor: string;
  readonly validFrom: string;
  readonly proof?: Proof | readonly Proof[];
}

/** The shape of a {@link SuccessionStatement}, signed or not. */
export const successionStatement: Shape<SuccessionStatement> = refined(
  object<SuccessionStatement>(
    {
      "@context": writContext,
      id: uuidUrn,
      type: exactList(["SuccessionStatement"]),
      predecessor: did,
      successor: did,
      validFrom: timestamp,
      proof: proofs,
    },
    ["proof"],
  ),
  ({ predecessor, successor }, pointer) => {
    if (predecessor === successor) {
      refuse(`${pointer}/successor`, "nobody succeeds itself", "SUCCESSION_INVALID");
    }
  },
);
