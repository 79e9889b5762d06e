import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { decodeStatusList } from "@writ/core";
import { FULL, report } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { grantAuthority, listEvents, publishStatusLists } from "../src/index.js";
import { startChild } from "./children/child.js";
import { assertSound, credentialsOnRecord, publishedBits } from "./on-record.js";
import { enrol, openWorld } from "./world.js";

const [WRITERS, CREDENTIALS] = FULL ? [50, 10_000] : [6, 300];
/** So many of them each of the writers revokes. */
const SHARED = 10;
const READ = { id: "read", actions: ["order.read"] };

/** An organisation that has issued so many credentials; nothing of it needs to outlive the machine. */
async function openIssued() {
  const { organisation, database, path } = await openWorld();
  await database.query("PRAGMA synchronous = OFF");
  const agent = await enrol(organisation, "a");
  const ids: string[] = [];
  for (let n = 0; n < CREDENTIALS; n++) {
    ids.push((await grantAuthority(organisation, agent, { grants: [READ] })).id);
  }
  return { organisation, path, ids };
}

describe("row 170: several processes that revoke at once", () => {
  it(
    `lose not one bit of ${String(CREDENTIALS)} credentials, ${String(WRITERS)} at a time`,
    { timeout: 1_800_000 },
    async () => {
      const { organisation, path, ids } = await openIssued();
      const before = await assertSound(organisation);
      const writers = Array.from({ length: WRITERS }, (_, n) => {
        const own = ids.filter((_, index) => index < SHARED || index % WRITERS === n);
        const file = join(dirname(path), `${String(n)}.json`);
        writeFileSync(file, JSON.stringify(own));
        return startChild("revoke-many.mjs", path, file);
      });
      for (const { lines } of writers) expect((await lines.next()).value).toBe("ready");
      const begun = performance.now();
      for (const { process } of writers) process.stdin?.write("begin\n");
      expect(await Promise.all(writers.map(({ ended }) => ended))).toEqual(writers.map(() => 0));
      const seconds = (performance.now() - begun) / 1000;

      const isSet = await publishedBits(organisation);
      const onRecord = [...(await credentialsOnRecord(organisation)).values()];
      const shown = onRecord.filter(({ entries }) => isSet(entries, "revocation"));
      expect(new Set(shown.map(({ id }) => id))).toEqual(new Set(ids));
      expect(onRecord.filter(({ entries }) => isSet(entries, "suspension"))).toEqual([]);
      const [list] = await publishStatusLists(organisation);
      const bits = decodeStatusList(list?.credential.credentialSubject.encodedList ?? "");
      let count = 0;
      for (let index = 0; index < bits.length; index++) count += bits.valueAt(index);
      expect(count).toBe(CREDENTIALS);
      // One event for each that was revoked, however many revoked it.
      expect(await assertSound(organisation)).toBe(before + CREDENTIALS);
      const events = await listEvents(organisation, { action: "credential.revoked", limit: 2 * CREDENTIALS });
      expect(new Set(events.map(({ credentialId }) => credentialId))).toEqual(new Set(ids));
      report(
        `${String(WRITERS)} processes revoked ${String(CREDENTIALS)} credentials in ${seconds.toFixed(1)} s: 0 bits lost, no gap in the events`,
      );
    },
  );
});
