import { describe, expect, it } from "vitest";

import { isColoured } from "../src/terminal/colours.js";
import { bad, bold, good, indent, lines, show, table } from "../src/terminal/safe-text.js";
import { textWidth } from "../src/terminal/text-width.js";

const DID = "did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH";

describe("the width of a text on a terminal", () => {
  it.each([
    ["", 0],
    ["refund-bot", 10],
    ["Zürich", 6],
    ["Zu\u0308rich", 6],
    ["返金", 4],
    ["ﾊﾝｶｸ", 4],
    ["한글", 4],
    ["👍", 2],
    ["👍🏽", 2],
    ["👩‍👩‍👧‍👦", 2],
    ["🇩🇪", 2],
    ["❤️", 2],
    ["❤", 1],
    ["ｗ", 2],
  ])("of %j is %i", (text, width) => {
    expect(textWidth(text)).toBe(width);
  });
});

describe("a table", () => {
  const head = ["name", "state", "until", "", "did"];
  const rows = [
    ["返金-bot", good("active"), "2026-11-23T08:00:00Z", "in 8 hours", DID],
    ["x", bad("suspended"), "2026-11-24T08:00:00Z", "in 1 day", DID],
  ];
  const shown = (columns?: number): readonly string[] =>
    table(head, rows, columns)
      .text.split("\n")
      .map((line) => line.trimEnd());

  it("has its columns one below the other, by what a terminal shows", () => {
    expect(shown()).toEqual([
      "name      state      until                             did",
      `返金-bot  active     2026-11-23T08:00:00Z  in 8 hours  ${DID}`,
      `x         suspended  2026-11-24T08:00:00Z  in 1 day    ${DID}`,
    ]);
  });

  it("stays one where it just fits", () => {
    expect(shown(55 + DID.length)).toEqual(shown());
  });

  it.each([54 + DID.length, 80, 20])(
    "shows each row as a block in %i columns, and cuts nothing",
    (columns) => {
      expect(shown(columns)).toEqual([
        "name   返金-bot",
        "state  active",
        "until  2026-11-23T08:00:00Z  in 8 hours",
        `did    ${DID}`,
        "",
        "name   x",
        "state  suspended",
        "until  2026-11-24T08:00:00Z  in 1 day",
        `did    ${DID}`,
      ]);
    },
  );

  it("leaves out of a block what is empty, and keeps the lines of a cell together", () => {
    const cells = [["a-name", lines(show`one`, show`two`), ""]];
    expect(table(["name", "grants", "roles"], cells, 10).text.trimEnd().split(/ *\n/)).toEqual([
      "name    a-name",
      "grants  one",
      "        two",
    ]);
  });

  it("pads by what is seen of a coloured cell", () => {
    const coloured = table(["a", "b"], [[bold("x"), "y"]], undefined);
    expect(coloured.styled).toContain("\u001b[1mx\u001b[22m  y");
    expect(coloured.text.split("\n")[1]).toBe("x  y");
  });

  it("row 191: draws no line and no colour that a cell would write", () => {
    const { styled, text } = table(["name"], [["a\nb\u001b[31m\u202e"]], undefined);
    expect(text.split("\n")).toHaveLength(2);
    expect(styled).toContain("a\\u{a}b\\u{1b}[31m\\u{202e}");
  });
});

describe("colours", () => {
  const toTerminal = (): boolean => true;
  const toFile = (): boolean => false;

  it.each([
    ["a terminal", {}, toTerminal, true],
    ["a pipe or a file", {}, toFile, false],
    ["a pipe of a build machine", { CI: "true" }, toFile, false],
    ["NO_COLOR", { NO_COLOR: "1" }, toTerminal, false],
    ["an empty NO_COLOR, which says nothing", { NO_COLOR: "" }, toTerminal, true],
    ["NO_COLOR before FORCE_COLOR", { NO_COLOR: "1", FORCE_COLOR: "1" }, toTerminal, false],
    ["FORCE_COLOR in a pipe", { FORCE_COLOR: "1" }, toFile, true],
    ["an empty FORCE_COLOR", { FORCE_COLOR: "" }, toFile, true],
    ["FORCE_COLOR=0 on a terminal", { FORCE_COLOR: "0" }, toTerminal, false],
    ["a terminal that has none", { TERM: "dumb" }, toTerminal, false],
  ])("with %s", (_what, environment, isTerminal, coloured) => {
    expect(isColoured(1, environment, isTerminal)).toBe(coloured);
  });

  it("are asked for each descriptor by itself", () => {
    const errorsInFile = (descriptor: number): boolean => descriptor === 1;
    expect(isColoured(1, {}, errorsInFile)).toBe(true);
    expect(isColoured(2, {}, errorsInFile)).toBe(false);
  });

  it("go through whatever is made of a text, and leave nothing behind without them", () => {
    const text = indent(lines(show`a ${good("b")}`, bad("c")));
    expect(text.styled).toBe("  a \u001b[32mb\u001b[39m\n  \u001b[31mc\u001b[39m");
    expect(text.text).toBe("  a b\n  c");
  });
});
