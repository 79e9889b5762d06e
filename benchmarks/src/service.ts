import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { openSqliteDatabase } from "@writ/database";
import autocannon from "autocannon";

import type { Started } from "./service-process.js";

/** The service under load, on loopback, in a process of its own. `service.js [minutes of steady load]`. */
const MINUTES = Number(process.argv[2] ?? 1);
const SECONDS = 8;

type Request = autocannon.Request;

const folder = await mkdtemp(join(tmpdir(), "writ-load-"));
try {
  await benchmark();
} finally {
  await rm(folder, { recursive: true });
}

async function benchmark(): Promise<void> {
  const child = fork(new URL("./service-process.js", import.meta.url), [folder]);
  const [started] = (await once(child, "message")) as [Started];
  try {
    const perSecond = await measureRates(started);
    await holdSteady(started, 0.7 * perSecond);
    const acknowledged = await overload(started);
    child.send("stop");
    await once(child, "exit");
    await assertKept(acknowledged);
  } finally {
    child.kill("SIGKILL");
  }
}

function post(path: string, body: object): Request {
  return {
    method: "POST",
    path,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  };
}

function load(url: string, options: Omit<autocannon.Options, "url">): Promise<autocannon.Result> {
  return autocannon({ url, ...options });
}

/** Requests per second, and how long they took, beside a handler that does nothing; returns those of a mixture. */
async function measureRates({ url, credentials }: Started): Promise<number> {
  const jcs = post("/credentials/verify", { verifiableCredential: credentials.jcs });
  const identity = post("/credentials/verify", { verifiableCredential: credentials.identity });
  const rdf = post("/credentials/verify", { verifiableCredential: credentials.rdf });
  const mixture = [jcs, rdf];
  const cases: readonly (readonly [string, Request[]])[] = [
    ["nothing", [post("/nothing", { verifiableCredential: credentials.jcs })]],
    ["verify an agent's identity", [identity]],
    ["verify, eddsa-jcs-2022", [jcs]],
    ["verify, eddsa-rdfc-2022", [rdf]],
    ["verify, both by turns", mixture],
  ];
  let last = 0;
  for (const connections of [1, 100]) {
    console.log(`\n${String(connections)} connection(s)`);
    let empty: autocannon.Result | undefined;
    for (const [name, requests] of cases) {
      // What compiles, and what is read for the first time, does not count.
      await load(url, { connections, requests, duration: 2 });
      const result = await load(url, { connections, requests, duration: SECONDS });
      assert.deepEqual([result.non2xx, result.errors], [0, 0]);
      empty ??= result;
      last = result.requests.average;
      const share = (100 * last) / empty.requests.average;
      console.log(
        `${name.padEnd(26)} ${last.toFixed(0).padStart(7)}/s  p50 ${milliseconds(result.latency.p50)}  ` +
          `p99 ${milliseconds(result.latency.p99)}  ${share.toFixed(1).padStart(5)} % of nothing`,
      );
    }
  }
  return last;
}

function milliseconds(value: number): string {
  return `${String(value).padStart(4)} ms`;
}

/** Minutes at a share of what it can do: nothing is refused, and memory stays what it is. */
async function holdSteady({ url, credentials }: Started, perSecond: number): Promise<void> {
  const overallRate = Math.round(perSecond);
  console.log(`\n${String(MINUTES)} minute(s) at ${String(overallRate)}/s, 70 % of the mixture's most`);
  const requests = [credentials.jcs, credentials.rdf].map((verifiableCredential) =>
    post("/credentials/verify", { verifiableCredential }),
  );
  const duration = 60 * MINUTES;
  const running = load(url, { connections: 20, requests, overallRate, duration });
  const ended = running.then(() => "ended");
  for (let minute = 1; minute <= MINUTES; minute++) {
    const samples: Memory[] = [];
    // The lowest of a minute is what stays when what is not needed any more was collected.
    for (let sample = 0; sample < 29; sample++) {
      if ((await Promise.race([ended, sleep(2000, "sample")])) === "ended") break;
      samples.push(await memoryOf(url));
    }
    const lowest = (name: keyof Memory): string =>
      (Math.min(...samples.map((sample) => sample[name])) / 2 ** 20).toFixed(1);
    console.log(
      `minute ${String(minute).padStart(2)}: heap ${lowest("heap")} MiB, resident ${lowest("resident")} MiB`,
    );
    await Promise.race([ended, sleep(2000)]);
  }
  const result = await running;
  assert.deepEqual([result.non2xx, result.errors], [0, 0]);
  console.log(
    `${String(result["2xx"])} answers, p50 ${milliseconds(result.latency.p50)}, p99 ${milliseconds(result.latency.p99)}`,
  );
}

interface Memory {
  readonly heap: number;
  readonly resident: number;
}

async function memoryOf(url: string): Promise<Memory> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const gauge = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]);
  return { heap: gauge("nodejs_heap_size_used_bytes"), resident: gauge("process_resident_memory_bytes") };
}

/** Ten times as much as can be issued; returns the names of the credentials that were acknowledged. */
async function overload({ url, token }: Started): Promise<readonly string[]> {
  const acknowledged: string[] = [];
  let count = 0;
  const issue: Request = {
    method: "POST",
    path: "/issuers/status/credentials/issue",
    setupRequest: (request, context) => {
      const name = `urn:load:${String(count++)}`;
      (context as { name?: string }).name = name;
      return {
        ...request,
        headers: {
          "content-type": "application/json",
          authorization: `Bearer ${token}`,
          "idempotency-key": name,
        },
        body: JSON.stringify({
          credential: {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            id: name,
            type: ["VerifiableCredential"],
            credentialSubject: { id: "did:example:student" },
          },
        }),
      };
    },
    onResponse: (status, _body, context) => {
      if (status === 201) acknowledged.push((context as { name: string }).name);
    },
  };
  const most = await load(url, { connections: 100, requests: [issue], duration: SECONDS });
  assert.deepEqual([most.non2xx, most.errors], [0, 0]);
  const overallRate = Math.round(10 * most.requests.average);
  console.log(`\nissue with a status and an idempotency key: ${most.requests.average.toFixed(0)}/s at most`);
  const over = await load(url, { connections: 1000, requests: [issue], overallRate, duration: SECONDS });
  console.log(
    `asked ${String(overallRate)}/s: ${String(over.requests.total)} answers, ${String(over["2xx"])} of them 201,`,
    `others ${JSON.stringify(statusesOf(over))}, ${String(over.errors)} without answer`,
  );
  return acknowledged;
}

function statusesOf({ statusCodeStats }: autocannon.Result): Readonly<Record<string, number>> {
  const others = Object.entries(statusCodeStats ?? {}).filter(([status]) => status !== "201");
  return Object.fromEntries(others.map(([status, { count }]) => [status, count ?? 0]));
}

/** What was acknowledged is on record, signed, and has an entry by which it can be revoked. */
async function assertKept(acknowledged: readonly string[]): Promise<void> {
  const database = await openSqliteDatabase({ path: join(folder, "acme.db"), mode: "open" });
  const rows = await database.query(
    `SELECT document_id FROM credentials JOIN status_entries ON status_entries.credential_id = credentials.id
     WHERE digest IS NOT NULL`,
  );
  await database.close();
  const kept = new Set(rows.map((row) => row["document_id"]));
  const lost = acknowledged.filter((name) => !kept.has(name));
  console.log(`${String(acknowledged.length)} credentials acknowledged, ${String(lost.length)} lost`);
  assert.deepEqual(lost, []);
}
