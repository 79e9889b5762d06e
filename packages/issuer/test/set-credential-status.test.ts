import { asJson, type JsonObject } from "@writ/core";
import { codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  issueGenericCredential,
  setCredentialStatus,
  STATUS_PURPOSES,
  type Organisation,
} from "../src/index.js";
import { NOW, openWorld, signerOf } from "./world.js";

const ID = "urn:uuid:11111111-1111-4111-8111-111111111111";

async function issue(organisation: Organisation, id = ID): Promise<readonly JsonObject[]> {
  const credential = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    id,
    type: ["VerifiableCredential"],
    credentialSubject: { id: signerOf("student").did },
  };
  const issued = await issueGenericCredential(organisation, credential, { status: STATUS_PURPOSES });
  return asJson(issued)["credentialStatus"] as readonly JsonObject[];
}

async function openIssued() {
  const { organisation, database } = await openWorld();
  const entries = [await issue(organisation), await issue(organisation)] as const;
  const bits = async () => {
    const rows = await database.query(
      "SELECT list_id, entry_index FROM status_entries WHERE is_set = 1 ORDER BY list_id, entry_index",
    );
    return rows.map((row) => `${String(row["list_id"])} ${String(row["entry_index"])}`);
  };
  const versions = async () =>
    (await database.query("SELECT version FROM status_lists ORDER BY list_id")).map((row) => row["version"]);
  const indexOf = (credential: 0 | 1, purpose: 0 | 1) =>
    Number(entries[credential][purpose]?.["statusListIndex"]);
  return { organisation, database, bits, versions, indexOf };
}

describe("the status of a credential", () => {
  it("is suspended, and not suspended any more", async () => {
    const { organisation, bits, versions, indexOf } = await openIssued();
    await setCredentialStatus(organisation, ID, { purpose: "suspension", to: "set" });
    const suspended = [indexOf(0, 1), indexOf(1, 1)].sort((a, b) => a - b);
    expect(await bits()).toEqual(suspended.map((index) => `s1 ${String(index)}`));
    expect(await versions()).toEqual([0, 2]);
    await setCredentialStatus(organisation, ID, { purpose: "suspension", to: "cleared" });
    expect([await bits(), await versions()]).toEqual([[], [0, 4]]);
  });

  it("is that of one entry, where it is named", async () => {
    const { organisation, database, bits, versions, indexOf } = await openIssued();
    const entry = { list: "https://acme.example/status/r1", index: indexOf(1, 0) };
    const change = { purpose: "revocation", to: "set", entry, reason: "lost" } as const;
    for (let time = 0; time < 2; time++) {
      await setCredentialStatus(organisation, ID, change);
      expect([await bits(), await versions()]).toEqual([[`r1 ${String(entry.index)}`], [1, 0]]);
    }
    const revoked = await database.query("SELECT revoked, reason FROM credentials WHERE revoked IS NOT NULL");
    expect(revoked).toEqual([{ revoked: NOW, reason: "lost" }]);
  });

  it("row 169: is not changed by what names no entry of the credential", async () => {
    const { organisation, bits, indexOf } = await openIssued();
    await issue(organisation, "urn:uuid:22222222-2222-4222-8222-222222222222");
    const list = "https://acme.example/status/r1";
    for (const [id, entry] of [
      ["urn:uuid:33333333-3333-4333-8333-333333333333", undefined],
      ["urn:uuid:22222222-2222-4222-8222-222222222222", { list, index: indexOf(0, 0) }],
      [ID, { list: "https://acme.example/status/s1", index: indexOf(0, 0) }],
      [ID, { list: "r1", index: indexOf(0, 0) }],
      [ID, { list, index: -1 }],
    ] as const) {
      const change = { purpose: "revocation", to: "set", ...(entry === undefined ? {} : { entry }) } as const;
      expect(await codeOfAsync(() => setCredentialStatus(organisation, id, change))).toBe("NOT_FOUND");
    }
    expect(await bits()).toEqual([]);
  });

  it("is not taken back once it is a revocation", async () => {
    const { organisation, bits } = await openIssued();
    await setCredentialStatus(organisation, ID, { purpose: "revocation", to: "set" });
    const before = await bits();
    const change = { purpose: "revocation", to: "cleared" } as const;
    expect(await codeOfAsync(() => setCredentialStatus(organisation, ID, change))).toBe("STATUS_UNSUPPORTED");
    expect([before.length, await bits()]).toEqual([2, before]);
  });
});
