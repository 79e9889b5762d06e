import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { codeOf, codeOfAsync, describeVectors, readVector, refusalOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  CREDENTIALS_EXAMPLES_V2,
  CREDENTIALS_V1,
  CREDENTIALS_V2,
  WRIT_V1,
} from "../../src/jsonld/context-addresses.js";
import { WRIT_V1_SHA256 } from "../../src/jsonld/pinned-contexts.js";
import { documentLoader } from "../../src/jsonld/canonicalize-rdf.js";
import {
  isPinnedIri,
  isPinnedTerm,
  loadContext,
  parseContextFile,
  PINNED_CONTEXTS,
} from "../../src/jsonld/pinned-contexts.js";
import { WritError } from "../../src/errors/writ-error.js";
import { socketsOpenedBy } from "../sockets.js";

const FOLDER = new URL("../../contexts/", import.meta.url);
const fileOf = (file: string): Buffer => readFileSync(new URL(file, FOLDER));
const sha256Of = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** SHA-256 of what is published at each address, or of Writ's own file. */
const PUBLISHED: Readonly<Record<string, string>> = {
  "https://www.w3.org/2018/credentials/v1":
    "ab4ddd9a531758807a79a5b450510d61ae8d147eab966cc9a200c07095b0cdcc",
  "https://www.w3.org/ns/credentials/v2": "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
  "https://www.w3.org/ns/credentials/examples/v2":
    "57393fbc69d6efb9b9b5dc9cb6b9880b0944360abfe2eaf459c9e58cf2279d7c",
  "https://w3id.org/security/data-integrity/v1":
    "b5d829bd09aa7c42abc6efa0c8ed7635313b5487f37ccfce3ecd149ca9418554",
  "https://w3id.org/security/data-integrity/v2":
    "67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4",
  "https://w3id.org/security/suites/ed25519-2020/v1":
    "b9e1ab971fd8bf2c7553e0c4a9438e0b9450afde1ea1ca5b2492368b9f549588",
  "https://w3id.org/security/multikey/v1": "c5f3806f8286920573221938917988a18a4cc5a09e968d29649613c7a1c2b1f6",
  "https://w3id.org/writ/v1": WRIT_V1_SHA256,
};

describe("pinned contexts", () => {
  it("are these, and every file is one of them", () => {
    const pinned = [...PINNED_CONTEXTS].map(([url, { sha256 }]) => [url, sha256]);
    expect(Object.fromEntries(pinned)).toEqual(PUBLISHED);
    const files = [...PINNED_CONTEXTS.values()].map(({ file }) => file);
    expect(files.sort()).toEqual(readdirSync(FOLDER).sort());
  });

  describe.each([...PINNED_CONTEXTS])("%s", (url, { file, sha256 }) => {
    it("is in its file, byte for byte", () => {
      expect(sha256Of(fileOf(file))).toBe(sha256);
      expect(loadContext(url)).toEqual(JSON.parse(fileOf(file).toString("utf8")));
    });

    it("is read once and cannot be changed", () => {
      expect(loadContext(url)).toBe(loadContext(url));
      expect(Object.isFrozen(loadContext(url)["@context"])).toBe(true);
    });

    it.each<readonly [string, (bytes: Buffer) => Uint8Array]>([
      ["one bit changed", (bytes) => bytes.fill((bytes[40] ?? 0) ^ 1, 40, 41)],
      ["a line end more", (bytes) => Buffer.concat([bytes, Buffer.from("\n")])],
      ["a byte less", (bytes) => bytes.subarray(0, -1)],
      [
        "the same JSON without space",
        (bytes) => Buffer.from(` ${JSON.stringify(JSON.parse(bytes.toString()))}`),
      ],
      ["nothing", () => Buffer.alloc(0)],
    ])("is refused with %s (row 27)", (_, change) => {
      expect(refusalOf(() => parseContextFile(change(fileOf(file)), sha256))).toEqual({
        code: "CONTEXT_CORRUPT",
        pointer: "",
      });
      expect(parseContextFile(fileOf(file), sha256)).toEqual(loadContext(url));
    });
  });

  it.each([...PINNED_CONTEXTS.keys()].map((url, index, all) => [url, all[(index + 1) % all.length]]))(
    "%s is not what is pinned for %s (row 27)",
    (url = "", other = "") => {
      const bytes = fileOf(PINNED_CONTEXTS.get(url)?.file ?? "");
      expect(codeOf(() => parseContextFile(bytes, PINNED_CONTEXTS.get(other)?.sha256 ?? ""))).toBe(
        "CONTEXT_CORRUPT",
      );
    },
  );
});

describeVectors("pinned contexts and those of the W3C", () => {
  it.each([
    [CREDENTIALS_V1, "credentials-v1.jsonld"],
    [CREDENTIALS_V2, "credentials-v2.jsonld"],
    [CREDENTIALS_EXAMPLES_V2, "credentials-examples-v2.jsonld"],
  ])("%s is the published file", (url, file) => {
    expect(sha256Of(readVector("contexts", file))).toBe(PINNED_CONTEXTS.get(url)?.sha256);
  });
});

describe("the loader of contexts (row 26)", () => {
  const refused = async (url: string): Promise<string> => codeOfAsync(() => documentLoader(url));

  it("gives what is pinned, and opens no socket", async () => {
    const opened = await socketsOpenedBy(async () => {
      for (const url of PINNED_CONTEXTS.keys()) {
        expect(await documentLoader(url)).toEqual({
          contextUrl: null,
          documentUrl: url,
          document: loadContext(url),
          tag: "static",
        });
      }
    });
    expect(opened).toBe(0);
  });

  it.each([
    "https://www.w3.org/ns/credentials/v3",
    `${CREDENTIALS_V2}/`,
    `${CREDENTIALS_V2}?`,
    `${CREDENTIALS_V2}#`,
    ` ${CREDENTIALS_V2}`,
    CREDENTIALS_V2.toUpperCase(),
    CREDENTIALS_V2.replace("https:", "http:"),
    CREDENTIALS_V2.replace("www.w3.org", "www.w3.org:443"),
    WRIT_V1.replace("v1", "V1"),
    "https://w3id.org/security/v2",
    "https://www.w3.org/ns/did/v1",
    "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
    new URL("writ-v1.jsonld", FOLDER).href,
    "data:application/ld+json,{}",
    "writ-v1.jsonld",
    "__proto__",
    "constructor",
    "",
  ])("refuses %j without opening a socket", async (url) => {
    const opened = await socketsOpenedBy(async () => {
      expect(await refused(url)).toBe("CONTEXT_NOT_ALLOWED");
    });
    expect(opened).toBe(0);
  });

  it("does not say which address it refused", async () => {
    const error = await documentLoader("https://secret.example/").catch((refusal: unknown) => refusal);
    expect(error).toBeInstanceOf(WritError);
    expect(`${String(error)} ${JSON.stringify((error as WritError).problem)}`).not.toContain("secret");
  });

  it("would not open one unnoticed", async () => {
    const server = createServer((_, response) => response.end("{}")).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
    try {
      expect(await socketsOpenedBy(() => fetch(url, { headers: { connection: "close" } }))).toBe(1);
      expect(await socketsOpenedBy(() => refused(url))).toBe(0);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });
});

describe("names in pinned contexts", () => {
  it.each([
    ["validUntil", true],
    ["credentialStatus", true],
    ["statusListIndex", true],
    ["proofValue", true],
    ["previousProof", true],
    ["grants", true],
    ["expirationDate", true],
    ["alumniOf", false],
    ["toString", false],
    ["@context", false],
    ["", false],
  ])("%j is a term: %s", (term, expected) => {
    expect(isPinnedTerm(term)).toBe(expected);
  });

  it.each([
    ["https://www.w3.org/2018/credentials#validUntil", true],
    ["https://www.w3.org/2018/credentials#anything", true],
    ["https://www.w3.org/ns/credentials/status#statusPurpose", true],
    ["https://w3id.org/security#proof", true],
    ["https://w3id.org/writ/v1#grants", true],
    ["https://schema.org/name", true],
    ["http://purl.org/dc/terms/created", true],
    ["https://schema.org/nickname", false],
    ["http://www.w3.org/2018/credentials#validUntil", false],
    ["https://example.org/", false],
  ])("%s is an IRI of theirs: %s", (iri, expected) => {
    expect(isPinnedIri(iri)).toBe(expected);
  });
});
