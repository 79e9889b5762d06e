import type { WritError } from "@writ/core";
import { codeOfAsync } from "@writ/testkit";
import { cases, fc, PROPERTY_TIMEOUT_MS } from "@writ/testkit/properties";
import { describe, expect, it, vi } from "vitest";

import {
  addCredentials,
  createKey,
  createMemoryWalletStore,
  listCredentials,
  openWallet,
} from "../../src/index.js";
import { decodeSecret, encodeSecret } from "../../src/backup/secret-digits.js";
import { splitLines } from "../../src/backup/split-lines.js";
import { identityOf, openWorld } from "../world.js";
import { backup, collect, linesOf, NEW_SECRET, opening, restore, strangerOf } from "./backups.js";

vi.setConfig({ testTimeout: PROPERTY_TIMEOUT_MS });

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".split("");

const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 });
const claims = fc.record({ kind: fc.constantFrom("writ", "other", "key"), name });

describe("any content of a wallet", () => {
  it("comes back as it was", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(claims, { maxLength: 8 }), async (records) => {
        const { wallet } = await openWorld();
        for (const { kind, name: text } of records) {
          if (kind === "key") await createKey(wallet, { name: text });
          // What may not be taken in is not in the wallet.
          else
            await accepted(
              kind === "writ" ? identityOf(wallet.did, { name: text }) : strangerOf(wallet.did, text),
            );
        }
        async function accepted(document: Promise<object>) {
          const code = await codeIfRefused(async () => addCredentials(wallet, [await document]));
          expect(code).toMatch(/^(|CHAR_FORBIDDEN|NOT_NFC|CREDENTIAL_DUPLICATE|JSON_SURROGATE)$/);
        }
        const store = createMemoryWalletStore();
        const bytes = await backup(wallet);
        await restore(store, bytes);
        const restored = await openWallet(store, NEW_SECRET, wallet);
        const all = async (each: typeof wallet) => ({
          credentials: (await listCredentials(each)).map(({ id }) => id).sort(),
          lines: await linesWithoutMoment(each),
        });
        expect(await all(restored)).toEqual(await all(wallet));
      }),
      cases(40, 2_000),
    );
  });

  it("is told as soon as it is damaged", async () => {
    const whole = await backup((await openWorld()).wallet);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const damaged = whole.slice();
        damaged[at] = (damaged[at] ?? 0) ^ change;
        const code = await codeOfAsync(() => restore(createMemoryWalletStore(), damaged));
        expect(code).toMatch(/^(BACKUP_INVALID|UNLOCK_FAILED|KDF_LIMIT|TOO_LARGE)$/);
      }),
      cases(60, 3_000),
    );
  });
});

describe("the parts of a backup", () => {
  it("write 32 bytes as base64url does, and read nothing else", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (secret) => {
        const digits = encodeSecret(secret);
        expect(Buffer.from(digits).toString("ascii")).toBe(Buffer.from(secret).toString("base64url"));
        expect(decodeSecret(digits)).toEqual(secret);
      }),
      cases(300, 20_000),
    );
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...DIGITS), { minLength: 43, maxLength: 43 }), (digits) => {
        const secret = decodeSecret(Buffer.from(digits.join("")));
        // Every fourth digit may be the last: the others have bits beyond 32 bytes.
        const isCanonical = DIGITS.indexOf(digits[42] ?? "") % 4 === 0;
        expect(secret && Buffer.from(encodeSecret(secret)).toString()).toBe(
          isCanonical ? digits.join("") : undefined,
        );
      }),
      cases(300, 20_000),
    );
    expect(decodeSecret(Buffer.from(`${"A".repeat(42)}B`))).toBeUndefined();
  });

  it("split lines wherever the pieces end", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ maxLength: 20 }).map((text) => text.replaceAll("\n", " "))),
        fc.integer({ min: 1, max: 7 }),
        async (lines, pieceBytes) => {
          const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
          const read: string[] = [];
          for await (const line of splitLines(opening(bytes, pieceBytes)(), 1e6))
            read.push(Buffer.from(line).toString());
          expect(read).toEqual(lines);
        },
      ),
      cases(100, 5_000),
    );
    const endless = opening(Buffer.from("no end"));
    expect(await codeOfAsync(() => collect(splitLines(endless(), 1e6)))).toBe("BACKUP_INVALID");
  });
});

async function linesWithoutMoment(wallet: Parameters<typeof backup>[0]) {
  const lines = await linesOf(await backup(wallet));
  return lines
    .slice(1, -1)
    .map((line) => JSON.stringify(line))
    .sort();
}

async function codeIfRefused(call: () => Promise<unknown>): Promise<string> {
  try {
    await call();
    return "";
  } catch (error) {
    return (error as WritError).code;
  }
}
