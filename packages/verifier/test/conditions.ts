import type { Grant } from "@writ/core";

import { verifyPresentation, type VerifiedPresentation } from "../src/index.js";
import { grantTo, handOn, verifiedOf } from "./metered.js";
import { NOW, present, type CountingSource, type World } from "./world.js";

export const ACTION = { action: "act" };

/** A grant of that action, on these conditions. */
export function actingUnder(id: string, more: Partial<Grant>): Grant {
  return { id, actions: ["act"], ...more };
}

/** The text of a presentation in which `sub` acts, under a grant of the root and one within it. */
export async function acting(
  world: World,
  root: Partial<Grant>,
  child: Partial<Grant> = {},
): Promise<string> {
  const { lead, sub } = world;
  const above = await grantTo(world, lead, { grants: [actingUnder("root", root)], maxHops: 1 });
  const grants = [actingUnder("child", { within: "root", ...child })];
  const { id } = await handOn(lead, sub, { authority: above.id, grants });
  return present(sub, { invocation: ACTION, authority: id });
}

/** A presentation as it is verified at a time, by the lists of a source. */
export async function verifiedAt(
  world: World,
  text: string,
  now: number = NOW,
  status?: CountingSource,
): Promise<VerifiedPresentation> {
  const source = status ?? (await world.source());
  const expectations = { ...world.expectations, status: source, clock: () => now };
  return verifiedOf(await verifyPresentation(text, expectations));
}
