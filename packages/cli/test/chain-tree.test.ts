import { describe, expect, it } from "vitest";

import { chainTree, givenBy, linearTree } from "../src/terminal/chain-tree.js";
import { lines, show } from "../src/terminal/safe-text.js";

const NOW = Date.parse("2026-11-23T08:00:00Z");
type Authority = Parameters<typeof givenBy>[0];

function authority(validFrom: string, validUntil: string, subject: object): Authority {
  return { validFrom, validUntil, credentialSubject: subject } as unknown as Authority;
}

describe("a chain as a tree", () => {
  it("goes from whoever gave first to whoever has it in the end", () => {
    const links = ["did:web:lead", "did:web:bot"].map((to) => ({
      to,
      about: [show`grant of ${to}`, show`until then`],
    }));
    expect(linearTree("did:web:acme", links).text.split("\n")).toEqual([
      "did:web:acme",
      "└─ to did:web:lead",
      "   │ grant of did:web:lead",
      "   │ until then",
      "   └─ to did:web:bot",
      "        grant of did:web:bot",
      "        until then",
    ]);
  });

  it("shows who stands beside whom", () => {
    const leaf = (to: string) => ({ to, about: [show`x`], below: [] });
    const tree = chainTree("acme", [{ to: "lead", about: [], below: [leaf("a"), leaf("b")] }, leaf("c")]);
    expect(tree.text.split("\n")).toEqual([
      "acme",
      "├─ to lead",
      "│  ├─ to a",
      "│  │    x",
      "│  └─ to b",
      "│       x",
      "└─ to c",
      "     x",
    ]);
  });

  it("says what was given, and until when in both ways", () => {
    const given = authority("2026-11-23T07:00:00Z", "2026-11-23T16:00:00Z", {
      redelegation: { maxHops: 1 },
      grants: [{ id: "eu", within: "all", actions: ["refund.create", "refund.read"] }],
    });
    expect(lines(...givenBy(given, NOW)).text.split("\n")).toEqual([
      "grant eu within all: refund.create, refund.read",
      "until 2026-11-23T16:00:00Z (in 8 hours), to be handed on 1 deep",
    ]);
  });

  it("shows sixteen grants of a link, and says how many more there are", () => {
    const grants = Array.from({ length: 20 }, (_, index) => ({ id: `g${String(index)}`, actions: ["a"] }));
    const given = authority("2026-11-23T07:00:00Z", "2026-11-23T16:00:00Z", { grants });
    const shown = lines(...givenBy(given, NOW)).text.split("\n");
    expect(shown).toHaveLength(18);
    expect(shown[16]).toBe("and 4 more grants, which are not shown");
  });

  it("says that it has ended, or has not begun", () => {
    const ended = authority("2026-11-20T07:00:00Z", "2026-11-21T08:00:00Z", { grants: [] });
    const later = authority("2026-11-23T08:10:00Z", "2026-11-23T09:00:00Z", { grants: [] });
    expect(lines(...givenBy(ended, NOW)).text).toBe(
      "until 2026-11-21T08:00:00Z (2 days ago), not to be handed on",
    );
    expect(lines(...givenBy(later, NOW)).text).toBe(
      "from 2026-11-23T08:10:00Z (in 10 min), until 2026-11-23T09:00:00Z (in 1 hour), not to be handed on",
    );
  });

  it("row 191: escapes names", () => {
    expect(linearTree("a\n└─ to b", [{ to: "c\u001b[2J", about: [] }]).text.split("\n")).toEqual([
      "a\\u{a}└─ to b",
      "└─ to c\\u{1b}[2J",
    ]);
  });
});
