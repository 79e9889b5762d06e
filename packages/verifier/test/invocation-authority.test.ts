import { asJson, digestMultibase } from "@writ/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { verifyPresentation } from "../src/index.js";
import { outcomeOf, refused, VERIFIED, type Outcome } from "./outcome.js";
import { compose, INVOCATION, openWorld, present, type World } from "./world.js";

let world: World;
beforeAll(async () => void (world = await openWorld()));
afterAll(() => world.close());

async function verified(text: string): Promise<Outcome> {
  return outcomeOf(await verifyPresentation(text, world.expectations));
}

describe("the authority that an invocation names (HOSTILE 160, 223)", () => {
  const named = async (changes: Readonly<Record<string, unknown>>): Promise<Outcome> => {
    const { verifiableCredential, invocation } = JSON.parse(
      await present(world.sub, { invocation: INVOCATION }),
    ) as {
      verifiableCredential: readonly object[];
      invocation: object;
    };
    const text = await compose(world.sub.signer, verifiableCredential, {
      changes: { "/invocation": invocation, ...changes },
    });
    return verified(text);
  };
  const AUTHORITY = "/invocation/authority";

  it.each<readonly [string, () => Readonly<Record<string, unknown>>, string, string]>([
    [
      "a parent's",
      () => ({
        [`${AUTHORITY}/digestMultibase`]: digestMultibase(asJson(world.root)),
        [`${AUTHORITY}/grant`]: "refunds",
      }),
      "invocation",
      `INVOCATION_AUTHORITY ${AUTHORITY}/digestMultibase`,
    ],
    [
      "another holder's",
      () => ({ [`${AUTHORITY}/digestMultibase`]: digestMultibase(asJson(world.leaf)) }),
      "invocation",
      `INVOCATION_AUTHORITY ${AUTHORITY}/digestMultibase`,
    ],
    [
      "an identity",
      () => ({ [`${AUTHORITY}/digestMultibase`]: digestMultibase(asJson(world.sub.identity)) }),
      "invocation",
      `INVOCATION_AUTHORITY ${AUTHORITY}/digestMultibase`,
    ],
    [
      "a parent's grant",
      () => ({ [`${AUTHORITY}/grant`]: "refunds" }),
      "invocation",
      `INVOCATION_AUTHORITY ${AUTHORITY}/grant`,
    ],
    [
      "a grant that is nowhere",
      () => ({ [`${AUTHORITY}/grant`]: "all" }),
      "invocation",
      `INVOCATION_AUTHORITY ${AUTHORITY}/grant`,
    ],
    ["none", () => ({ [AUTHORITY]: undefined }), "profile", `SCHEMA_INVALID ${AUTHORITY}`],
    [
      "no grant",
      () => ({ [`${AUTHORITY}/grant`]: undefined }),
      "profile",
      `SCHEMA_INVALID ${AUTHORITY}/grant`,
    ],
  ])("is its own: %s is refused", async (_, changes, failed, problem) => {
    expect(await named(changes())).toEqual(refused(failed, problem));
  });

  it("is there", async () => {
    expect(await named({})).toEqual(VERIFIED);
    const { sub } = world;
    const { invocation } = JSON.parse(await present(sub, { invocation: INVOCATION })) as {
      invocation: object;
    };
    const text = await compose(sub.signer, [sub.identity], { changes: { "/invocation": invocation } });
    expect(await verified(text)).toEqual(
      refused("invocation", `INVOCATION_AUTHORITY ${AUTHORITY}/digestMultibase`),
    );
  });
});
