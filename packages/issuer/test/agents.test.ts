import { codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { findAgent, listAgents } from "../src/index.js";
import { enrol, openWorld } from "./world.js";

describe("an agent's row", () => {
  it.each(["roles = '[1]'", "roles = '{}'", "roles = '[\"a\"'", "roles = x'00'", "created = 'soon'"])(
    "is refused where a column holds something else: %s",
    async (assignment) => {
      const { organisation, database } = await openWorld();
      await enrol(organisation, "a");
      expect((await findAgent(organisation, "a")).roles).toEqual([]);
      await database.query(`UPDATE agents SET ${assignment}`);
      expect(await codeOfAsync(() => listAgents(organisation))).toBe("DATABASE_INVALID");
      expect(await codeOfAsync(() => findAgent(organisation, "a"))).toBe("DATABASE_INVALID");
    },
  );

  it("is not there for another name", async () => {
    const { organisation } = await openWorld();
    expect(await codeOfAsync(() => findAgent(organisation, "nobody"))).toBe("NOT_FOUND");
  });
});
