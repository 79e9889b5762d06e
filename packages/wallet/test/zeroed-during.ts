import { toHex } from "@writ/core";
import { vi } from "vitest";

/** What bytes held, in hex, that were overwritten with zeros meanwhile. */
export async function zeroedDuring(work: () => Promise<void>): Promise<readonly string[]> {
  const zeroed: string[] = [];
  const spy = vi.spyOn(Uint8Array.prototype, "fill");
  spy.mockImplementation(function (this: Uint8Array<ArrayBuffer>, value, start = 0, end = this.length) {
    if (value === 0) zeroed.push(toHex(this));
    for (let at = start; at < end; at++) this[at] = value;
    return this;
  });
  try {
    await work();
  } finally {
    spy.mockRestore();
  }
  return zeroed;
}
