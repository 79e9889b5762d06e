import type { JsonValue, SuiteName } from "@writ/core";
import { expect } from "vitest";

import { signByHand, type ByHand } from "./by-hand.js";
import { expectRefused, expectVerified, shows } from "./cases.js";
import { CREDENTIAL, PRESENTATION } from "./documents.js";
import type { HttpAnswer, Service } from "./service.js";
import { ALL_SUITES, bySomebody, type ProofMembers } from "./signing.js";
import type { Case } from "./specification.js";

export const JCS: readonly SuiteName[] = ["eddsa-jcs-2022"];
export const RDFC: readonly SuiteName[] = ["eddsa-rdfc-2022"];
export const DATA_INTEGRITY_SUITES: readonly SuiteName[] = ["eddsa-jcs-2022", "eddsa-rdfc-2022"];
export const ED25519_2020: readonly SuiteName[] = ["Ed25519Signature2020"];

/** How a proof is made, whatever its suite. */
type Made = Omit<ByHand, "suite">;

/** A refusal whose problems have these codes, and no others. */
export function expectRefusedAs(answer: HttpAnswer, ...codes: readonly string[]): void {
  expectRefused(answer);
  expect(answer.json["errors"]).toMatchObject(codes.map((code) => ({ code })));
}

/** The types of what is wrong. */
export function typesIn({ json }: HttpAnswer): readonly unknown[] {
  return (json["errors"] as readonly { readonly type: unknown }[]).map(({ type }) => type);
}

/** A credential with a proof that somebody made like this is verified. */
export function verifiesProof(what: string, how: Made = {}, suites = ALL_SUITES): Case {
  return shows(`verifies a proof ${what}`, async (service) => {
    for (const suite of suites) {
      expectVerified(await service.verify(await signByHand(bySomebody(CREDENTIAL), { ...how, suite })));
    }
  });
}

/** It is not; and what is wrong is that alone. */
export function refusesProof(what: string, how: Made, suites = ALL_SUITES): Case {
  return shows(`does not verify a proof ${what}`, async (service) => {
    const credential = bySomebody(CREDENTIAL);
    const { members = {}, ...rest } = how;
    for (const suite of suites) {
      expectVerified(await service.verify(await signByHand(credential, { suite })));
      expectRefused(await service.verify(await signByHand(credential, { ...rest, members, suite })));
    }
  });
}

/** Each value in turn of a member, none of which will do. */
export function refusesProofWith(
  member: string,
  values: readonly (JsonValue | undefined)[],
  suites = JCS,
): readonly Case[] {
  return values.map((value) =>
    refusesProof(`whose ${member} is ${told(value)}`, { members: { [member]: value } }, suites),
  );
}

function told(value: JsonValue | undefined): string {
  return value === undefined ? "left out" : JSON.stringify(value);
}

/** What becomes of a presentation with a proof that says this, where the caller expects something. */
export async function presented(
  service: Service,
  suite: SuiteName,
  members: ProofMembers,
  options: object = {},
): Promise<HttpAnswer> {
  return service.verifyPresentation(await signByHand(PRESENTATION, { suite, members }), options);
}
