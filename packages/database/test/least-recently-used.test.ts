import { expect, it } from "vitest";
import { createLeastRecentlyUsed } from "../src/least-recently-used.js";

it("keeps what is used, up to its capacity, and drops the rest once", () => {
  const made: string[] = [];
  const dropped: string[] = [];
  const get = createLeastRecentlyUsed({
    capacity: 2,
    make: (key) => {
      made.push(key);
      return key.toUpperCase();
    },
    drop: (value) => {
      dropped.push(value);
    },
  });
  expect(["a", "b", "a", "c", "a", "b"].map(get)).toEqual(["A", "B", "A", "C", "A", "B"]);
  expect(made).toEqual(["a", "b", "c", "b"]);
  expect(dropped).toEqual(["B", "C"]);
});

it("keeps nothing of what could not be made", () => {
  const get = createLeastRecentlyUsed<string>({
    capacity: 1,
    make: (key) => {
      if (key === "bad") throw new Error("not this");
      return key;
    },
    drop: () => {
      throw new Error("nothing is to be dropped");
    },
  });
  expect(get("good")).toBe("good");
  expect(() => get("bad")).toThrow("not this");
  expect(get("good")).toBe("good");
});
