import { Command } from "commander";
import { describe, expect, it } from "vitest";

import { COMMANDS } from "../src/commands.js";
import { DESCRIPTION, EXIT_CODES, rootHelp } from "../src/root-help.js";

describe("help of the whole", () => {
  it.each([undefined, 20, 40, 57, 58, 59, 80, 132, 1000])("is commander's own, in %s columns", (columns) => {
    const program = new Command("writ")
      .description(DESCRIPTION)
      .version("1.0.0")
      .addHelpText("after", EXIT_CODES);
    for (const { name, description } of COMMANDS)
      program.addCommand(new Command(name).description(description));
    let written = "";
    program.configureOutput({
      writeOut: (text) => (written += text),
      getOutHelpWidth: () => columns as number,
    });
    program.outputHelp();
    expect(rootHelp(columns)).toBe(written);
  });
});
