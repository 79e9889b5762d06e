import { signDocument, snapshot, type JsonObject, type JsonValue } from "@writ/core";
import { codeOfAsync, refusalOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { addCredentials, createPresentation, findGenericCredentials, listCredentials } from "../src/index.js";
import { authorityOf, identityOf, NOW, openWorld, ORGANISATION, REFUNDS, signerOf } from "./world.js";

const STRANGER = signerOf("stranger");
const ASKED = { challenge: "c", domain: "d" };

const nested = (levels: number): JsonValue => (levels === 0 ? 1 : [nested(levels - 1)]);

/** Anybody can sign something for a wallet's DID: it must do no harm there. */
describe("a credential that a stranger signed for the wallet", () => {
  it("is refused where it is too deep for a presentation, and the wallet stays usable", async () => {
    const { wallet } = await openWorld();
    await addCredentials(wallet, [await identityOf(wallet.did)]);
    for (const levels of [25, 26]) {
      const grants = [{ ...REFUNDS, args: { "/a": { equals: nested(levels) } } }];
      const gift = await authorityOf(wallet.did, { signer: STRANGER, grants });
      expect(await codeOfAsync(() => addCredentials(wallet, [gift]))).toBe("JSON_TOO_DEEP");
    }
    expect(await listCredentials(wallet)).toHaveLength(1);
    const grants = [{ ...REFUNDS, args: { "/a": { equals: nested(24) } } }];
    await addCredentials(wallet, [await authorityOf(wallet.did, { grants })]);
    expect((await createPresentation(wallet, ASKED)).presentation.verifiableCredential).toHaveLength(2);
  });

  it("can be read back as large as it may be", async () => {
    const { wallet } = await openWorld();
    const gift = (size: number) =>
      authorityOf(wallet.did, {
        signer: STRANGER,
        grants: [{ ...REFUNDS, args: { "/a": { equals: "x".repeat(size) } } }],
      });
    const sizeOf = async (size: number) => JSON.stringify(await gift(size)).length;
    const frame = Math.max(await sizeOf(1000), await sizeOf(1000), await sizeOf(1000)) - 1000;
    const largest = await gift(256 * 1024 - frame - 2);
    // A signature's text differs in length by a character; the record adds more than that.
    expect(256 * 1024 - JSON.stringify(largest).length).toBeLessThan('{"document":}'.length);
    await addCredentials(wallet, [largest]);
    expect(await listCredentials(wallet)).toHaveLength(1);
  });

  it("can be read back with as many types and subjects", async () => {
    const { wallet } = await openWorld();
    const long = (index: number) => `https://x.example/${String(index)}/${"a".repeat(1900)}`;
    const gift = async (members: object) => {
      const unsigned = snapshot({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        type: ["VerifiableCredential", "https://x.example/Gift"],
        issuer: STRANGER.did,
        validFrom: "2026-01-01T00:00:00Z",
        credentialSubject: { id: wallet.did, name: "x" },
        ...members,
      });
      return signDocument(unsigned, { signer: STRANGER, purpose: "assertionMethod", created: NOW });
    };
    const many = Array.from({ length: 63 }, (_, index) => long(index));
    const largest = await gift({
      type: ["VerifiableCredential", ...many],
      credentialSubject: [{ id: wallet.did, name: "x" }, ...many.map((id) => ({ id, name: "x" }))],
    });
    expect(JSON.stringify(largest).length).toBeGreaterThan(240_000);
    await addCredentials(wallet, [largest]);
    expect((await findGenericCredentials(wallet)).map(({ json }) => json)).toEqual([largest]);
  });

  it("is refused where it bears the id of one that is held, or of one beside it", async () => {
    const { wallet } = await openWorld();
    const own = await authorityOf(wallet.did);
    const twin = await authorityOf(wallet.did, { signer: STRANGER, members: { id: own.id } });
    const both = refusalOfAsync(() => addCredentials(wallet, [own, twin]));
    expect(await both).toEqual({ code: "CREDENTIAL_DUPLICATE", pointer: "/1/id" });
    await addCredentials(wallet, [own]);
    const later = refusalOfAsync(() => addCredentials(wallet, [twin]));
    expect(await later).toEqual({ code: "CREDENTIAL_DUPLICATE", pointer: "/0/id" });
    expect(await addCredentials(wallet, [own])).toEqual([]);
  });

  it("does not take the place of what the chain's own root says of the agent", async () => {
    const { wallet } = await openWorld();
    const identity = await identityOf(wallet.did);
    const longer = { validUntil: "2027-01-01T00:00:00Z" };
    const theirs = await identityOf(wallet.did, { signer: STRANGER, members: longer });
    const authority = await authorityOf(wallet.did);
    await addCredentials(wallet, [identity, theirs, authority]);
    const { presentation } = await createPresentation(wallet, ASKED);
    expect(presentation.verifiableCredential.map(({ id }) => id)).toEqual([identity.id, authority.id]);
  });

  it("does not take the place of one in force once its proof has ended", async () => {
    const { wallet, clock } = await openWorld();
    const brief = { proof: { expires: clock() + 1500 }, members: { validUntil: "2027-01-01T00:00:00Z" } };
    const ending = await identityOf(wallet.did, brief);
    const lasting = await identityOf(wallet.did);
    await addCredentials(wallet, [ending, lasting]);
    clock.advance(2000);
    const { presentation } = await createPresentation(wallet, ASKED);
    expect(presentation.verifiableCredential.map(({ id }) => id)).toEqual([lasting.id]);
  });

  it("comes after the authority of an issuer that vouches for the agent", async () => {
    const { wallet } = await openWorld();
    const gift = await authorityOf(wallet.did, { signer: STRANGER });
    const authority = await authorityOf(wallet.did);
    await addCredentials(wallet, [await identityOf(wallet.did), gift, authority]);
    const invocation: JsonObject = { amount: 100 };
    const { presentation, foreseen } = await createPresentation(wallet, {
      ...ASKED,
      invocation: {
        action: "refund.create",
        resource: "https://api.acme.example/v1/orders/1",
        args: invocation,
      },
    });
    expect(foreseen).toEqual([]);
    expect(presentation.verifiableCredential.map(({ issuer }) => issuer)).toEqual([
      ORGANISATION.did,
      ORGANISATION.did,
    ]);
  });
});
