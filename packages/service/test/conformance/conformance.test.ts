import { describeVectors } from "@writ/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readFileSync, writeFileSync } from "node:fs";

import { BITSTRING_STATUS_LIST } from "./bitstring-status-list.js";
import { DID_KEY } from "./did-key.js";
import { conformancePage } from "./page.js";
import { startService, type Service } from "./service.js";
import type { Case, Specification } from "./specification.js";
import { DATA_INTEGRITY } from "./data-integrity.js";
import { DATA_INTEGRITY_EDDSA } from "./data-integrity-eddsa.js";
import { VC_DATA_MODEL } from "./vc-data-model.js";

const SPECIFICATIONS = [VC_DATA_MODEL, DATA_INTEGRITY, DATA_INTEGRITY_EDDSA, BITSTRING_STATUS_LIST, DID_KEY];
const PAGE = new URL("../../../../docs/conformance.md", import.meta.url);

describe.each(SPECIFICATIONS)("$title", (specification) => {
  itHolds(casesOf(specification).filter(([, , { needs }]) => needs === undefined));
});

describeVectors("what has been published", () => {
  itHolds(SPECIFICATIONS.flatMap(casesOf).filter(([, , { needs }]) => needs !== undefined));
});

/** A section, and a case of one of its requirements, by its name. */
type Named = readonly [section: string, name: string, Case];

function casesOf({ requirements }: Specification): readonly Named[] {
  return requirements.flatMap(({ section, cases }) =>
    cases.map((each) => [section, each.name, each] as const),
  );
}

/** A test for each case, of one service. */
function itHolds(cases: readonly Named[]): void {
  let service: Service;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.close());

  it.each(cases)("%s: %s", async (_section, _name, { run }) => {
    await run(service);
  });
}

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
