import { Socket } from "node:net";

import { vi } from "vitest";

/** How many connections a call tries to open, over whichever library. */
export async function socketsOpenedBy(call: () => Promise<unknown>): Promise<number> {
  const connect = vi.spyOn(Socket.prototype, "connect");
  try {
    await call();
    return connect.mock.calls.length;
  } finally {
    connect.mockRestore();
  }
}
