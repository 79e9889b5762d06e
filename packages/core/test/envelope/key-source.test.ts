import { codeOf, codeOfAsync, seededRandom } from "@writ/testkit";
import { afterEach, describe, expect, it, vi } from "vitest";

import { toHex } from "../../src/encoding/bytes.js";
import { createEnvelope, openEnvelope } from "../../src/envelope/key-envelope.js";
import {
  assertArgon2Cost,
  DEFAULT_ARGON2_COST,
  deriveFromPassphrase,
  MAX_ARGON2_COST,
  MIN_ARGON2_COST,
} from "../../src/envelope/key-source.js";
import { idOf } from "../fixtures.js";

const SALT = seededRandom("salt")(16);
const derive = (passphrase: string): Promise<Uint8Array> =>
  deriveFromPassphrase(passphrase, SALT, MIN_ARGON2_COST);

afterEach(() => {
  vi.doUnmock("@node-rs/argon2");
  vi.resetModules();
});

describe("the cost of Argon2id (DESIGN 5)", () => {
  it("has these limits", () => {
    expect([MIN_ARGON2_COST, DEFAULT_ARGON2_COST, MAX_ARGON2_COST]).toEqual([
      { memoryKib: 19_456, passes: 2, lanes: 1 },
      { memoryKib: 65_536, passes: 3, lanes: 4 },
      { memoryKib: 1_048_576, passes: 10, lanes: 16 },
    ]);
  });

  it.each([MIN_ARGON2_COST, DEFAULT_ARGON2_COST, MAX_ARGON2_COST])("may be $memoryKib KiB", (cost) => {
    expect(() => assertArgon2Cost(cost)).not.toThrow();
  });

  it.each([
    { memoryKib: 19_455 },
    { memoryKib: 1_048_577 },
    { memoryKib: 65_536.5 },
    { memoryKib: NaN },
    { memoryKib: Infinity },
    { passes: 1 },
    { passes: 11 },
    { lanes: 0 },
    { lanes: 17 },
    { lanes: -1 },
    { lanes: undefined as unknown as number },
  ])("may not be %j", async (change) => {
    const cost = { ...DEFAULT_ARGON2_COST, ...change };
    expect(
      codeOf(() => {
        assertArgon2Cost(cost);
      }),
    ).toBe("KDF_LIMIT");
    expect(await codeOfAsync(() => deriveFromPassphrase("passphrase", SALT, cost))).toBe("KDF_LIMIT");
    const source = { type: "passphrase", passphrase: "passphrase" } as const;
    expect(
      await codeOfAsync(() => createEnvelope("wallet", idOf("x"), source, seededRandom("x"), cost)),
    ).toBe("KDF_LIMIT");
  });

  it("is refused before anything runs (row 176)", async () => {
    const hashRaw = vi.fn(() => Promise.resolve(new Uint8Array(32).fill(7)));
    vi.doMock("@node-rs/argon2", () => ({ hashRaw }));
    vi.resetModules();
    const { deriveFromPassphrase: fresh } = await import("../../src/envelope/key-source.js");
    const cost = { ...MIN_ARGON2_COST, memoryKib: 4 * 1024 ** 3 };
    await expect(fresh("passphrase", SALT, cost)).rejects.toMatchObject({ code: "KDF_LIMIT" });
    expect(hashRaw).not.toHaveBeenCalled();
    expect(await fresh("passphrase", SALT, MIN_ARGON2_COST)).toEqual(new Uint8Array(32).fill(7));
  });

  it("leaves no passphrase in memory, as far as it can", async () => {
    const given: Uint8Array[] = [];
    const seen: string[] = [];
    const hold = (password: Uint8Array): Promise<Uint8Array> => {
      given.push(password);
      seen.push(new TextDecoder().decode(password));
      return given.length === 1
        ? Promise.resolve(new Uint8Array(32))
        : Promise.reject(new Error("no memory"));
    };
    vi.doMock("@node-rs/argon2", () => ({ hashRaw: hold }));
    vi.resetModules();
    const { deriveFromPassphrase: fresh } = await import("../../src/envelope/key-source.js");
    await fresh("passphrase", SALT, MIN_ARGON2_COST);
    await expect(fresh("passphrase", SALT, MIN_ARGON2_COST)).rejects.toThrow("no memory");
    vi.doMock("@node-rs/argon2", () => {
      throw new Error("no binary for this machine");
    });
    vi.doMock("@noble/hashes/argon2.js", () => ({ argon2idAsync: hold }));
    vi.resetModules();
    const { deriveFromPassphrase: portable } = await import("../../src/envelope/key-source.js");
    await expect(portable("passphrase", SALT, MIN_ARGON2_COST)).rejects.toThrow("no memory");
    vi.doUnmock("@noble/hashes/argon2.js");
    expect(seen).toEqual(["passphrase", "passphrase", "passphrase"]);
    for (const password of given) expect(password).toEqual(new Uint8Array("passphrase".length));
  });
});

describe("a passphrase (row 178)", () => {
  it("is not half a surrogate pair, which would be the same bytes as any other", async () => {
    expect(await codeOfAsync(() => derive("pass\ud800word"))).toBe("ARGUMENT_INVALID");
  });

  it("opens in form C and form D alike", async () => {
    const source = (passphrase: string): { type: "passphrase"; passphrase: string } => ({
      type: "passphrase",
      passphrase,
    });
    const { header, envelope } = await createEnvelope(
      "wallet",
      idOf("x"),
      source("Zoe\u0308 \u212b"),
      seededRandom("x"),
      MIN_ARGON2_COST,
    );
    expect(await openEnvelope("wallet", header, source("Zo\u00eb \u00c5"))).toEqual(envelope);
    expect(await codeOfAsync(() => openEnvelope("wallet", header, source("Zoe \u00c5")))).toBe(
      "UNLOCK_FAILED",
    );
  });

  it.each([
    ["empty", ""],
    ["of 1,025 bytes", "x".repeat(1025)],
    ["of 1,026 bytes in 513 characters", "é".repeat(513)],
    ["of 1 MiB", "x".repeat(1024 * 1024)],
  ])("is refused %s", async (_, passphrase) => {
    expect(await codeOfAsync(() => derive(passphrase))).toBe("ARGUMENT_INVALID");
  });

  it("may have 1 byte, and 1,024", async () => {
    const keys = [await derive("x"), await derive("é".repeat(512))];
    expect(keys.map(({ length }) => length)).toEqual([32, 32]);
  });
});

describe("the implementations of Argon2id", () => {
  it("agree, for each cost", async () => {
    const costs = [MIN_ARGON2_COST, { memoryKib: 19_459, passes: 3, lanes: 2 }];
    const native = await Promise.all(costs.map((cost) => deriveFromPassphrase("passphrase é", SALT, cost)));
    const absent = vi.fn(() => {
      throw new Error("no binary for this machine");
    });
    vi.doMock("@node-rs/argon2", absent);
    vi.resetModules();
    const { deriveFromPassphrase: portable } = await import("../../src/envelope/key-source.js");
    const noble = await Promise.all(costs.map((cost) => portable("passphrase é", SALT, cost)));
    expect(absent).toHaveBeenCalled();
    expect(noble.map(toHex)).toEqual(native.map(toHex));
  });
});
