import { evaluate, type ActionRequest, type FoldedGrant } from "@writ/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { DimensionName } from "../../src/authority/dimensions.js";
import {
  allowsAction,
  allowsArgs,
  allowsAudience,
  allowsResource,
  allowsSpend,
  foldModel,
  withLeaves,
  type ModelGrant,
  type ModelSpending,
} from "./model.js";
import { accept, allowed, parameters, Tally, TIMEOUT } from "./properties.js";
import { ACTIONS, ARGS, asGrants, AUDIENCES, drawChain, draws, RESOURCES, SPENDING } from "./world.js";

/** The chain as Rule A sees it, without Rule B in the way. */
function unchecked(chain: readonly ModelGrant[]): FoldedGrant {
  const written = asGrants(chain);
  const folded = foldModel(chain).reduce<FoldedGrant | undefined>((outer, effective, link) => {
    const grant = { link, written: written[link] as FoldedGrant["written"], effective };
    return { ...grant, ...(outer === undefined ? {} : { outer }) };
  }, undefined);
  return folded as FoldedGrant;
}

interface Asked {
  readonly chain: readonly ModelGrant[];
  readonly request: ActionRequest;
  readonly spending: ModelSpending;
}

/** A chain, and a request that its last grant mostly allows. */
const askings: fc.Arbitrary<Asked> = draws.map((draw) => {
  const chain = drawChain(draw);
  const grant = foldModel(chain).at(-1) as ModelGrant;
  const may = allowed(grant);
  const drawFrom = <T>(world: readonly T[], some: readonly number[]): T =>
    some.length > 0 && draw.percent(92) ? (world[draw.of(some)] as T) : draw.of(world);
  let spending: ModelSpending = { args: {} };
  for (let tries = 0; tries < 8; tries += 1) {
    const { args, stated } = drawFrom(SPENDING, may.spend);
    const both = grant.args === undefined && draw.percent(80) ? args : drawFrom(ARGS, may.args).value;
    spending = { args: both, ...(stated === undefined ? {} : { stated }) };
    if (allowsArgs(grant.args, withLeaves(both)) && allowsSpend(grant.spend, spending)) break;
  }
  const [resource, audience] = [drawFrom(RESOURCES, may.resources), drawFrom(AUDIENCES, may.audience)];
  const request: ActionRequest = {
    action: drawFrom(ACTIONS, may.actions),
    ...(resource === undefined ? {} : { resource }),
    ...(audience === undefined ? {} : { audience }),
    ...(Object.keys(spending.args).length === 0 && draw.percent(50) ? {} : { args: spending.args }),
    ...(spending.stated === undefined ? {} : { spend: spending.stated }),
    perspective: "service",
  };
  return { chain, request, spending };
});

/** The dimensions by which the model denies, for a grant as written and as effective. */
function modelDenies(
  written: ModelGrant,
  effective: ModelGrant,
  request: ActionRequest,
  spending: ModelSpending,
): readonly DimensionName[] {
  const allows: Readonly<Record<DimensionName, boolean>> = {
    actions: allowsAction(written.actions, request.action),
    resources: allowsResource(written.resources, request.resource),
    audience: allowsAudience(written.audience, request.audience),
    args: allowsArgs(written.args, withLeaves(spending.args)),
    spend: written.spend === undefined || allowsSpend(effective.spend, spending),
  };
  return (Object.keys(allows) as DimensionName[]).filter((name) => !allows[name]);
}

/** By which links and dimensions Rule A denies. */
function deniedBy(grant: FoldedGrant, request: ActionRequest): readonly string[] {
  return evaluate(grant, request).map(({ link, dimension }) => `${String(link)} ${String(dimension)}`);
}

describe("Rule A", () => {
  it(
    "denies what the model denies, at the same links and dimensions; a link more never allows more (5,000)",
    () => {
      const allows = new Tally();
      fc.assert(
        fc.property(askings, ({ chain, request, spending }) => {
          const effective = foldModel(chain);
          const denials = deniedBy(unchecked(chain), request);
          allows.add(denials.length === 0);
          const expected = chain.map((written, link) =>
            modelDenies(written, effective[link] as ModelGrant, request, spending).map(
              (name) => `${String(link)} ${name}`,
            ),
          );
          expect(denials).toEqual(expected.flat());
          expect(deniedBy(unchecked(chain.slice(0, -1)), request)).toEqual(expected.slice(0, -1).flat());
          // Where Rule B accepts, the kernel's own fold answers alike.
          expect(deniedBy(accept(chain) ?? unchecked(chain), request)).toEqual(denials);
          // A holder who looks ahead is denied nothing that the service would allow.
          const ahead = deniedBy(unchecked(chain), { ...request, perspective: "holder" });
          expect(ahead.filter((denial) => !denials.includes(denial))).toEqual([]);
        }),
        parameters(5_000),
      );
      expect(allows.rarer).toBeGreaterThan(0.1);
    },
    TIMEOUT,
  );
});
