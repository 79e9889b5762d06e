import type { DidResolver } from "@writ/core";

import { failure, type ResolutionFailure } from "./resolution-result.js";

/** How a did:key is expanded (did:key, section 3.1.1), and who resolves the other methods. */
export interface ResolutionOptions {
  /**
   * The type of the verification methods: `Multikey` (the default), `JsonWebKey`, `JsonWebKey2020`,
   * `Ed25519VerificationKey2020`, `X25519KeyAgreementKey2020`, or an experimental one.
   */
  readonly publicKeyFormat?: string;
  /** Whether formats outside these five are made. False unless said, as the specification has it. */
  readonly enableExperimentalPublicKeyTypes?: boolean;
  /**
   * Whether an Ed25519 key gets an X25519 key derived from it. False unless said: the specification
   * names no default and derives only where the option is true.
   */
  readonly enableEncryptionKeyDerivation?: boolean;
  /** For all methods but did:key, such as `createResolver` of core with drivers. None: they are not supported. */
  readonly resolver?: DidResolver;
}

/** The {@link ResolutionOptions} that a request can state. */
export type RequestedOptions = Omit<ResolutionOptions, "resolver">;

/**
 * The options of a request's query. Names that are not options are left to others; an option given
 * twice, or a switch that is neither `true` nor `false`, is `invalidOptions`.
 */
export function readResolutionOptions(query: URLSearchParams): RequestedOptions | ResolutionFailure {
  const names = ["publicKeyFormat", ...SWITCHES];
  if (names.some((name) => query.getAll(name).length > 1)) {
    return failure("invalidOptions", "an option is given more than once");
  }
  const publicKeyFormat = query.get("publicKeyFormat");
  const switches: Partial<Record<Switch, boolean>> = {};
  for (const name of SWITCHES) {
    const value = query.get(name);
    if (value === null) continue;
    if (value !== "true" && value !== "false") {
      return failure("invalidOptions", `${name} is either true or false`);
    }
    switches[name] = value === "true";
  }
  return { ...switches, ...(publicKeyFormat === null ? {} : { publicKeyFormat }) };
}

const SWITCHES = ["enableExperimentalPublicKeyTypes", "enableEncryptionKeyDerivation"] as const;
type Switch = (typeof SWITCHES)[number];
