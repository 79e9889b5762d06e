import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readFileSync, writeFileSync } from "node:fs";

import { conformancePage } from "./page.js";
import { startService, type Service } from "./service.js";
import { VC_DATA_MODEL } from "./vc-data-model.js";

const SPECIFICATIONS = [VC_DATA_MODEL];
const PAGE = new URL("../../../../docs/conformance.md", import.meta.url);

describe.each(SPECIFICATIONS)("$title", ({ requirements }) => {
  let service: Service;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.close());

  it.each(
    requirements.flatMap(({ section, cases }) => cases.map(({ name, run }) => [section, name, run] as const)),
  )("%s: %s", async (_section, _name, run) => {
    await run(service);
  });
});

describe("docs/conformance.md", () => {
  it("is up to date (else: WRIT_WRITE_CONFORMANCE=1 npx vitest run conformance)", () => {
    const page = conformancePage(SPECIFICATIONS);
    if (process.env["WRIT_WRITE_CONFORMANCE"] === "1") writeFileSync(PAGE, page);
    expect(readFileSync(PAGE, "utf8")).toBe(page);
  });

  it.each(SPECIFICATIONS)("names no test of $title twice, and none that is not there", ({ requirements }) => {
    expect(requirements.filter(({ cases }) => cases.length === 0)).toEqual([]);
    for (const { section, cases } of requirements) {
      const names = cases.map(({ name }) => `${section}: ${name}`);
      expect(new Set(names).size).toBe(names.length);
    }
  });
});
