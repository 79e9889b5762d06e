import { evaluate, type FoldedGrant } from "@writ/core";
import { fc, PROPERTY_TIMEOUT_MS } from "@writ/testkit/properties";
import { describe, expect, it } from "vitest";

import { awaits, charged, denies, foldModel, type ModelGrant } from "./model.js";
import { accept, deniedBy, parameters, Tally, unchecked } from "./properties.js";
import { asRequest, drawChain, drawRequest, draws } from "./world.js";

/** A chain, and a request that its last grant mostly allows. */
const askings = draws.map((draw) => {
  const chain = drawChain(draw);
  return { chain, request: drawRequest(draw, foldModel(chain).at(-1) as ModelGrant) };
});

/** What is awaited and what is charged, by links. */
function further(grant: FoldedGrant, request: ReturnType<typeof asRequest>): object {
  const { approvals, charges } = evaluate(grant, request);
  return {
    awaited: approvals.map(({ link }) => link),
    charged: charges.map(({ link, account, spend, limits }) => ({
      link,
      account,
      cost: spend?.amount,
      limits: limits.length,
    })),
  };
}

describe("Rule A", () => {
  it(
    "denies what the model denies, at the same links and dimensions; a link more never allows more (4,000)",
    () => {
      const allows = new Tally();
      const approvals = new Tally();
      fc.assert(
        fc.property(askings, ({ chain, request: asked }) => {
          const effective = foldModel(chain);
          const request = asRequest(asked, "service");
          const denials = deniedBy(unchecked(chain), request);
          allows.add(denials.length === 0);
          const expected = chain.map((written, link) =>
            denies(written, effective[link] as ModelGrant, asked).map((name) => `${String(link)} ${name}`),
          );
          expect(denials).toEqual(expected.flat());
          expect(deniedBy(unchecked(chain.slice(0, -1)), request)).toEqual(expected.slice(0, -1).flat());
          const links = chain.map((written, link) => ({
            link,
            written,
            effective: effective[link] as ModelGrant,
          }));
          const awaited = links.filter((each) => awaits(each.written, each.effective, asked));
          approvals.add(awaited.length > 0);
          expect(further(unchecked(chain), request)).toEqual({
            awaited: awaited.map(({ link }) => link),
            charged: links.flatMap((each) => {
              const charge = charged(each.written, each.effective, asked);
              return charge === undefined ? [] : [{ link: each.link, ...charge }];
            }),
          });
          // Where Rule B accepts, the kernel's own fold answers alike.
          const folded = accept(chain) ?? unchecked(chain);
          expect(evaluate(folded, request)).toEqual(evaluate(unchecked(chain), request));
          // A holder who looks ahead is denied nothing that the service would allow.
          const ahead = deniedBy(unchecked(chain), asRequest(asked, "holder"));
          expect(ahead.filter((denial) => !denials.includes(denial))).toEqual([]);
        }),
        parameters(4_000),
      );
      expect(allows.rarer).toBeGreaterThan(0.1);
      expect(approvals.rarer).toBeGreaterThan(0.05);
    },
    PROPERTY_TIMEOUT_MS,
  );
});
