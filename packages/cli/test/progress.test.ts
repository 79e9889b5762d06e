import { describe, expect, it } from "vitest";

import { createProgress } from "../src/terminal/progress.js";

/** A terminal that remembers what was written, and a clock that is moved by hand. */
function openScreen(isTTY: boolean) {
  const written: string[] = [];
  let now = 0;
  const terminal = { isTTY, write: (text: string) => written.push(text) };
  const progress = createProgress("Restoring", terminal, () => now);
  return { written, progress, pass: (milliseconds: number) => (now += milliseconds) };
}

describe("progress", () => {
  it("is shown on a terminal, on one line, after a while, ten times a second at most", () => {
    const { written, progress, pass } = openScreen(true);
    progress.update(1, 8);
    pass(499);
    progress.update(2, 8);
    expect(written).toEqual([]);
    pass(1);
    progress.update(3, 8);
    pass(99);
    progress.update(4, 8);
    pass(1);
    progress.update(5, 8);
    progress.end();
    progress.end();
    expect(written).toEqual([
      "\r\u001b[KRestoring … 37% (3 of 8)",
      "\r\u001b[KRestoring … 62% (5 of 8)",
      "\r\u001b[K",
    ]);
  });

  it("is not shown in pipes, nor for what is done at once", () => {
    const pipe = openScreen(false);
    pipe.pass(10_000);
    pipe.progress.update(1, 2);
    pipe.progress.end();
    expect(pipe.written).toEqual([]);
    const quick = openScreen(true);
    quick.progress.update(2, 2);
    quick.progress.end();
    expect(quick.written).toEqual([]);
  });

  it("knows that nothing to be done is all of it", () => {
    const { written, progress, pass } = openScreen(true);
    pass(1_000);
    progress.update(0, 0);
    expect(written).toEqual(["\r\u001b[KRestoring … 100% (0 of 0)"]);
  });
});
