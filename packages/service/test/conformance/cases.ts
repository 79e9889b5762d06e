import type { JsonObject, JsonValue } from "@writ/core";
import { expect } from "vitest";

import { changed, CREDENTIAL, PRESENTATION } from "./documents.js";
import { memberOf, type HttpAnswer, type Service } from "./service.js";
import { ALL_SUITES, bySomebody, sign, signAnything } from "./signing.js";
import type { Case } from "./specification.js";

/** Other values at JSON Pointers; `undefined` takes out what is there. */
export type Changes = Readonly<Record<string, JsonValue | undefined>>;

/** A verification that ended in a yes. */
export function expectVerified({ status, json }: HttpAnswer): void {
  expect({ status, errors: json["errors"] }).toEqual({ status: 200, errors: [] });
  expect(json["verified"]).toBe(true);
}

/** One that ended in a no, with a problem that says what is wrong. */
export function expectRefused({ status, json }: HttpAnswer): void {
  expect(status).toBe(400);
  const problems = (json["errors"] ?? [json]) as readonly JsonObject[];
  expect(json["verified"]).not.toBe(true);
  expect(problems.length).toBeGreaterThan(0);
  for (const problem of problems) {
    expect(problem).toMatchObject({
      title: expect.any(String) as string,
      code: expect.any(String) as string,
    });
    expect(problem["type"]).toMatch(/^https:\/\//);
  }
}

/** A request that nothing was issued for. */
export function expectNotIssued({ status, json }: HttpAnswer): void {
  expect(status).toBe(400);
  expect(json).not.toHaveProperty("verifiableCredential");
  expect(json).toMatchObject({ code: expect.any(String) as string });
}

/** What is tried, in the name of a case. */
export function named(value: JsonValue | undefined): string {
  return value === undefined ? "left out" : `that is ${JSON.stringify(value)}`;
}

/** A credential is issued by every suite and verified; and verified in somebody else's name. */
export function accepts(name: string, changes: Changes = {}): readonly Case[] {
  const credential = changed(CREDENTIAL, changes);
  return [
    {
      name: `issues and verifies ${name}`,
      run: async (service) => {
        for (const suite of ALL_SUITES) {
          const issued = await service.issue(suite, credential);
          expect({ suite, status: issued.status, problem: issued.json["detail"] }).toEqual({
            suite,
            status: 201,
            problem: undefined,
          });
          const verifiable = memberOf(issued, "verifiableCredential");
          expect(verifiable).toMatchObject({ ...credential, "@context": expect.any(Array) as unknown });
          expectVerified(await service.verify(verifiable));
        }
      },
    },
    {
      name: `verifies ${name}, by somebody else`,
      run: async (service) => {
        for (const suite of ALL_SUITES) {
          expectVerified(await service.verify(await sign(bySomebody(credential), suite)));
        }
      },
    },
  ];
}

/** A credential is neither issued nor, where somebody has signed it all the same, verified. */
export function refuses(name: string, changes: Changes): readonly Case[] {
  return [notIssued(name, changes), notVerified(name, changes)];
}

/** A credential is not issued. */
export function notIssued(name: string, changes: Changes): Case {
  return {
    name: `does not issue ${name}`,
    run: async (service) => {
      for (const suite of ALL_SUITES)
        expectNotIssued(await service.issue(suite, changed(CREDENTIAL, changes)));
    },
  };
}

/** A credential that somebody has signed is not verified. */
export function notVerified(name: string, changes: Changes): Case {
  return {
    name: `does not verify ${name}`,
    run: async (service) => {
      // Its issuer first, so that the change may be of just that.
      const credential = changed(bySomebody(CREDENTIAL), changes);
      expectRefused(await service.verify(await signAnything(credential)));
    },
  };
}

/** A presentation that somebody has signed is verified, by every suite. */
export function acceptsPresentation(name: string, changes: Changes = {}): Case {
  return {
    name: `verifies ${name}`,
    run: async (service) => {
      const presentation = changed(PRESENTATION, changes);
      for (const suite of ALL_SUITES) {
        const signed = await sign(presentation, suite, {
          purpose: "authentication",
          challenge: "c",
          domain: "d",
        });
        expectVerified(await service.verifyPresentation(signed, { challenge: "c", domain: "d" }));
      }
    },
  };
}

/** A presentation that somebody has signed is not verified. */
export function refusesPresentation(name: string, changes: Changes): Case {
  return {
    name: `does not verify ${name}`,
    run: async (service) => {
      expectRefused(await service.verifyPresentation(await signAnything(changed(PRESENTATION, changes))));
    },
  };
}

/** Anything else. */
export function shows(name: string, run: (service: Service) => Promise<void>): Case {
  return { name, run };
}
