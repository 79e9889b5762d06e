import { afterEach, describe, expect, it, vi } from "vitest";

import {
  codeOf,
  codeOfAsync,
  describeVectors,
  fixedClock,
  refusalOf,
  seededRandom,
  vectorsPath,
} from "../src/index.js";

class Refused extends Error {
  readonly code = "REFUSED";
  readonly problem = { code: "REFUSED", pointer: "/a" };
}

const refuse = (): never => {
  throw new Refused();
};

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("fixedClock", () => {
  it("stands still until it is moved", () => {
    const clock = fixedClock("1970-01-01T00:00:01Z");
    expect([clock(), clock()]).toEqual([1000, 1000]);
    clock.advance(-1);
    expect(clock()).toBe(999);
  });

  it("wants a time", () => {
    expect(() => fixedClock("noon")).toThrow("not a time");
  });
});

describe("seededRandom", () => {
  it("gives the same bytes for the same seed, however they are asked for", () => {
    const random = seededRandom("a");
    const parts = [...random(5), ...random(40), ...random(0), ...random(3)];
    expect(parts).toEqual([...seededRandom("a")(48)]);
    expect(parts).not.toEqual([...seededRandom("b")(48)]);
  });
});

describe("codeOf and refusalOf", () => {
  it("give what a refusal says", async () => {
    expect([codeOf(refuse), refusalOf(refuse)]).toEqual(["REFUSED", { code: "REFUSED", pointer: "/a" }]);
    expect(await codeOfAsync(() => Promise.reject(new Refused()))).toBe("REFUSED");
    expect(await codeOfAsync(refuse)).toBe("REFUSED");
  });

  it("fail where nothing, or something else, is thrown", async () => {
    expect(() => codeOf(() => 1)).toThrow("nothing was thrown");
    await expect(codeOfAsync(() => Promise.resolve(1))).rejects.toThrow("nothing was thrown");
    const broken = (): never => {
      throw new TypeError("a defect");
    };
    expect(() => codeOf(broken)).toThrow("not a refusal");
  });
});

describe("vectorsPath", () => {
  it("follows WRIT_VECTORS, relative to the repository", () => {
    vi.stubEnv("WRIT_VECTORS", "vectors");
    expect(vectorsPath("a", "b.json")).toMatch(/vectors[/\\]a[/\\]b\.json$/);
  });
});

describe("describeVectors", () => {
  it("fails where the vectors are absent and required", () => {
    vi.stubEnv("WRIT_VECTORS", "no-such-folder");
    vi.stubEnv("WRIT_REQUIRE_VECTORS", "1");
    expect(() => describeVectors("a suite", () => undefined)).toThrow("WRIT_REQUIRE_VECTORS is set: a suite");
  });
});
