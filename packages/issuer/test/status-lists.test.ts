import type { StatusEntry } from "@writ/core";
import { codeOfAsync, seededRandom } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { grantAuthority, type Agent, type Organisation } from "../src/index.js";
import { allocateStatus, LIST_LENGTH } from "../src/status-lists.js";
import { enrol, openWorld, rowCounts } from "./world.js";

const READ = { id: "read", actions: ["order.read"] };

async function statusOf(organisation: Organisation, agent: Agent): Promise<readonly StatusEntry[]> {
  const { credentialStatus = [] } = await grantAuthority(organisation, agent, { grants: [READ] });
  return credentialStatus;
}

/** The organisation with a source that draws these indexes, and then as before. */
function drawing(organisation: Organisation, indexes: readonly number[]): Organisation & { drawn: number } {
  const left = [...indexes];
  const scripted = {
    ...organisation,
    drawn: 0,
    random(length: number) {
      if (length !== 4) return organisation.random(length);
      scripted.drawn++;
      const bytes = new Uint8Array(4);
      const index = left.shift();
      if (index === undefined) return organisation.random(4);
      new DataView(bytes.buffer).setUint32(0, index);
      return bytes;
    },
  };
  return scripted;
}

describe("status entries", () => {
  it("are given up on where the randomness always draws the same", async () => {
    const { organisation } = await openWorld("broken randomness");
    const agent = await enrol(organisation, "a");
    const broken = drawing(
      organisation,
      Array.from({ length: 2100 }, () => 7),
    );
    await grantAuthority(broken, agent, { grants: [READ] });
    const again = codeOfAsync(() => grantAuthority(broken, agent, { grants: [READ] }));
    expect(await again).toBe("STATUS_UNAVAILABLE");
  });

  it("row 167: are unique over 2,000 credentials, spread over the list, and tell no order", async () => {
    const { organisation, database } = await openWorld("2,000");
    const indexes: Record<string, number[]> = { revocation: [], suspension: [] };
    await database.transaction(async (transaction) => {
      for (let count = 0; count < 2000; count++) {
        const id = `credential ${String(count)}`;
        await transaction.query(
          "INSERT INTO credentials (id, type, subject, valid_until) VALUES ($1, 'test', 'test', 0)",
          [id],
        );
        for (const entry of await allocateStatus(transaction, organisation, id)) {
          indexes[entry.statusPurpose]?.push(Number(entry.statusListIndex));
        }
      }
    });
    for (const list of Object.values(indexes)) {
      expect(new Set(list).size).toBe(2000);
      expect(Math.min(...list)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...list)).toBeLessThan(LIST_LENGTH);
      // Each eighth of the list holds about 250 of them.
      for (let eighth = 0; eighth < 8; eighth++) {
        const share = list.filter((index) => Math.floor((index * 8) / LIST_LENGTH) === eighth).length;
        expect(share).toBeGreaterThan(180);
        expect(share).toBeLessThan(320);
      }
      const rising = list.filter((index, at) => index > (list[at - 1] ?? 0)).length;
      expect(rising).toBeGreaterThan(850);
      expect(rising).toBeLessThan(1150);
    }
    expect(indexes["revocation"]).not.toEqual(indexes["suspension"]);
    const used = await database.query("SELECT list_id, used FROM status_lists ORDER BY list_id");
    expect(used).toEqual([
      { list_id: "r1", used: 2000 },
      { list_id: "s1", used: 2000 },
    ]);
  });

  it("row 167: are drawn again where the index is taken", async () => {
    const { organisation } = await openWorld();
    const agent = await enrol(organisation, "a");
    const first = drawing(organisation, [7, 7]);
    expect((await statusOf(first, agent)).map(({ statusListIndex }) => statusListIndex)).toEqual(["7", "7"]);
    expect(first.drawn).toBe(2);

    const second = drawing(organisation, [7, 7, 7, 8, 7, LIST_LENGTH + 7, 131_071]);
    const indexes = (await statusOf(second, agent)).map(({ statusListIndex }) => statusListIndex);
    expect(indexes).toEqual(["8", "131071"]);
    expect(second.drawn).toBe(7);
  });

  it("count only what was taken", async () => {
    const { organisation, database } = await openWorld();
    const agent = await enrol(organisation, "a");
    await statusOf(drawing(organisation, [7, 7]), agent);
    await statusOf(drawing(organisation, [7, 7, 9, 9]), agent);
    // One entry of each list belongs to the identity credential.
    const rows = await database.query("SELECT used FROM status_lists");
    expect(rows).toEqual([{ used: 3 }, { used: 3 }]);
    expect((await rowCounts(database))["status_entries"]).toBe(6);
  });

  it("are as random where the source hands out parts of a larger buffer", async () => {
    const { organisation } = await openWorld();
    const agent = await enrol(organisation, "a");
    const source = seededRandom("pool");
    const pooled: Organisation = {
      ...organisation,
      random(length) {
        const pool = new Uint8Array(64 + length);
        pool.set(source(length), 32);
        return pool.subarray(32, 32 + length);
      },
    };
    const [one, other] = [await statusOf(pooled, agent), await statusOf(pooled, agent)];
    const indexes = [...one, ...other].map(({ statusListIndex }) => statusListIndex);
    expect(new Set(indexes).size).toBe(4);
    expect(indexes).not.toContain("0");
  });

  it("row 168: open a second list when the first is nine tenths full, and never the first again", async () => {
    const { organisation, database } = await openWorld();
    const agent = await enrol(organisation, "a");
    const listsOf = async () =>
      (await statusOf(organisation, agent)).map(({ statusListCredential }) => statusListCredential);

    await database.query("UPDATE status_lists SET used = 117963 WHERE list_id = 'r1'");
    expect(await listsOf()).toEqual(["https://acme.example/status/r1", "https://acme.example/status/s1"]);
    expect(await listsOf()).toEqual(["https://acme.example/status/r2", "https://acme.example/status/s1"]);
    expect(await listsOf()).toEqual(["https://acme.example/status/r2", "https://acme.example/status/s1"]);
    const rows = await database.query(
      "SELECT list_id, purpose, number, used FROM status_lists ORDER BY list_id",
    );
    expect(rows).toEqual([
      { list_id: "r1", purpose: "revocation", number: 1, used: 117_964 },
      { list_id: "r2", purpose: "revocation", number: 2, used: 2 },
      { list_id: "s1", purpose: "suspension", number: 1, used: 4 },
    ]);
  });

  it("take the list of the highest number, not of the last name", async () => {
    const { organisation, database } = await openWorld();
    const agent = await enrol(organisation, "a");
    await database.query("UPDATE status_lists SET used = 131072");
    for (const number of [2, 9, 10]) {
      await database.query(
        "INSERT INTO status_lists (list_id, purpose, number, used) VALUES ($1, 'revocation', $2, 131072)",
        [`r${String(number)}`, number],
      );
    }
    const [entry] = await statusOf(organisation, agent);
    expect(entry?.statusListCredential).toBe("https://acme.example/status/r11");
  });
});
