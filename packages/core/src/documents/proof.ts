import type { ProofPurpose } from "../did/verification-key.js";
import { timestamp } from "../schema/common.js";
import { choice, literal, object, oneOrMany, text, type Shape } from "../schema/shape.js";

/** A Data Integrity proof (VC Data Integrity 1.0, section 2.1), with the members that Writ knows. */
export interface Proof {
  readonly type: "DataIntegrityProof";
  readonly cryptosuite: string;
  readonly created?: string;
  readonly expires?: string;
  readonly verificationMethod: string;
  readonly proofPurpose: ProofPurpose;
  readonly challenge?: string;
  readonly domain?: string;
  /** A JCS proof repeats the document's contexts. */
  readonly "@context"?: string | readonly string[];
  readonly proofValue: string;
}

/** A document carries at most this many proofs. */
export const MAX_PROOFS = 8;

export const proof: Shape<Proof> = object<Proof>(
  {
    type: literal("DataIntegrityProof"),
    cryptosuite: text({ maxLength: 64 }),
    created: timestamp,
    expires: timestamp,
    verificationMethod: text({ maxLength: 4096, what: "a DID URL" }),
    proofPurpose: choice("assertionMethod", "authentication"),
    challenge: text({ maxLength: 512 }),
    domain: text({ maxLength: 512 }),
    "@context": oneOrMany(text({ maxLength: 2048 }), 8),
    proofValue: text({ maxLength: 256 }),
  },
  ["created", "expires", "challenge", "domain", "@context"],
);

/** The `proof` member: one proof, or a set of them. */
export const proofs: Shape<Proof | readonly Proof[]> = oneOrMany(proof, MAX_PROOFS);
