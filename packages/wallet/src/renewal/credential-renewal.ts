import type { ErrorCode, Presentation, WritCredential } from "@writ/core";

/**
 * Port: where an issuer gives out fresh credentials for those that end. What it answers is not trusted.
 */
export interface CredentialRenewal {
  /** The issuer's name for itself, such as its origin; the caller's own word, never the network's. */
  readonly domain: string;
  /** A text of the issuer's, to be signed once; at most 512 characters. */
  challenge(signal: AbortSignal): Promise<string>;
  /**
   * The credential that comes after one, and what of its chain is new. Throws where there is none.
   *
   * @param request shows the credential, and for an authority its chain; for {@link renewalDomain}, under
   *   the challenge
   */
  renew(credential: WritCredential, request: Presentation, signal: AbortSignal): Promise<readonly object[]>;
}

/**
 * The `domain` of a request for renewal. It is not the issuer's bare name: whoever gets such a request
 * cannot show it to a service as the agent's.
 */
export function renewalDomain(name: string): string {
  return `urn:writ:renewal:${name}`;
}

/** A credential in whose place another came. */
export interface RenewedCredential {
  readonly credentialId: string;
  readonly renewedId: string;
  /** When the fresh one ends, in milliseconds since 1970. */
  readonly endsAt: number;
  /**
   * Names of the members of `credentialSubject` that are other than before, such as `grants`: what the
   * issuer signed is taken in, and told.
   */
  readonly differs: readonly string[];
}

/** A credential that could not be renewed this time. */
export interface FailedRenewal {
  readonly credentialId: string;
  readonly code: ErrorCode;
  /** How many times in a row. */
  readonly failures: number;
  /** When it is due again, in milliseconds since 1970. */
  readonly retryAt: number;
}

/** Somebody who holds authority under a credential that was renewed, and nothing yet under the fresh one. */
export interface Redelegation {
  /** Of the credential that was handed on. */
  readonly delegationId: string;
  readonly to: string;
  /** When it ends, and with it the authority of whoever holds it, in milliseconds since 1970. */
  readonly endsAt: number;
  /** Id of the authority under which it was handed on. */
  readonly under: string;
  /** Id of the one under which to hand it on again. */
  readonly renewedId: string;
}

/** What happens while credentials are renewed: plain data, frozen, times in milliseconds since 1970. */
export type RenewalEvent =
  | {
      readonly type: "renewal.due";
      readonly credentialId: string;
      readonly issuer: string;
      readonly subject: string;
      readonly endsAt: number;
    }
  | ({ readonly type: "renewal.done" } & RenewedCredential)
  | ({ readonly type: "renewal.failed" } & FailedRenewal)
  /** It ended and nothing has come in its place; told once. */
  | { readonly type: "credential.ended"; readonly credentialId: string; readonly endedAt: number };
