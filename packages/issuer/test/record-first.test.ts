import {
  asJson,
  createResolver,
  digestMultibase,
  verifyProofs,
  WritError,
  type Database,
  type Signer,
} from "@writ/core";
import { codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { enrolAgent, grantAuthority, revokeCredential, type Organisation } from "../src/index.js";
import { noteSigned } from "../src/sign-recorded.js";
import { enrol, openWorld, requestOf, rowCounts, signerOf } from "./world.js";

const READ = { id: "read", actions: ["order.read"] };

/** An organisation whose signer does something else when it is asked to sign. */
function withSign(organisation: Organisation, sign: Signer["sign"]): Organisation {
  return { ...organisation, signer: { ...organisation.signer, sign } };
}

/** The credentials that were recorded but never handed out. */
async function orphans(database: Database): Promise<readonly string[]> {
  const rows = await database.query("SELECT id FROM credentials WHERE digest IS NULL ORDER BY id");
  return rows.map((row) => row["id"] as string);
}

async function setEntries(database: Database, id: string): Promise<readonly unknown[]> {
  return database.query(
    "SELECT list_id, is_set FROM status_entries WHERE credential_id = $1 ORDER BY list_id",
    [id],
  );
}

describe("row 166: record first, then sign", () => {
  it("has the credential and its status entries on record when the signer is asked", async () => {
    const { organisation, database } = await openWorld();
    const agent = await enrol(organisation, "a");
    const before = await rowCounts(database);
    let seen: Readonly<Record<string, number>> = {};
    const watching = withSign(organisation, async (data) => {
      seen = await rowCounts(database);
      return organisation.signer.sign(data);
    });
    await grantAuthority(watching, agent, { grants: [READ] });
    expect(seen["credentials"]).toBe((before["credentials"] as number) + 1);
    expect(seen["status_entries"]).toBe((before["status_entries"] as number) + 2);
  });

  it("notes one digest of a credential for good, and none of what is not on record", async () => {
    const { organisation, database } = await openWorld();
    const { id } = await grantAuthority(organisation, await enrol(organisation, "a"), { grants: [READ] });
    const digestOf = async () => {
      const [row] = await database.query("SELECT digest FROM credentials WHERE id = $1", [id]);
      return String(row?.["digest"]);
    };
    const noted = await digestOf();
    await noteSigned(organisation, id, noted);
    expect(await codeOfAsync(() => noteSigned(organisation, id, "uEiA"))).toBe("RECORD_TAMPERED");
    expect(await digestOf()).toBe(noted);
    expect(await codeOfAsync(() => noteSigned(organisation, "urn:uuid:none", noted))).toBe("RECORD_TAMPERED");
  });

  it("row 168: leaves what the signer failed to sign on record, and it can be revoked", async () => {
    const { organisation, database } = await openWorld();
    const agent = await enrol(organisation, "a");
    const failing = withSign(organisation, () => Promise.reject(new Error("the key is disabled")));
    await expect(grantAuthority(failing, agent, { grants: [READ] })).rejects.toThrow("the key is disabled");

    const [id = ""] = await orphans(database);
    expect(await setEntries(database, id)).toEqual([
      { list_id: "r1", is_set: 0 },
      { list_id: "s1", is_set: 0 },
    ]);
    await revokeCredential(organisation, id);
    expect(await setEntries(database, id)).toEqual([
      { list_id: "r1", is_set: 1 },
      { list_id: "s1", is_set: 0 },
    ]);
  });

  it("row 168: says so where the organisation's key is not at hand any more, and the rest goes on", async () => {
    const { organisation, database } = await openWorld();
    const agent = await enrol(organisation, "a");
    organisation.close();
    const grant = () => grantAuthority(organisation, agent, { grants: [READ] });
    expect(await codeOfAsync(grant)).toBe("ARGUMENT_INVALID");
    const [id = ""] = await orphans(database);
    await revokeCredential(organisation, id);
    expect(await setEntries(database, id)).toContainEqual({ list_id: "r1", is_set: 1 });
  });

  it("can revoke a credential that was signed when the machine failed", async () => {
    const { organisation, database } = await openWorld();
    const request = await requestOf(signerOf("a"));
    let signed = 0;
    const crashing: Organisation = {
      ...withSign(organisation, (data) => {
        signed++;
        return organisation.signer.sign(data);
      }),
      database: {
        ...database,
        transaction: (work) =>
          signed === 0 ? database.transaction(work) : Promise.reject(new WritError("DATABASE_BUSY", "gone")),
      },
    };
    expect(await codeOfAsync(() => enrolAgent(crashing, request, { name: "a" }))).toBe("DATABASE_BUSY");
    expect(signed).toBe(1);
    const [id = ""] = await orphans(database);
    await revokeCredential(organisation, id);
    expect(await setEntries(database, id)).toContainEqual({ list_id: "r1", is_set: 1 });
  });

  it("signs nothing where the record cannot be made", async () => {
    const { organisation, database } = await openWorld();
    const agent = await enrol(organisation, "a");
    const before = await rowCounts(database);
    let signed = 0;
    const failing: Organisation = {
      ...withSign(organisation, () => Promise.resolve(new Uint8Array(64).fill(++signed))),
      database: {
        ...database,
        transaction: (work) =>
          database.transaction(async (transaction) => {
            await work(transaction);
            throw new WritError("DATABASE_BUSY", "the commit failed");
          }),
      },
    };
    expect(await codeOfAsync(() => grantAuthority(failing, agent, { grants: [READ] }))).toBe("DATABASE_BUSY");
    expect(signed).toBe(0);
    expect(await rowCounts(database)).toEqual(before);
  });

  it("signs nothing that the schema refuses", async () => {
    const { organisation } = await openWorld();
    const agent = await enrol(organisation, "a");
    let signed = 0;
    const watching = withSign(organisation, (data) => {
      signed++;
      return organisation.signer.sign(data);
    });
    const grant = () => grantAuthority(watching, agent, { grants: [{ ...READ, within: "x" }] });
    expect(await codeOfAsync(grant)).toBe("GRANT_WITHIN");
    expect(signed).toBe(0);
  });

  it("notes the digest of what was handed out", async () => {
    const { organisation, database } = await openWorld();
    const agent = await enrol(organisation, "a");
    const credential = await grantAuthority(organisation, agent, { grants: [READ] });
    const [row] = await database.query("SELECT digest FROM credentials WHERE id = $1", [credential.id]);
    expect(row?.["digest"]).toBe(digestMultibase(asJson(credential)));
    expect(await orphans(database)).toEqual([]);
  });
});

describe("row 171: the organisation verifies its own result before it hands it out", () => {
  it("refuses a signature that does not verify", async () => {
    const { organisation, database } = await openWorld();
    const agent = await enrol(organisation, "a");
    const faulty = withSign(organisation, async (data) => {
      const signature = await organisation.signer.sign(data);
      signature[0] = (signature[0] as number) ^ 1;
      return signature;
    });
    const grant = () => grantAuthority(faulty, agent, { grants: [READ] });
    expect(await codeOfAsync(grant)).toBe("SIGNATURE_INVALID");
    expect(await orphans(database)).toHaveLength(1);
  });

  it("refuses the signature of another key", async () => {
    const { organisation, database } = await openWorld();
    const agent = await enrol(organisation, "a");
    const foreign: Organisation = { ...organisation, signer: signerOf("somebody else") };
    const grant = () => grantAuthority(foreign, agent, { grants: [READ] });
    expect(await codeOfAsync(grant)).toBe("ISSUER_MISMATCH");
    expect(await orphans(database)).toHaveLength(1);
  });

  it("hands out what verifies", async () => {
    const { organisation } = await openWorld();
    const agent = await enrol(organisation, "a");
    const credential = await grantAuthority(organisation, agent, { grants: [READ] });
    const result = await verifyProofs(JSON.stringify(credential), { resolver: createResolver() });
    expect(result.verified).toBe(true);
  });
});
