import { expect, it } from "vitest";

import { connectRaw, statuses, type RawConnection } from "./raw.js";
import { listening, serve, until } from "./served.js";

const MAX_CONNECTIONS = 2048;
/** Ten thousand, as the row has it, under `pnpm test:faults`. */
const COUNT = process.env["WRIT_FAULTS"] === "1" ? 10_000 : 2500;

it("row 201: of ten thousand idle connections, those beyond the number are closed, and whoever was in is answered", async () => {
  const { service } = await serve([]);
  const { url } = await listening(service, {
    limits: { headersTimeoutMs: 30_000, requestTimeoutMs: 30_000 },
  });
  const early = await connectRaw(url);
  const idle: RawConnection[] = [];
  while (idle.length < COUNT) {
    idle.push(...(await Promise.all(Array.from({ length: 500 }, () => connectRaw(url)))));
  }
  early.write("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await until(() => early.received() !== "");
  expect(statuses(early.received())).toEqual([200]);
  const open = (): number => idle.filter(({ socket }) => !socket.destroyed).length;
  await until(() => open() < MAX_CONNECTIONS);
  expect(open()).toBe(MAX_CONNECTIONS - 1);
}, 120_000);
