import {
  asProblem,
  idOf,
  isJsonArray,
  parseStrictJsonObject,
  WritError,
  type GenericCredential,
} from "@writ/core";
import type { GenericVerifierOptions } from "@writ/verifier";

import type { Answer } from "../terminal/output.js";
import { show, type SafeText } from "../terminal/safe-text.js";
import { verifyAnswer, type Verdict } from "./verify-answer.js";
import type { SourcesGiven, VerifySources } from "./verify-sources.js";

/** What a caller may demand of a presentation of others. */
interface Options {
  readonly unbound?: boolean;
  readonly challenge?: string;
  readonly domain?: string;
  readonly challenges?: string;
  readonly as?: string;
  readonly spend?: string;
  readonly context?: string;
  readonly ledger?: string;
}

/** Verifies a document of others. Whom it is by is said; whether to trust that is asked only with `--trust`. */
export async function verifyGeneric(
  input: Uint8Array,
  { challenge, domain, unbound, challenges, as, spend, context, ledger }: Options,
  { trust, ...sources }: VerifySources,
  given: SourcesGiven,
): Promise<Answer> {
  if ([challenges, as, spend, context, ledger].some((option) => option !== undefined)) {
    throw new WritError(
      "USAGE",
      "--generic goes with --challenge and --domain, and with nothing to decide by",
    );
  }
  const verifier = await import("@writ/verifier");
  const options: GenericVerifierOptions = { ...sources, trust: given.trust ? trust : "anybody" };
  if (challenge === undefined && domain === undefined && !isPresentation(input)) {
    const result = await verifier.verifyGenericCredential(input, options);
    const about = result.verified ? { about: credentialsAbout([result.credential], result.statuses) } : {};
    return verifyAnswer({ kind: "generic-credential", result, given, ...about });
  }
  if (unbound !== true && (challenge === undefined || domain === undefined)) {
    throw new WritError("USAGE", "a presentation is verified against --challenge and --domain", {
      hint: "They are the texts that it was asked for with; --unbound does without.",
    });
  }
  const result = await verifier.verifyGenericPresentation(input, {
    ...options,
    expectedChallenge: challenge ?? verifier.unbound,
    expectedDomain: domain ?? verifier.unbound,
  });
  if (!result.verified) return verifyAnswer({ kind: "generic-presentation", result, given });
  const { holder, credentials, statuses } = result;
  const { json, text } = credentialsAbout(credentials, statuses);
  const by = holder === undefined ? show`  presented by whoever signed it` : show`  presented by ${holder}`;
  const about = { json: { ...(holder === undefined ? {} : { holder }), ...json }, text: [by, ...text] };
  return verifyAnswer({ kind: "generic-presentation", result, given, about });
}

/** Whether a file holds a presentation. One that holds no JSON is left for the verification to refuse. */
function isPresentation(input: Uint8Array): boolean {
  try {
    const { type = [] } = parseStrictJsonObject(input);
    return (isJsonArray(type) ? type : [type]).includes("VerifiablePresentation");
  } catch (error) {
    asProblem(error);
    return false;
  }
}

function credentialsAbout(
  credentials: readonly GenericCredential[],
  statuses: readonly { readonly purpose: string; readonly value: number; readonly message?: string }[],
): NonNullable<Verdict["about"]> {
  const about = credentials.map(({ id, type, issuer }) => ({
    ...(id === undefined ? {} : { id }),
    type: [type].flat(),
    issuer: idOf(issuer),
  }));
  const lines: readonly SafeText[] = [
    ...about.map(({ type, issuer }) => show`  ${type.at(-1) ?? ""} by ${issuer}`),
    ...statuses.map(
      ({ purpose, value, message }) => show`  status     ${purpose}: ${message ?? String(value)}`,
    ),
  ];
  return { json: { credentials: about, statuses }, text: lines };
}
