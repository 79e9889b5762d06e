import { isDeepStrictEqual } from "node:util";

import {
  draftGrant,
  evaluate,
  grants as grantsShape,
  parseShape,
  type ActionRequest,
  type Grant,
  type GrantDraft,
  type JsonValue,
  type Problem,
} from "@writ/core";
import { fc, PROPERTY_TIMEOUT_MS } from "@writ/testkit/properties";
import { describe, expect, it } from "vitest";

import { ALL_DIMENSIONS } from "../../src/authority/dimensions.js";
import { problemOf } from "../../src/errors/writ-error.js";
import {
  allowsAction,
  allowsArgs,
  allowsResource,
  denies,
  foldModel,
  type ModelGrant,
  type ModelRequest,
} from "./model.js";
import { randomOf } from "./grants.js";
import { accept, allowed, isWithin, parameters, Tally } from "./properties.js";
import { ACTIONS, ARGS, asRequest, drawChain, drawRequest, draws, RESOURCES } from "./world.js";

/** A chain, a request that a grant on its way or another chain's mostly allows, and who looks. */
const askings = draws.map((draw) => {
  const chain = drawChain(draw);
  const effective = foldModel(chain);
  const wished = draw.percent(50)
    ? effective[0]
    : draw.percent(50)
      ? foldModel(drawChain(draw)).at(-1)
      : effective.at(-1);
  const perspective = draw.percent(70) ? ("service" as const) : ("holder" as const);
  return { chain, request: drawRequest(draw, wished as ModelGrant), perspective };
});

const ACCOUNT = "urn:uuid:ffffffff-ffff-4fff-8fff-ffffffffffff";

/** What a draft allows of the small world besides exactly what was asked. */
function tooMuch(
  { actions, resources, args }: ModelGrant,
  { action, resource, spending }: ModelRequest,
  denied: ModelGrant,
): readonly unknown[] {
  const named = Object.keys(spending.args).length > 0;
  return [
    ...ACTIONS.filter((each) => each !== action && allowsAction(actions, each)),
    // A resource that ends in a slash has no narrower name than the tree below it.
    ...(resource === undefined || resource.endsWith("/")
      ? []
      : RESOURCES.filter((each) => each !== resource && allowsResource(resources, each))),
    // Without arguments, those of the grant that was named remain.
    ...(named || denied.args === undefined
      ? ARGS.filter((each) => !isDeepStrictEqual(each.value, spending.args) && allowsArgs(args, each))
      : []),
  ];
}

/** Whether a grant of exactly what was asked helps against a denial in this dimension. */
function isNamed(dimension: string | undefined, { resource, spending: { args } }: ModelRequest): boolean {
  if (dimension === "resources") return resource !== undefined;
  return dimension === "actions" || (dimension === "args" && Object.keys(args).length > 0);
}

/** What the last grant of a chain allows; a budget has what the action costs, if that is more. */
function allowedByLast(chain: readonly ModelGrant[]): ReturnType<typeof allowed> {
  const { spend, ...last } = foldModel(chain).at(-1) as ModelGrant;
  if (spend === undefined) return allowed(last);
  const { budget: _, ...rest } = spend;
  return allowed({ ...last, spend: rest });
}

interface Case {
  readonly chain: readonly ModelGrant[];
  readonly request: ModelRequest;
  readonly perspective: ActionRequest["perspective"];
}

/** What is wrong with a refusal to draft: what was only not named can be named. */
function wronglyRefused(
  { chain, request }: Case,
  denials: readonly Problem[],
  code: string,
): readonly unknown[] {
  // No grant helps what may cost more than there ever is.
  const limited = chain.some(({ spend }) => spend?.budget !== undefined);
  const helps = !limited && denials.every(({ dimension }) => isNamed(dimension, request));
  return [...(code === "AUTHORITY_NO_REMEDY" ? [] : [code]), ...(helps ? denials : [])];
}

/** What is wrong with a draft. */
function wronglyDrafted(
  { chain, request, perspective }: Case,
  denials: readonly Problem[],
  { grant, outer }: GrantDraft,
): readonly unknown[] {
  const deniedLink = firstOf(denials);
  const [parsed] = parseShape(grantsShape, [grant] as unknown as JsonValue);
  const { id: _, within: __, ...dimensions } = parsed as Grant;
  const placed = [...chain.slice(0, deniedLink), dimensions];
  const folded = accept(placed);
  const effective = foldModel(placed);
  const [before, after] = [allowedByLast(chain), allowedByLast(placed)];
  const denied = new Set(denials.map(({ dimension }) => dimension));
  return [
    ...(outer?.link === (deniedLink === 0 ? undefined : deniedLink - 1) ? [] : ["stands elsewhere"]),
    ...(folded === undefined
      ? ["is wider than what is above"]
      : evaluate(folded, asRequest(request, perspective)).denials),
    ...(perspective === "holder"
      ? []
      : placed.flatMap((each, link) => denies(each, effective[link] as ModelGrant, request))),
    // Where nothing denied, it allows no more than the grant that was named.
    ...ALL_DIMENSIONS.map(([name]) => name).filter(
      (name) => !denied.has(name) && !isWithin(after[name], before[name]),
    ),
    ...tooMuch(dimensions, request, foldModel(chain).at(-1) as ModelGrant),
  ];
}

function firstOf(denials: readonly Problem[]): number {
  return Math.min(...denials.map(({ link = NaN }) => link));
}

describe("a draft", () => {
  it(
    "is a grant within the one above that allows the request, and in what it names no more (4,000)",
    () => {
      const made = new Tally();
      fc.assert(
        fc.property(askings, (asked) => {
          const grant = accept(asked.chain);
          const request = asRequest(asked.request, asked.perspective);
          const denials = grant === undefined ? [] : evaluate(grant, request).denials;
          if (grant === undefined || denials.length === 0) return;
          let draft: GrantDraft | undefined;
          const { code = "" } =
            problemOf(() => {
              draft = draftGrant({ grant, request, problems: denials }, randomOf(ACCOUNT));
            }) ?? {};
          made.add(draft !== undefined);
          expect(
            draft === undefined
              ? wronglyRefused(asked, denials, code)
              : wronglyDrafted(asked, denials, draft),
          ).toEqual([]);
        }),
        parameters(4_000),
      );
      expect(made.rarer).toBeGreaterThan(0.1);
    },
    PROPERTY_TIMEOUT_MS,
  );
});
