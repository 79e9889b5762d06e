import { deflateRawSync, deflateSync, gzipSync } from "node:zlib";

import { encodeBase58, type JsonObject, type JsonValue } from "@writ/core";
import { expect } from "vitest";

import { expectNotIssued, expectRefused, expectVerified, named, shows, type Changes } from "./cases.js";
import { changed, EXAMPLES, PRESENTATION, V2 } from "./documents.js";
import {
  acceptsEntry,
  acceptsList,
  bitstring,
  by,
  doesNotVerifyListed,
  encoded,
  entryIn,
  expectProblem,
  expectStatus,
  KIB_16,
  newAddress,
  PROBLEM_TYPES,
  publishList,
  refusesEntry,
  refusesList,
  statusList,
  verifiesListed,
  verifyListed,
  withStatus,
  type Listed,
  type ProblemName,
} from "./published-lists.js";
import { bitAt, getList, issueListed, onesIn, setStatus } from "./served-lists.js";
import { ALL_SUITES, bySomebody, OTHER, sign, signAnything } from "./signing.js";
import { but, must, type Case, type Specification } from "./specification.js";

const URN = "urn:uuid:11111111-1111-4111-8111-111111111111";
const KIB_32 = 2 * KIB_16;
const ENTRIES = 131_072;
const ENCODED = "/credentialSubject/encodedList";
const PURPOSE = "/credentialSubject/statusPurpose";

/** Each value in turn at a pointer of an entry, none of which will do. */
function refusesEntries(
  what: string,
  pointer: string,
  values: readonly (JsonValue | undefined)[],
): readonly Case[] {
  return values.flatMap((value) => refusesEntry(`${what} ${named(value)}`, { [pointer]: value }));
}

/** Each value in turn at a pointer of a list, none of which will do. */
function refusesLists(
  what: string,
  pointer: string,
  values: readonly (JsonValue | undefined)[],
): readonly Case[] {
  return values.flatMap((value) => refusesList(`${what} ${named(value)}`, { list: { [pointer]: value } }));
}

/** One message for each value, in hexadecimal. */
function messages(count: number): readonly JsonObject[] {
  return Array.from({ length: count }, (_, value) => ({
    status: `0x${value.toString(16)}`,
    message: `meaning ${String(value)}`,
  }));
}

/** An entry of two bits. */
const TWO_BITS: Changes = { "/statusSize": 2, "/statusMessage": messages(4) };

/** An encoding, and what it is called: whatever it holds, it is not that of a list. */
function refusesEncoding(name: string, value: JsonValue | undefined): readonly Case[] {
  return refusesList(`a list whose bitstring is ${name}`, { list: { [ENCODED]: value } });
}

/** One status after the other of a credential with an entry in a list of somebody's. */
function judged(name: string, ...each: readonly (readonly [Listed, ProblemName?])[]): Case {
  return shows(name, async (service) => {
    for (const [listed, problem] of each) {
      const answer = await verifyListed(service, listed);
      if (problem === undefined) expectVerified(answer);
      else expectProblem(answer, problem);
    }
  });
}

/** An entry at an index. */
function at(index: number, more: Changes = {}): Changes {
  return { "/statusListIndex": String(index), ...more };
}

export const BITSTRING_STATUS_LIST: Specification = {
  title: "Bitstring Status List 1.0",
  url: "https://www.w3.org/TR/vc-bitstring-status-list/",
  file: "bitstring-status-list.ts",
  requirements: [
    must(
      "2.1",
      "An entry stands in a conforming credential, whose status it is.",
      acceptsEntry("a credential with an entry", {}),
      shows("does not verify a credential with an entry and without issuer", async (service) => {
        const address = await publishList(service);
        const credential = bySomebody(withStatus(entryIn(address)));
        expectVerified(await service.verify(await signAnything(credential)));
        expectRefused(
          await service.verify(await signAnything(changed(credential, { "/issuer": undefined }))),
        );
      }),
    ),
    must(
      "2.1",
      "The `id` of an entry, if any, is a URL, and not that of the list.",
      acceptsEntry("an entry whose id is a URN", { "/id": URN }),
      verifiesListed("an entry whose id is a URL", {
        entry: { "/id": "https://example.org/status/1#94567" },
      }),
      refusesEntries("an entry with an id", "/id", ["not a url", 5, null, {}, [URN]]),
      shows("does not issue an entry whose id is the URL of the list", async (service) => {
        const address = newAddress();
        const { status } = await service.issue(
          "eddsa-jcs-2022",
          withStatus(entryIn(address, { "/id": address })),
        );
        expect(status).toBe(400);
      }),
      shows("does not verify an entry whose id is the URL of the list", async (service) => {
        const address = await publishList(service);
        for (const [id, isRefused] of [
          [`${address}#94567`, false],
          [address, true],
        ] as const) {
          const credential = bySomebody(withStatus(entryIn(address, { "/id": id })));
          const answer = await service.verify(await signAnything(credential));
          if (isRefused) expectProblem(answer, "malformed");
          else expectVerified(answer);
        }
      }),
    ),
    must(
      "2.1",
      "The `type` of an entry is `BitstringStatusListEntry`.",
      refusesEntries("an entry with a type", "/type", [undefined, "", 5, null, []]),
      refusesEntry(
        "an entry whose type is a list",
        { "/type": ["BitstringStatusListEntry"] },
        "verification",
      ),
      doesNotVerifyListed(
        "an entry of another type",
        { entry: { "/type": "ExampleStatusEntry" } },
        "verification",
      ),
    ),
    must(
      "2.1",
      "`statusPurpose` is a string.",
      refusesEntries("a purpose", "/statusPurpose", [undefined, 5, null, "", ["revocation"], {}, true]),
    ),
    must(
      "2.1, 2.2",
      "The value is arbitrary; `revocation`, `suspension`, `refresh` and `message` are used as they are meant.",
      verifiesListed("a purpose of the issuer's own", {
        entry: { "/statusPurpose": "frozen" },
        list: { [PURPOSE]: "frozen" },
      }),
      shows("lifts a suspension, and never a revocation", async (service) => {
        const { credential, entries } = await issueListed(service);
        const [revocation, suspension] = entries;
        expect(await setStatus(service, credential, suspension)).toBe(200);
        expectProblem(await service.verify(credential), "suspended");
        expect(await setStatus(service, credential, suspension, false)).toBe(200);
        expectVerified(await service.verify(credential));
        expect(await setStatus(service, credential, revocation)).toBe(200);
        expectProblem(await service.verify(credential), "revoked");
        expect(await setStatus(service, credential, revocation, false)).toBe(400);
        expectProblem(await service.verify(credential), "revoked");
      }),
      shows("tells what other purposes say, and refuses nothing for it", async (service) => {
        for (const purpose of ["refresh", "message", "frozen"]) {
          const answer = await verifyListed(service, {
            entry: { "/statusPurpose": purpose },
            list: { [PURPOSE]: purpose },
            bits: [94_567],
          });
          expectStatus(answer, { purpose, value: 1 });
        }
      }),
    ),
    must(
      "2.1",
      "`statusListIndex` is an integer of any size, at least 0, as a string in base 10.",
      acceptsEntry("the index 0", at(0)),
      acceptsEntry("the last index of a list", at(ENTRIES - 1)),
      refusesEntries("an index", "/statusListIndex", [
        undefined,
        94_567,
        null,
        "-1",
        "+5",
        "1.5",
        "0x10",
        "1e3",
        "abc",
        "5abc",
        "",
        " 5",
        ["5"],
        {},
      ]),
      ...["4294967296", "18446744073709551616", "99999999999999999999999999"].flatMap((index) => [
        shows(`issues the index ${index}`, async (service) => {
          const credential = withStatus(entryIn(newAddress(), { "/statusListIndex": index }));
          for (const suite of ALL_SUITES) expect((await service.issue(suite, credential)).status).toBe(201);
        }),
        doesNotVerifyListed(
          `the index ${index}, which no list has`,
          { entry: { "/statusListIndex": index } },
          "range",
        ),
      ]),
    ),
    must(
      "2.1",
      "`statusListCredential` is the URL of a credential.",
      refusesEntries("an address of the list", "/statusListCredential", [
        undefined,
        5,
        null,
        "",
        "not a url",
        ["https://lists.example/1"],
        { id: "https://lists.example/1" },
      ]),
    ),
    must(
      "2.1, 2.2",
      "The types of what is found there include `BitstringStatusListCredential`.",
      ...[["VerifiableCredential"], ["VerifiableCredential", "StatusList2021Credential"]].map((type) =>
        doesNotVerifyListed(`with a list of the types ${type.join(", ")}`, {
          list: { "/@context": [V2], "/type": type },
        }),
      ),
      verifiesListed("with a list of the types in another order", {
        list: { "/type": ["BitstringStatusListCredential", "VerifiableCredential"] },
      }),
    ),
    must(
      "2.1",
      "Without `statusSize` an entry has one bit.",
      judged(
        "reads the one bit, and none beside it",
        [{ bits: [94_567] }, "revoked"],
        [{ bits: [94_566, 94_568, 94_560, 94_575] }],
        [{ bits: [2 * 94_567, 2 * 94_567 + 1], bytes: KIB_32 }],
      ),
    ),
    must(
      "2.1",
      "`statusSize` is an integer above 0.",
      acceptsEntry("a size of 1", { "/statusSize": 1 }),
      acceptsEntry("a size of 2", TWO_BITS, { bytes: KIB_32 }),
      refusesEntries("a size", "/statusSize", [0, -1, 1.5, "1", null, "two", [1], {}]),
    ),
    must(
      "2.1",
      "`statusMessage` is there where an entry has more than one bit, and has one message for each value.",
      acceptsEntry("a message for both values of one bit", { "/statusMessage": messages(2) }),
      acceptsEntry("a message for both values of a size of 1", {
        "/statusSize": 1,
        "/statusMessage": messages(2),
      }),
      acceptsEntry(
        "eight messages of three bits",
        { "/statusSize": 3, "/statusMessage": messages(8) },
        {
          bytes: 3 * KIB_16,
        },
      ),
      refusesEntry("a size of 2 without messages", { "/statusSize": 2 }),
      ...[1, 3, 5].flatMap((count) =>
        refusesEntry(`a size of 2 with ${String(count)} messages`, {
          "/statusSize": 2,
          "/statusMessage": messages(count),
        }),
      ),
      ...[1, 3].flatMap((count) => [
        ...refusesEntry(`one bit with ${String(count)} messages`, { "/statusMessage": messages(count) }),
        ...refusesEntry(`a size of 1 with ${String(count)} messages`, {
          "/statusSize": 1,
          "/statusMessage": messages(count),
        }),
      ]),
      refusesEntries("messages", "/statusMessage", ["x", 5, null, {}, [], messages(1)[0]]),
    ),
    must(
      "2.1",
      "A message has a `status`, in hexadecimal after `0x`, and a `message`, both strings.",
      refusesEntries("messages", "/statusMessage", [
        ["unset", "set"],
        [{ message: "unset" }, { message: "set" }],
        [{ status: "0x0" }, { status: "0x1" }],
        [
          { status: 0, message: "unset" },
          { status: 1, message: "set" },
        ],
        [
          { status: "0", message: "unset" },
          { status: "1", message: "set" },
        ],
        [
          { status: "0x0", message: "unset" },
          { status: "0xzz", message: "set" },
        ],
        [
          { status: "0x0", message: "unset" },
          { status: "0x1", message: 5 },
        ],
      ]),
      acceptsEntry("messages with more in them", {
        "/statusMessage": messages(2).map((message) => ({ ...message, colour: "red" })),
      }),
      acceptsEntry("a message for what is not defined", {
        "/statusMessage": [
          { status: "0x0", message: "valid" },
          { status: "0x1", message: "undefined" },
        ],
      }),
    ),
    must(
      "2.1",
      "Without messages the values are `unset` and `set`.",
      shows("tells them", async (service) => {
        const entry = { "/statusPurpose": "message" };
        const list = { [PURPOSE]: "message" };
        expectStatus(await verifyListed(service, { entry, list }), { value: 0, message: "unset" });
        const set = { entry, list, bits: [94_567] };
        expectStatus(await verifyListed(service, set), { value: 1, message: "set" });
      }),
    ),
    must(
      "2.1",
      "`statusReference` is a URL, or an array of URLs.",
      acceptsEntry("a reference", { "/statusReference": "https://example.org/dictionary" }),
      acceptsEntry("two references", {
        "/statusReference": ["https://example.org/a", "https://example.org/b"],
      }),
      refusesEntries("a reference", "/statusReference", [
        "not a url",
        5,
        null,
        {},
        [],
        ["https://example.org/a", 5],
        ["https://example.org/a", "not a url"],
      ]),
    ),
    must(
      "2.2",
      "A published list is a conforming credential.",
      shows("serves lists that are credentials, and verify", async (service) => {
        const { entries } = await issueListed(service);
        for (const entry of entries) {
          const { answer, credential } = await getList(service, entry);
          expect(answer.headers.get("content-type")).toBe("application/vc");
          expect(credential).toMatchObject({
            "@context": [V2],
            id: entry["statusListCredential"],
            type: ["VerifiableCredential", "BitstringStatusListCredential"],
            issuer: service.did,
          });
          expectVerified(await service.verify(credential));
        }
      }),
      acceptsList("a list"),
      ...["/issuer", "/@context", "/type", "/credentialSubject", "/proof"].map((pointer) =>
        shows(`does not verify with a list without ${pointer.slice(1)}`, async (service) => {
          const address = await publishList(service);
          const signed = JSON.parse(service.lists.get(address) ?? "") as JsonObject;
          const { proof: _, ...list } = signed;
          const without = changed(list, { [pointer]: undefined });
          const published = pointer === "/proof" ? without : await signAnything(without);
          service.lists.set(address, JSON.stringify(published));
          const credential = bySomebody(withStatus(entryIn(address)));
          expectRefused(await service.verify(await signAnything(credential)));
          service.lists.set(address, JSON.stringify(signed));
          expectVerified(await service.verify(await signAnything(credential)));
        }),
      ),
      doesNotVerifyListed(
        "with a list that begins after it ends",
        {
          list: { "/validUntil": "2026-11-23T07:59:59Z" },
        },
        "verification",
      ),
    ),
    must(
      "2.2",
      "The `type` of its subject is `BitstringStatusList`.",
      refusesLists("a list whose subject has a type", "/credentialSubject/type", [
        undefined,
        "BitstringStatusListEntry",
        "",
        5,
        null,
      ]),
    ),
    must(
      "2.2",
      "`statusPurpose` is one or more strings.",
      acceptsList("a list of one purpose", { list: { [PURPOSE]: "revocation" } }),
      acceptsList("a list of two purposes", { list: { [PURPOSE]: ["revocation", "suspension"] } }),
      refusesLists("a list with a purpose", PURPOSE, [
        undefined,
        5,
        null,
        "",
        [],
        [5],
        {},
        ["revocation", 5],
      ]),
    ),
    must(
      "2.2",
      "`encodedList` is multibase base64url, without padding, of a bitstring in gzip.",
      refusesEncoding("left out", undefined),
      refusesEncoding("a number", 5),
      refusesEncoding("null", null),
      refusesEncoding("nothing", ""),
      refusesEncoding("a list", [encoded(bitstring())]),
      refusesEncoding("without multibase", encoded(bitstring()).slice(1)),
      refusesEncoding("in base58", `z${encodeBase58(gzipSync(bitstring()))}`),
      refusesEncoding("in base64", `u${gzipSync(scattered()).toString("base64")}`),
      refusesEncoding("padded", `${encoded(bitstring())}=`),
      refusesEncoding(
        "not packed",
        encoded(bitstring(), (bytes) => bytes),
      ),
      refusesEncoding("in zlib", encoded(bitstring(), deflateSync)),
      refusesEncoding("in deflate", encoded(bitstring(), deflateRawSync)),
      refusesEncoding(
        "cut off",
        encoded(bitstring(), (bytes) => gzipSync(bytes).subarray(0, -9)),
      ),
      refusesEncoding(
        "with another checksum",
        encoded(bitstring(), (bytes) =>
          gzipSync(bytes).map((byte, index, { length }) => (index === length - 8 ? byte ^ 1 : byte)),
        ),
      ),
    ),
    must(
      "2.2, 3.3",
      "The bitstring has 16 KiB at least.",
      ...[1, KIB_16 - 1]
        .map((bytes) => refusesList(`a list of ${String(bytes)} bytes`, { bytes }, "length"))
        .flat(),
      ...[KIB_16, KIB_32, 1024 * 1024].flatMap((bytes) =>
        acceptsList(`a list of ${String(bytes)} bytes`, { bytes }),
      ),
    ),
    must(
      "2.2",
      "Index 0 is the left-most bit, and the last index the right-most.",
      judged(
        "reads bits from the left",
        [{ bits: [0], entry: at(0) }, "revoked"],
        [{ bits: [0], entry: at(7) }],
        [{ bits: [7], entry: at(7) }, "revoked"],
        [{ bits: [7], entry: at(0) }],
        [{ bits: [8], entry: at(8) }, "revoked"],
        [{ bits: [8], entry: at(15) }],
        [{ bits: [ENTRIES - 1], entry: at(ENTRIES - 1) }, "revoked"],
        [{ bits: [ENTRIES - 1], entry: at(ENTRIES - 8) }],
      ),
    ),
    must(
      "2.2",
      "`ttl` is optional, in milliseconds; the list may be kept for as long.",
      verifiesListed("with a list that has a ttl", { list: { "/credentialSubject/ttl": 300_000 } }),
      shows("serves lists with a ttl, which may be kept no longer", async (service) => {
        const { entries } = await issueListed(service);
        const { answer, credential } = await getList(service, entries[0]);
        const { ttl } = credential["credentialSubject"] as { ttl?: number };
        expect(ttl).toBeGreaterThan(0);
        const cacheControl = `public, max-age=${String((ttl ?? 0) / 1000)}`;
        expect(answer.headers.get("cache-control")).toBe(cacheControl);
      }),
      shows("serves a list again only where it has changed", async (service) => {
        const { credential, entries } = await issueListed(service);
        const [entry] = entries;
        const path = new URL(entry.statusListCredential).pathname;
        const etag = (await service.get(path)).headers.get("etag") ?? "";
        expect((await service.get(path, { "if-none-match": etag })).status).toBe(304);
        expect(await setStatus(service, credential, entry)).toBe(200);
        const changedList = await service.get(path, { "if-none-match": etag });
        expect(changedList.status).toBe(200);
        expect(changedList.headers.get("etag")).not.toBe(etag);
      }),
    ),
    must(
      "3",
      "What is malformed by section 2 is told as a MALFORMED_VALUE_ERROR.",
      judged(
        "says so of an entry, and of a list",
        [{ entry: { "/statusListIndex": 5 } }, "malformed"],
        [{ entry: { "/statusSize": 0 } }, "malformed"],
        [{ list: { [PURPOSE]: 5 } }, "malformed"],
        [{ list: { [ENCODED]: "x" } }, "malformed"],
      ),
      shows("says so of what it does not issue", async (service) => {
        for (const document of [
          withStatus(entryIn(newAddress(), { "/statusListIndex": 5 })),
          statusList(newAddress(), { list: { [PURPOSE]: 5 } }),
          statusList(newAddress(), { list: { [ENCODED]: "x" } }),
        ]) {
          const refused = await service.issue("eddsa-jcs-2022", document);
          expectNotIssued(refused);
          expect(refused.json).toMatchObject({ type: PROBLEM_TYPES.malformed });
        }
      }),
    ),
    must(
      "3.1, 3.3",
      "A list says of each credential that was issued what its status is, and of others nothing.",
      shows("serves a list with the bit of what was revoked, and with no other", async (service) => {
        const [one, other] = [await issueListed(service), await issueListed(service)];
        for (const place of [0, 1] as const) {
          const [entry, unchanged] = [one.entries[place], other.entries[place]];
          const before = await getList(service, entry);
          expect(before.bits.length).toBeGreaterThanOrEqual(KIB_16);
          expect(before.credential["credentialSubject"]).toMatchObject({
            statusPurpose: entry.statusPurpose,
          });
          expect([bitAt(before.bits, entry), bitAt(before.bits, unchanged)]).toEqual([0, 0]);
          expect(await setStatus(service, one.credential, entry)).toBe(200);
          const { credential, bits } = await getList(service, entry);
          expect([bitAt(bits, entry), bitAt(bits, unchanged)]).toEqual([1, 0]);
          expect(onesIn(bits)).toBe(onesIn(before.bits) + 1);
          expectVerified(await service.verify(credential));
        }
      }),
      shows("gives no two credentials one entry", async (service) => {
        const issued = await Promise.all(Array.from({ length: 20 }, () => issueListed(service)));
        const entries = issued.flatMap((each) => each.entries);
        const names = entries.map(
          ({ statusListCredential, statusListIndex }) => `${statusListCredential} ${statusListIndex}`,
        );
        expect(new Set(names).size).toBe(40);
        for (const { statusListIndex } of entries) expect(statusListIndex).toMatch(/^(?:0|[1-9][0-9]*)$/);
      }),
      shows("serves the list at the address that the credential names, and no other", async (service) => {
        const { entries } = await issueListed(service);
        const address = new URL(entries[0].statusListCredential);
        expect((await service.get(address.pathname)).json).toMatchObject({ id: address.href });
        expect((await service.get(`${address.pathname}0`)).status).toBe(404);
      }),
    ),
    must(
      "3.2",
      "A credential is validated by its entry and the list that this names.",
      verifiesListed("what is not revoked"),
      doesNotVerifyListed("what is revoked", { bits: [94_567] }, "revoked"),
      shows("does not verify a presentation of what is revoked", async (service) => {
        for (const [bits, isRefused] of [
          [[], false],
          [[94_567], true],
        ] as const) {
          const address = await publishList(service, { bits });
          const credential = await signAnything(bySomebody(withStatus(entryIn(address))));
          const presentation = changed(PRESENTATION, { "/verifiableCredential": [credential] });
          const answer = await service.verifyPresentation(await signAnything(presentation));
          if (isRefused) expectProblem(answer, "revoked");
          else expectStatus(answer, { purpose: "revocation", value: 0 });
        }
      }),
    ),
    must(
      "3.2, step 4",
      "A list that cannot be got is a STATUS_RETRIEVAL_ERROR.",
      shows("does not verify where there is no list", async (service) => {
        const credential = bySomebody(withStatus(entryIn(newAddress())));
        expectProblem(await service.verify(await signAnything(credential)), "retrieval");
      }),
      shows("does not verify where there is something else", async (service) => {
        for (const text of ["", "<!doctype html><title>404</title>", "{", "[]", "null", "{}", '"x"']) {
          const address = newAddress();
          service.lists.set(address, text);
          expectRefused(await service.verify(await signAnything(bySomebody(withStatus(entryIn(address))))));
        }
      }),
    ),
    must(
      "3.2, step 4",
      "All proofs of the list verify, or it is a STATUS_VERIFICATION_ERROR.",
      ...ALL_SUITES.map((suite) =>
        doesNotVerifyListed(
          `with a list that was changed after it was signed by ${suite}`,
          {
            secure: async (list) => changed(await by(suite)(list), { [ENCODED]: encoded(bitstring([1])) }),
          },
          "verification",
        ),
      ),
      doesNotVerifyListed(
        "with a list without proof",
        { secure: (list) => Promise.resolve(list) },
        "verification",
      ),
      doesNotVerifyListed(
        "with a list that is signed by somebody else",
        { secure: (list) => signAnything(list, {}, OTHER) },
        "verification",
      ),
      doesNotVerifyListed(
        "with a list whose proof is for something else",
        { secure: (list) => signAnything(list, { proofPurpose: "authentication" }) },
        "verification",
      ),
      verifiesListed("with a list of two proofs", { secure: twice }),
      doesNotVerifyListed(
        "with a list of two proofs, one of which is wrong",
        {
          secure: async (list) => changed(await twice(list), { "/proof/1/created": "2026-11-23T07:00:00Z" }),
        },
        "verification",
      ),
    ),
    must(
      "3.2, step 5",
      "The purpose of the entry is one of the list's, or it is a STATUS_VERIFICATION_ERROR.",
      judged(
        "compares them exactly",
        [{}],
        [{ entry: { "/statusPurpose": "suspension" } }, "verification"],
        [{ list: { [PURPOSE]: "suspension" } }, "verification"],
        [{ list: { [PURPOSE]: ["suspension", "message"] } }, "verification"],
        [{ list: { [PURPOSE]: "Revocation" } }, "verification"],
        [{ entry: { "/statusPurpose": "suspension" }, list: { [PURPOSE]: ["revocation", "suspension"] } }],
      ),
    ),
    must(
      "3.2, step 9",
      "A list of fewer than 131,072 entries is a STATUS_LIST_LENGTH_ERROR.",
      judged(
        "counts the entries by their size",
        [{ bytes: KIB_16 - 1 }, "length"],
        [{ bytes: KIB_16 }],
        [{ bytes: KIB_16, entry: at(5, TWO_BITS) }, "length"],
        [{ bytes: KIB_32 - 1, entry: at(5, TWO_BITS) }, "length"],
        [{ bytes: KIB_32, entry: at(5, TWO_BITS) }],
      ),
    ),
    must(
      "3.2, step 10",
      "An index outside the list is a RANGE_ERROR.",
      judged(
        "knows where a list ends",
        [{ entry: at(ENTRIES - 1) }],
        [{ entry: at(ENTRIES) }, "range"],
        [{ entry: at(2 ** 32) }, "range"],
        [{ entry: { "/statusListIndex": "99999999999999999999999999" } }, "range"],
        [{ bytes: KIB_32, entry: at(2 * ENTRIES - 1) }],
        [{ bytes: KIB_32, entry: at(ENTRIES - 1, TWO_BITS) }],
        [{ bytes: KIB_32, entry: at(ENTRIES, TWO_BITS) }, "range"],
      ),
    ),
    must(
      "3.2, step 10",
      "The status of an entry is its bits, which begin at index times size.",
      judged(
        "reads two bits",
        [{ bytes: KIB_32, bits: [200, 201], entry: at(100, TWO_BITS) }, "revoked"],
        [{ bytes: KIB_32, bits: [200, 201], entry: at(99, TWO_BITS) }],
        [{ bytes: KIB_32, bits: [200, 201], entry: at(101, TWO_BITS) }],
        [{ bytes: KIB_32, bits: [100], entry: at(100, TWO_BITS) }],
        [{ bytes: KIB_32, bits: [200], entry: at(100, TWO_BITS) }, "revoked"],
        [{ bytes: KIB_32, bits: [201], entry: at(100, TWO_BITS) }, "revoked"],
      ),
    ),
    must(
      "3.2, steps 11 to 15",
      "The result tells status, purpose and, for `message`, the message of the value.",
      shows("tells them where the credential is verified", async (service) => {
        expectStatus(await verifyListed(service), { purpose: "revocation", value: 0 });
        for (const [bits, value] of [
          [[], 0],
          [[200, 201], 3],
        ] as const) {
          const answer = await verifyListed(service, {
            list: { [PURPOSE]: "message" },
            bits,
            bytes: KIB_32,
            entry: at(100, {
              ...TWO_BITS,
              "/statusPurpose": "message",
              // By the value, not by the place.
              "/statusMessage": [...messages(4)].reverse(),
            }),
          });
          expectStatus(answer, { purpose: "message", value, message: `meaning ${String(value)}` });
        }
      }),
    ),
    must(
      "3.2, step 13",
      "A status of 0 is valid, any other is not.",
      judged(
        "revokes and suspends by any other",
        [{}],
        [{ bits: [94_567] }, "revoked"],
        [suspension([])],
        [suspension([94_567]), "suspended"],
      ),
    ),
    must(
      "3.2 (VC Data Model 4.10)",
      "Each entry of several is validated.",
      shows("does not verify where one of several is set, whichever", async (service) => {
        for (const [first, second] of [
          [0, 0],
          [1, 0],
          [0, 1],
          [1, 1],
        ] as const) {
          const bits = [...(first === 1 ? [3] : []), ...(second === 1 ? [5] : [])];
          const address = await publishList(service, { bits });
          const entries = [entryIn(address, at(3)), entryIn(address, at(5))];
          const answer = await service.verify(await signAnything(bySomebody(withStatus(entries))));
          if (bits.length === 0) expectStatus(answer, { value: 0 }, { value: 0 });
          else expect(answer.json["errors"]).toMatchObject(bits.map(() => ({ type: PROBLEM_TYPES.revoked })));
        }
      }),
      shows("does not verify where one of several lists cannot be got", async (service) => {
        const entries = [entryIn(await publishList(service)), entryIn(newAddress())];
        const credential = await signAnything(bySomebody(withStatus(entries)));
        expectProblem(await service.verify(credential), "retrieval");
      }),
    ),
    must(
      "3.4",
      "A bitstring is expanded from multibase and gzip.",
      shows("expands what was packed at every level", async (service) => {
        for (const level of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) {
          for (const [index, isSet] of [
            [94_567, true],
            [94_568, false],
          ] as const) {
            const packed = encoded(scattered(94_567), (bytes) => gzipSync(bytes, { level }));
            const answer = await verifyListed(service, { list: { [ENCODED]: packed }, entry: at(index) });
            if (isSet) expectProblem(answer, "revoked");
            else expectVerified(answer);
          }
        }
      }),
      verifiesListed("with a list whose gzip names a time and a system", {
        list: {
          [ENCODED]: encoded(bitstring(), (bytes) =>
            gzipSync(bytes).map((byte, index) => (index >= 4 && index < 8 ? 0x5a : index === 9 ? 7 : byte)),
          ),
        },
      }),
      // From the example of the specification.
      verifiesListed("with the list of the specification's example", {
        list: { [ENCODED]: "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA" },
      }),
    ),
    must(
      "3.6",
      "A list may be secured otherwise than the credential.",
      shows("verifies a credential of each suite with a list of each", async (service) => {
        for (const ofList of ALL_SUITES) {
          const address = await publishList(service, { secure: by(ofList) });
          for (const suite of ALL_SUITES) {
            expectVerified(await service.verify(await sign(bySomebody(withStatus(entryIn(address))), suite)));
          }
        }
      }),
    ),
    must(
      "5.1",
      "The terms of status lists mean what the vocabulary says.",
      shows("neither issues nor verifies one of them defined anew", async (service) => {
        const address = await publishList(service);
        for (const term of ["BitstringStatusListEntry", "BitstringStatusListCredential", "statusPurpose"]) {
          const anew = { "/@context": [V2, EXAMPLES, { [term]: `https://example.org/${term}` }] };
          const credential = changed(withStatus(entryIn(address)), anew);
          expect((await service.issue("eddsa-rdfc-2022", credential)).status).toBe(400);
          expectRefused(await service.verify(await signAnything(bySomebody(credential))));
        }
      }),
    ),
  ],
  otherwise: [
    but(
      "2.1",
      "statuses of other types, or whose `type` is a list",
      "an entry of another type is issued as it is given, and never verifies: what nobody looked up is no yes",
    ),
    but("2.1", "an index with leading zeros, or of more than 256 digits", "refused: one entry has one name"),
    but("2.1", "addresses of lists that are not `https`", "refused (DESIGN 4.9)"),
    but("2.1", "a `statusSize` above 8", "refused; the specification lets a processor stop at 1 (1.3)"),
    but(
      "2.2",
      "`id` and `validFrom` of a list are optional",
      "required: a list bears the address that it was asked for, and its age is counted (DESIGN 4.9)",
    ),
    but(
      "2.2",
      "anybody may sign a list, and it may have a status of its own",
      "the service asks for the credential's issuer, and for none that has one; a library caller can name others",
    ),
    but(
      "2.2",
      "`validUntil` and `ttl` bind publishers, and no verifier",
      "a list past either, or past its proof's `expires`, says nothing: the answer is no",
    ),
    but(
      "2.2",
      "a list of messages has `statusSize` and `statusMessages`",
      "not asked for: the entry's own are used, and no context defines terms for them in a list, so that one " +
        "which has them is refused",
    ),
    but(
      "3.2, step 13",
      "any status but 0 is not valid",
      "true of revocation and suspension; what another purpose says is told, and is for the client to judge",
    ),
    but(
      "3.4",
      "gzip of several members, or with a name or comment in its header",
      "refused: one plain member, of 16 MiB at most, in a list of 1 MiB at most (DESIGN 4.1, 4.9)",
    ),
    but(
      "5.2",
      "the context `https://www.w3.org/ns/credentials/status/v1` is known",
      "refused: its terms are in that of the data model, which every credential of 2.0 begins with",
    ),
  ],
  untested: [
    but("2.1", "that purposes are used as they are meant", "it is for whoever issues"),
    but(
      "3.2",
      "lists as they stood at a time (`timestamp`)",
      "an option of publishers, which the service does not have",
    ),
    but(
      "3.2, step 4",
      "what a network does, and what is kept of what it gave",
      "the tests give the service the lists of others; `packages/verifier` tests fetching and caching",
    ),
    but(
      "3.2",
      "lists are fetched by a proxy, and the retrieval is hidden from the issuer",
      "recommended alone",
    ),
  ],
};

/** A bitstring that does not pack well, with a bit that is set, and the one after it that is not. */
function scattered(index = 0): Uint8Array {
  let state = 1;
  const bytes = bitstring().map(() => (state = (state * 48_271) % 2_147_483_647) & 0xff);
  const place = index >> 3;
  const rest = 0xff >> (index & 7);
  bytes[place] = ((bytes[place] ?? 0) & ~rest) | (0b1000_0000 >> (index & 7));
  bytes[place + 1] = 0;
  return bytes;
}

/** A list of suspensions. */
function suspension(bits: readonly number[]): Listed {
  return { bits, entry: { "/statusPurpose": "suspension" }, list: { [PURPOSE]: "suspension" } };
}

/** Two proofs, of somebody and of somebody else, beside each other. */
async function twice(list: JsonObject): Promise<JsonObject> {
  const [own, foreign] = [await signAnything(list), await signAnything(list, {}, OTHER)];
  return changed(list, { "/proof": [own["proof"] ?? {}, foreign["proof"] ?? {}] });
}
