import { digestMultibase, parseDidKey, parseStrictJson } from "@writ/core";
import { codeOfAsync } from "@writ/testkit";
import { describe, expect, it, vi } from "vitest";

import { verifyCredential, verifyPresentation, type PresentationExpectations } from "../src/index.js";
import { compose, linkBelow, openWorld, present, signerOf, STRANGER } from "./world.js";

const world = await openWorld("expectations");
const text = await present(world.lead);

describe("what a caller forgets does not pass for what it demands", () => {
  it.each([
    ["no challenge", { expectedChallenge: undefined }],
    ["an empty challenge", { expectedChallenge: "" }],
    ["a challenge that is no text", { expectedChallenge: 1 }],
    ["no domain", { expectedDomain: undefined }],
    ["an empty domain", { expectedDomain: "" }],
    ["an unknown identity policy", { identities: "every_subject" }],
    ["a clock that tells no time", { clock: () => Number.NaN }],
    ["a clock that tells words", { clock: () => "2026-11-23T08:00:00Z" }],
    ["a clock that tells nothing", { clock: () => undefined }],
    ["no source of status lists", { status: undefined }],
    ["a source that has nothing to ask", { status: {} }],
  ])("%s", async (_, change) => {
    const expectations = { ...world.expectations, ...change } as unknown as PresentationExpectations;
    expect(await codeOfAsync(() => verifyPresentation(text, expectations))).toBe("ARGUMENT_INVALID");
  });

  it("a domain that is another each time it is read", async () => {
    let reads = 0;
    const expectations = {
      ...world.expectations,
      get expectedDomain(): string {
        return reads++ === 0 ? "https://other.example" : world.expectations.expectedDomain;
      },
    };
    const result = await verifyPresentation(text, expectations);
    expect(result).toMatchObject({ problems: [{ code: "DOMAIN_MISMATCH", pointer: "/proof/domain" }] });
    expect(reads).toBe(1);
  });

  it("a clock for a credential", async () => {
    const options = { ...world.expectations, clock: () => Number.NaN };
    const verifying = codeOfAsync(() => verifyCredential(JSON.stringify(world.root), options));
    expect(await verifying).toBe("ARGUMENT_INVALID");
  });
});

describe("junk is not worth much work", () => {
  it("ends with the first document whose signatures are not as they should be", async () => {
    const { lead, root } = world;
    const spoilt = [lead.identity, root].map((held) => ({ ...held, validUntil: "2026-11-23T09:30:00Z" }));
    const result = await verifyPresentation(await compose(lead.signer, spoilt), world.expectations);
    expect(result).toMatchObject({
      problems: [{ code: "SIGNATURE_INVALID", pointer: "/verifiableCredential/0/proof" }],
    });
  });

  it("looks at no proof where there are more than eighty", async () => {
    const resolve = vi.fn();
    const many = Array.from({ length: 10 }, (_, index) => {
      const id = `urn:uuid:00000000-0000-4000-8000-00000000000${String(index)}`;
      const [signed] = [world.root.proof].flat();
      const proof = Array.from({ length: 8 }, (__, other) => ({ ...signed, nonce: String(other) }));
      return { ...world.root, id, proof };
    });
    const result = await verifyPresentation(await compose(world.lead.signer, many), {
      ...world.expectations,
      resolver: { resolve },
    });
    expect(result).toMatchObject({
      problems: [{ code: "TOO_MANY_ITEMS", pointer: "/verifiableCredential" }],
    });
    expect(resolve).not.toHaveBeenCalled();
  });

  it("refuses a stranger's proof before its key is resolved", async () => {
    const resolve = vi.fn();
    const document = parseStrictJson(text) as { readonly proof: object };
    const proof = { ...document.proof, verificationMethod: `${STRANGER.did}#${STRANGER.did.slice(8)}` };
    const result = await verifyPresentation(JSON.stringify({ ...document, proof }), {
      ...world.expectations,
      resolver: { resolve },
    });
    expect(result).toMatchObject({
      problems: [{ code: "HOLDER_MISMATCH", pointer: "/proof/verificationMethod" }],
    });
    expect(resolve).not.toHaveBeenCalled();
  });

  it("does not obtain as many lists as a presenter likes", async () => {
    const { lead, sub, root } = world;
    const source = await world.source();
    const links = await Promise.all(
      Array.from({ length: 17 }, (_, link) =>
        linkBelow(root, lead.signer, sub.signer.did, {
          changes: {
            "/credentialStatus": ["a", "b"].map((list) => ({
              type: "BitstringStatusListEntry",
              statusPurpose: "revocation",
              statusListIndex: "1",
              statusListCredential: `https://acme.example/${String(link)}/${list}`,
            })),
          },
        }),
      ),
    );
    const credentials = [sub.identity, lead.identity, root, ...links];
    const result = await verifyPresentation(await compose(sub.signer, credentials), {
      ...world.expectations,
      status: source,
    });
    expect(result).toMatchObject({ verified: false, problems: [{ code: "TOO_MANY_ITEMS" }] });
    expect(source.asked).toEqual([]);
  });
});

describe("what is handed out cannot be used to change what is remembered", () => {
  it("the bytes of a verified key are a copy", () => {
    const { did } = signerOf("remembered");
    const before = Uint8Array.from(parseDidKey(did).bytes);
    parseDidKey(did).bytes.fill(0);
    expect(parseDidKey(did).bytes).toEqual(before);
  });

  it("a shallowly frozen document has no remembered hash", () => {
    const inner = { n: 1 };
    const document = Object.freeze({ inner });
    const before = digestMultibase(document);
    inner.n = 2;
    expect(digestMultibase(document)).not.toBe(before);
  });
});
