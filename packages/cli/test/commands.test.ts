import { describe, expect, it } from "vitest";

import { COMMANDS } from "../src/commands.js";

describe("what help says of a command that it does not load", () => {
  it.each(COMMANDS.map((named) => [named.name, named] as const))(
    "%s",
    async (name, { description, load }) => {
      const loaded = await load();
      expect({ name: loaded.name(), description: loaded.description() }).toEqual({ name, description });
    },
  );
});
