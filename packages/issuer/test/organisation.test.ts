import { readFileSync } from "node:fs";
import { inspect } from "node:util";

import { createSchema, encodeBase64url, isDid, toHex, WritError } from "@writ/core";
import { codeOfAsync, fixedClock, refusalOfAsync, seededRandom } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { createOrganisation, defaultStatusBase, openOrganisation, openRegistry } from "../src/index.js";
import { NOW, openWorld, rawKey, reopen, rowCounts, START, temporaryDatabase } from "./world.js";

const FLOOR = { memoryKib: 19_456, passes: 2, lanes: 1 };
const environment = (seed: string) => ({ clock: fixedClock(START), random: seededRandom(seed) });

describe("createOrganisation", () => {
  it("makes a key of its own and opens again with the same secret", async () => {
    const { organisation, database } = await openWorld();
    expect(isDid(organisation.did)).toBe(true);
    expect(organisation).toMatchObject({ name: "Acme", statusBase: "https://acme.example/status/" });

    const opened = await openOrganisation(database, rawKey(1));
    expect(opened.did).toBe(organisation.did);
    expect(opened.signer.did).toBe(organisation.did);
    expect(opened).toMatchObject({ name: "Acme", statusBase: "https://acme.example/status/" });
    const data = Uint8Array.of(1, 2, 3);
    expect(await opened.signer.sign(data)).toEqual(await organisation.signer.sign(data));
    const [row] = await database.query("SELECT created FROM organisation");
    expect(row?.["created"]).toBe(NOW);
  });

  it("makes another key for each organisation", async () => {
    const one = await openWorld("one");
    const other = await openWorld("other");
    expect(one.organisation.did).not.toBe(other.organisation.did);
  });

  it("refuses a second organisation in one database and leaves the first", async () => {
    const { organisation, database } = await openWorld();
    const again = () =>
      createOrganisation(database, { name: "Other", secret: rawKey(2) }, environment("again"));
    expect(await codeOfAsync(again)).toBe("ALREADY_EXISTS");
    expect((await rowCounts(database))["organisation"]).toBe(1);
    expect((await openOrganisation(database, rawKey(1))).did).toBe(organisation.did);
  });

  it("has an address of its own for its lists where none is given", async () => {
    const database = await temporaryDatabase();
    const { did, statusBase } = await createOrganisation(
      database,
      { name: "Acme", secret: rawKey(1) },
      environment("default"),
    );
    expect(statusBase).toBe(`https://status.writ.example/${did.slice(8)}/`);
    expect(statusBase).toBe(defaultStatusBase(did));
  });

  it("ends the address of the lists with a slash", async () => {
    const database = await temporaryDatabase();
    const options = { name: "Acme", secret: rawKey(1), statusBase: "https://acme.example/s" };
    expect((await createOrganisation(database, options, environment("slash"))).statusBase).toBe(
      "https://acme.example/s/",
    );
  });

  it.each([
    "http://acme.example/",
    "https://user@acme.example/",
    "https://acme.example/?a=b",
    "file:///tmp/",
  ])("refuses %s as the address of its lists, and makes nothing", async (statusBase) => {
    const database = await temporaryDatabase();
    const create = () =>
      createOrganisation(database, { name: "Acme", secret: rawKey(1), statusBase }, environment("address"));
    expect(await refusalOfAsync(create)).toEqual({ code: "RESOURCE_INVALID", pointer: "/statusBase" });
    expect(await codeOfAsync(() => openRegistry(database))).toBe("NOT_FOUND");
  });

  it("refuses a name that nobody can read", async () => {
    const database = await temporaryDatabase();
    const named = (name: string) => () =>
      createOrganisation(database, { name, secret: rawKey(1) }, environment("name"));
    expect(await refusalOfAsync(named(""))).toEqual({ code: "SCHEMA_INVALID", pointer: "/name" });
    expect(await refusalOfAsync(named("Ac\u202eme"))).toEqual({ code: "CHAR_FORBIDDEN", pointer: "/name" });
  });

  it("refuses a cost of the passphrase that is too low", async () => {
    const database = await temporaryDatabase();
    const secret = { type: "passphrase", passphrase: "correct horse" } as const;
    const create = () =>
      createOrganisation(
        database,
        { name: "Acme", secret, cost: { ...FLOOR, passes: 1 } },
        environment("cost"),
      );
    expect(await codeOfAsync(create)).toBe("KDF_LIMIT");
  });
});

describe("openOrganisation", () => {
  it("refuses a wrong raw key, and a passphrase in its place", async () => {
    const { database } = await openWorld();
    expect(await codeOfAsync(() => openOrganisation(database, rawKey(2)))).toBe("UNLOCK_FAILED");
    const passphrase = { type: "passphrase", passphrase: "x" } as const;
    expect(await codeOfAsync(() => openOrganisation(database, passphrase))).toBe("UNLOCK_FAILED");
  });

  it("opens with its passphrase, and with no other", async () => {
    const database = await temporaryDatabase();
    const secret = { type: "passphrase", passphrase: "correct horse" } as const;
    const options = { name: "Acme", secret, cost: FLOOR };
    const { did } = await createOrganisation(database, options, environment("passphrase"));
    expect((await openOrganisation(database, secret)).did).toBe(did);
    const wrong = { type: "passphrase", passphrase: "correct horsf" } as const;
    expect(await codeOfAsync(() => openOrganisation(database, wrong))).toBe("UNLOCK_FAILED");
  });

  it("finds none in an empty database, and makes none", async () => {
    const database = await temporaryDatabase();
    expect(await codeOfAsync(() => openOrganisation(database, rawKey(1)))).toBe("NOT_FOUND");
    expect(await codeOfAsync(() => openRegistry(database))).toBe("NOT_FOUND");
  });

  it("leaves a database of a newer version as it is, byte for byte", async () => {
    const { database, path } = await openWorld();
    await database.query("UPDATE writ_schema SET version = 99 WHERE component = 'organisation'");
    await database.close();
    const before = readFileSync(path);
    const later = await reopen(path);
    expect(await codeOfAsync(() => openOrganisation(later, rawKey(1)))).toBe("FORMAT_TOO_NEW");
    expect(await codeOfAsync(() => openRegistry(later))).toBe("FORMAT_TOO_NEW");
    await later.close();
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it("refuses a sealed key that was moved from another organisation, with or without its header", async () => {
    const one = await openWorld("one");
    const other = await openWorld("other");
    const [row] = await other.database.query("SELECT key_header, sealed_seed, did FROM organisation");
    const { key_header: header = null, sealed_seed: sealed = null } = row ?? {};

    await one.database.query("UPDATE organisation SET sealed_seed = $1", [sealed]);
    expect(await codeOfAsync(() => openOrganisation(one.database, rawKey(1)))).toBe("RECORD_TAMPERED");
    await one.database.query("UPDATE organisation SET key_header = $1", [header]);
    expect(await codeOfAsync(() => openOrganisation(one.database, rawKey(1)))).toBe("RECORD_TAMPERED");
  });

  it("refuses a DID that was changed, and a sealed key with a flipped bit", async () => {
    const { database } = await openWorld();
    const [row] = await database.query("SELECT did, sealed_seed FROM organisation");
    const sealed = Uint8Array.from(row?.["sealed_seed"] as Uint8Array);
    for (const at of [0, 23, 24, sealed.length - 1]) {
      const flipped = Uint8Array.from(sealed);
      flipped[at] = (flipped[at] as number) ^ 1;
      await database.query("UPDATE organisation SET sealed_seed = $1", [flipped]);
      expect(await codeOfAsync(() => openOrganisation(database, rawKey(1)))).toBe("RECORD_TAMPERED");
    }
    await database.query("UPDATE organisation SET sealed_seed = $1, did = $2", [
      sealed,
      "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
    ]);
    expect(await codeOfAsync(() => openOrganisation(database, rawKey(1)))).toBe("RECORD_TAMPERED");
  });

  it.each(["sealed_seed = hex(sealed_seed)", "sealed_seed = 12", "key_header = x'00'", "name = x'05'"])(
    "refuses a column that holds something else: %s",
    async (assignment) => {
      const { database } = await openWorld();
      await database.query(`UPDATE organisation SET ${assignment}`);
      expect(await codeOfAsync(() => openOrganisation(database, rawKey(1)))).toBe("DATABASE_INVALID");
    },
  );

  it("tells a damaged header from a wrong secret", async () => {
    const { database } = await openWorld();
    await database.query("UPDATE organisation SET key_header = replace(key_header, 'raw', 'row')");
    expect(await codeOfAsync(() => openOrganisation(database, rawKey(1)))).toBe("HEADER_CORRUPT");
  });

  it("opens the registry without the secret, and without a signer", async () => {
    const { organisation, database } = await openWorld();
    const registry = await openRegistry(database);
    expect(registry.did).toBe(organisation.did);
    expect("signer" in registry).toBe(false);
  });

  it("signs nothing once it is closed, and its records stay open", async () => {
    const { organisation, database } = await openWorld();
    organisation.close();
    expect(await codeOfAsync(() => organisation.signer.sign(new Uint8Array(1)))).toBe("ARGUMENT_INVALID");
    const opened = await openOrganisation(database, rawKey(1));
    opened.close();
    expect(await codeOfAsync(() => opened.signer.sign(new Uint8Array(1)))).toBe("ARGUMENT_INVALID");
    expect((await openRegistry(database)).did).toBe(organisation.did);
  });

  it("shares a database with other components", async () => {
    const database = await temporaryDatabase();
    await createSchema(database, { component: "other", versions: [["CREATE TABLE other (id TEXT)"]] }, () =>
      Promise.resolve(),
    );
    expect(await codeOfAsync(() => openRegistry(database))).toBe("NOT_FOUND");
    await createOrganisation(database, { name: "Acme", secret: rawKey(1) }, environment("shared"));
    expect((await openRegistry(database)).name).toBe("Acme");
  });
});

describe("the organisation's secret", () => {
  it("is nowhere in the files, nor shown by inspection or serialisation", async () => {
    const drawn: Uint8Array[] = [];
    const random = seededRandom("secret");
    const { path, ...database } = await temporaryDatabase();
    const organisation = await createOrganisation(
      database,
      { name: "Acme", secret: rawKey(7) },
      {
        clock: fixedClock(START),
        random(length) {
          const bytes = random(length);
          // Root key and seed.
          if (length === 32) drawn.push(Uint8Array.from(bytes));
          return bytes;
        },
      },
    );
    const secrets = [...drawn, new Uint8Array(32).fill(7)];
    expect(secrets).toHaveLength(3);
    const files = ["", "-wal", "-shm"].map((suffix) => readFileSync(path + suffix));
    const shown = inspect(organisation, { depth: 9, showHidden: true }) + JSON.stringify(organisation);
    for (const secret of secrets) {
      for (const text of [toHex(secret), encodeBase64url(secret)]) {
        expect(shown).not.toContain(text);
        expect(files.some((file) => file.includes(text))).toBe(false);
      }
      expect(files.some((file) => file.includes(Buffer.from(secret)))).toBe(false);
    }
    const error = await openOrganisation(database, rawKey(8)).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(WritError);
    expect(inspect(error)).not.toContain("08080808");
  });
});
