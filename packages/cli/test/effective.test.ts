import { EffectiveGrant, type EffectiveAuthority } from "@writ/core";
import { describe, expect, it } from "vitest";

import { effectiveJson, effectiveLines } from "../src/terminal/effective.js";
import { lines } from "../src/terminal/safe-text.js";

function withGrants(count: number, remainingHops = 0): EffectiveAuthority {
  return {
    principal: "did:web:p",
    rootIssuer: "did:web:p",
    digestMultibase: "uEiA",
    validFrom: "2026-11-23T08:00:00Z",
    validUntil: "2026-11-24T08:00:00Z",
    remainingHops,
    grants: Array.from(
      { length: count },
      (_, index) => new EffectiveGrant(`g${String(index)}`, { actions: ["a"] }),
    ),
  };
}

const shown = (authority: EffectiveAuthority): readonly string[] =>
  lines(...effectiveLines(authority)).text.split("\n");

describe("an effective authority on a terminal", () => {
  it("says when it is valid and how deep it may be handed on", () => {
    const when = "    from 2026-11-23T08:00:00Z until 2026-11-24T08:00:00Z";
    expect(shown(withGrants(0))).toEqual([`${when}, not to be handed on`]);
    expect(shown(withGrants(0, 2))).toEqual([`${when}, to be handed on 2 deep`]);
  });

  it("writes sixteen grants out, and says how many more there are", () => {
    const grants = (text: readonly string[]) => text.filter((line) => line.startsWith("    grant "));
    expect(grants(shown(withGrants(16)))).toHaveLength(16);
    expect(shown(withGrants(16)).at(-1)).toMatch(/^ {6}Sets no limit by: /);
    expect(grants(shown(withGrants(18)))).toHaveLength(16);
    expect(shown(withGrants(18)).at(-1)).toBe("    and 2 more grants, which are not shown");
    expect(effectiveJson(withGrants(16))).not.toHaveProperty("moreGrants");
    expect(effectiveJson(withGrants(18))).toMatchObject({ moreGrants: 2, grants: { length: 16 } });
  });
});
