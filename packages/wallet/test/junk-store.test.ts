import { WritError } from "@writ/core";
import { describe, expect, it } from "vitest";

import {
  listCredentials,
  openWallet,
  rekeyWallet,
  surveyWallet,
  type StoreState,
  type StoreView,
  type WalletStore,
} from "../src/index.js";
import { openWorld, rawKey } from "./world.js";

const SECRET = rawKey(1);
const ID = new Uint8Array(16);
const SEALED = new Uint8Array(5);

/** What no record is. */
const RECORDS: readonly (readonly [string, unknown])[] = [
  ["null", null],
  ["a number", 5],
  ["without members", {}],
  ["with an id of text", { id: "x", revision: 1, sealed: SEALED, tags: [] }],
  ["with no tags", { id: ID, revision: 1, sealed: SEALED, tags: null }],
  ["with tags of text", { id: ID, revision: 1, sealed: SEALED, tags: ["x"] }],
  ["with a revision of text", { id: ID, revision: "1", sealed: SEALED, tags: [] }],
];

const NOTHING: readonly (readonly [string, unknown])[] = [
  ["null", null],
  ["undefined", undefined],
  ["a text", "x"],
  ["without members", {}],
];

const VIEW = { generation: 1, counter: 0, pages: new Map<number, Uint8Array>(), records: [] };
const VIEWS: readonly (readonly [string, unknown])[] = [
  ...NOTHING,
  ["without records", { ...VIEW, records: null }],
  ["without pages", { ...VIEW, pages: null }],
  ["with pages that are no map", { ...VIEW, pages: [1] }],
  ["with a page of text", { ...VIEW, pages: new Map([[1, "x"]]) }],
  ...RECORDS.map(([name, record]) => [`with a record ${name}`, { ...VIEW, records: [record] }] as const),
];

/** The code of an error of Writ's; `undefined` where there is none. */
async function codeOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error instanceof WritError ? error.code : error;
  }
}

describe("a store that gives what no wallet has", () => {
  it.each(VIEWS)("is found out by what reads it: %s", async (_, junk) => {
    const { store } = await openWorld("junk");
    let isBad = false;
    const read: WalletStore["read"] = (query) =>
      isBad ? Promise.resolve(junk as StoreView) : store.read(query);
    const wallet = await openWallet({ ...store, read }, SECRET);
    isBad = true;
    expect(await codeOf(() => listCredentials(wallet))).toBe("RECORD_TAMPERED");
    const survey = () => surveyWallet({ ...store, read }, { secret: SECRET });
    expect(await codeOf(survey)).toBeUndefined();
  });

  it.each([
    ...NOTHING,
    ["a header that is none", { header: 5, generation: 1, counter: 0, root: ID }],
  ] as const)("is found out by what opens it: %s", async (_, junk) => {
    const { store } = await openWorld("junk");
    const state = () => Promise.resolve(junk as StoreState);
    const bad = { ...store, state };
    const codes = [
      await codeOf(() => openWallet(bad, SECRET)),
      await codeOf(() => surveyWallet(bad, { secret: SECRET })),
      await codeOf(() => rekeyWallet(bad, { secret: SECRET, newSecret: SECRET, mode: "full" })),
    ];
    const [code] = codes;
    expect(["RECORD_TAMPERED", "HEADER_CORRUPT"]).toContain(code);
    expect(codes).toEqual([code, code, code]);
  });

  it.each([...NOTHING, ...RECORDS.map(([name, record]) => [`a record ${name}`, [record]] as const)])(
    "is named by the doctor: %s",
    async (_, junk) => {
      const { store } = await openWorld("junk");
      const scan = () => Promise.resolve(junk as never);
      const { findings } = await surveyWallet({ ...store, scan }, { secret: SECRET });
      expect(findings[0]).toMatchObject({ code: "RECORD_TAMPERED", of: "file" });
    },
  );
});
