import {
  deepFreeze,
  type AgentSubject,
  type Chain,
  type EffectiveAuthority,
  type FoldedGrant,
  type Invocation,
  type Presentation,
} from "@writ/core";

/** The action that is asked for, and the one grant under which it is judged. */
export interface VerifiedInvocation extends Invocation {
  readonly grant: FoldedGrant;
  /** The chain of the authority that it names. */
  readonly chain: Chain;
}

/** A presentation that has been verified; made by `verifyPresentation` only. */
export interface VerifiedPresentation {
  /** Frozen, and made from the bytes that were verified. */
  readonly document: Presentation;
  /** DID of the agent. */
  readonly holder: string;
  /** Who the agent is; absent under the policy `chain-only`. */
  readonly agent?: AgentSubject;
  /** The chains that end at the holder, with the effective grants of each. */
  readonly chains: readonly Chain[];
  /** What each of these chains lets the holder do, in values and in words; in the same order. */
  readonly authorities: readonly EffectiveAuthority[];
  readonly invocation?: VerifiedInvocation;
  /** DIDs of those who approved the invocation, whether or not a grant asks for it. */
  readonly approvedBy: readonly string[];
  /** When the oldest status list that was relied on was signed, in milliseconds since 1970. */
  readonly statusAsOf?: number;
  /** The time of the verification, in milliseconds since 1970. */
  readonly asOf: number;
}

const verified = new WeakSet<VerifiedPresentation>();

/** Marks what a verification has established, so that nothing else passes for it. */
export function sealVerified(presentation: VerifiedPresentation): VerifiedPresentation {
  const sealed = deepFreeze(presentation);
  verified.add(sealed);
  return sealed;
}

/** Whether a value was made by a verification in this process. */
export function isVerified(presentation: VerifiedPresentation): boolean {
  return verified.has(presentation);
}
