import {
  asJson,
  createDidWebDriver,
  createResolver,
  createSignatureCache,
  digestMultibase,
  type AuthorityCredential,
  type DidResolver,
  type SafeFetch,
  type Signer,
  type StatusListCredential,
} from "@writ/core";
import { revokeCredential } from "@writ/issuer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  createHttpsStatusSource,
  trustOrganisations,
  verifyCredential,
  verifyPresentation,
  type PresentationExpectations,
} from "../../src/index.js";
import { outcomeOf, refused, VERIFIED } from "../outcome.js";
import {
  compose,
  INVOCATION,
  openWorld,
  present,
  reissue,
  signerOf,
  STRANGER,
  type World,
} from "../world.js";
import { countSockets, NOTHING } from "./count-sockets.js";
import { loopbackFetch, openServer, type LoopbackServer } from "./loopback-server.js";

const BASE = "https://status.acme.example/";
const WEB = "did:web:acme.example";

let world: World;
beforeAll(async () => void (world = await openWorld("online", BASE)));
afterAll(() => world.close());

/** What lies at each host and path; anything else is not there. */
type Site = ReadonlyMap<string, string>;

/** A server for all hosts, and a fetch that finds it where they are. */
async function serve(
  site: () => Site,
): Promise<{ readonly fetch: SafeFetch; readonly server: LoopbackServer }> {
  const server = await openServer(({ headers, url = "" }, response) => {
    const content = site().get(`${headers.host?.split(":")[0] ?? ""}${url}`);
    if (content === undefined) response.writeHead(404).end("not there");
    else response.writeHead(200, { "content-type": "application/vc" }).end(content);
  });
  const port = `:${String(server.port)}`;
  // Whoever runs the tests may not listen at 443.
  const fetch: SafeFetch = (url, demand) => {
    const { host, pathname } = new URL(url);
    return loopbackFetch()(`https://${host}${port}${pathname}`, demand);
  };
  return { fetch, server };
}

const siteOf = (lists: ReadonlyMap<string, string | Uint8Array>): Site =>
  new Map([...lists].map(([address, text]) => [address.replace("https://", ""), text as string]));

describe("status lists over https", () => {
  async function online() {
    let site = siteOf((await world.source()).lists);
    const { fetch, server } = await serve(() => site);
    const expectations = { ...world.expectations, status: createHttpsStatusSource(fetch) };
    return { expectations, server, fetch, put: (next: Site) => (site = next) };
  }

  it("let a whole presentation be verified, with one request for each list", async () => {
    const { expectations, server } = await online();
    const text = await present(world.third, { invocation: INVOCATION });
    const reached = await countSockets(async () => {
      expect(outcomeOf(await verifyPresentation(text, expectations))).toEqual(VERIFIED);
    });
    expect(reached).toEqual({ sockets: 2, lookups: 0 });
    expect(server.asked.map(({ url }) => url).sort()).toEqual(["/r1", "/s1"]);
    await server.allClosed();
  });

  it("say when a credential is revoked", async () => {
    const own = await openWorld("online, revoked", BASE);
    try {
      const lists = siteOf((await own.source()).lists);
      await revokeCredential(own.organisation, own.root.id);
      const later = siteOf((await own.source()).lists);
      let site = lists;
      const { fetch } = await serve(() => site);
      const expectations = { ...own.expectations, status: createHttpsStatusSource(fetch) };
      const text = JSON.stringify(own.root);
      expect(outcomeOf(await verifyCredential(text, expectations))).toEqual(VERIFIED);
      site = later;
      expect(outcomeOf(await verifyCredential(text, expectations))).toEqual(
        refused("status", "REVOKED /credentialStatus/0"),
      );
    } finally {
      await own.close();
    }
  });

  const unavailable = refused(
    "status",
    "STATUS_UNAVAILABLE /credentialStatus/0",
    "STATUS_UNAVAILABLE /credentialStatus/1",
  );

  it("row 120: that are not there leave the status unknown, which is no yes", async () => {
    const { expectations, put } = await online();
    put(new Map());
    expect(outcomeOf(await verifyCredential(JSON.stringify(world.root), expectations))).toEqual(unavailable);
  });

  it("row 127: are not fetched from inside, whatever the issuer signed", async () => {
    const inside = await reissue(world.root, world.organisation.signer, {
      "/credentialStatus/0/statusListCredential": "https://169.254.169.254/latest",
      "/credentialStatus/1/statusListCredential": "https://127.0.0.1/s1",
    });
    const status = createHttpsStatusSource(
      loopbackFetch({ lookup: () => Promise.reject(new Error("asked")) }),
    );
    const reached = await countSockets(async () => {
      const result = await verifyCredential(JSON.stringify(inside), { ...world.expectations, status });
      expect(outcomeOf(result)).toEqual(unavailable);
    });
    expect(reached).toEqual(NOTHING);
  });
});

describe("row 126: nothing is reached out for", () => {
  const status = createHttpsStatusSource(() => Promise.reject(new Error("fetched")));

  async function reached(
    text: string,
    expectations: Partial<PresentationExpectations> = {},
  ): Promise<readonly [string | undefined, readonly string[], object]> {
    let outcome = VERIFIED;
    let fetches = 0;
    const counted: SafeFetch = () => {
      fetches++;
      return Promise.reject(new Error("fetched"));
    };
    const resolver = createResolver({ web: createDidWebDriver(counted) });
    const all = { ...world.expectations, status, resolver, ...expectations };
    const sockets = await countSockets(async () => {
      const presented = (JSON.parse(text) as { readonly type: readonly string[] }).type.length === 1;
      outcome = outcomeOf(await (presented ? verifyPresentation(text, all) : verifyCredential(text, all)));
    });
    return [outcome.failed, outcome.problems, { ...sockets, fetches }];
  }
  const none = { ...NOTHING, fetches: 0 };

  it("where a signature is bad", async () => {
    expect(await reached(JSON.stringify({ ...world.root, id: world.middle.id }))).toEqual([
      "signature",
      ["SIGNATURE_INVALID /proof"],
      none,
    ]);
    const bad = await compose(world.lead.signer, [
      world.lead.identity,
      { ...world.root, id: world.middle.id },
    ]);
    expect(await reached(bad)).toEqual([
      "signature",
      ["SIGNATURE_INVALID /verifiableCredential/1/proof"],
      none,
    ]);
  });

  it("row 26: where a context is unknown", async () => {
    for (const context of ["https://acme.example/context", "http://169.254.169.254/"]) {
      const contexts = [world.root["@context"][0], context];
      const document = await reissue(world.root, world.organisation.signer, { "/@context": contexts });
      expect(await reached(JSON.stringify(document))).toEqual([
        "profile",
        ["CONTEXT_NOT_ALLOWED /@context"],
        none,
      ]);
    }
  });

  it("where the issuer is not trusted", async () => {
    const foreign = await reissue(world.root, STRANGER, {
      "/issuer": STRANGER.did,
      "/credentialSubject/principal": STRANGER.did,
    });
    expect(await reached(JSON.stringify(foreign))).toEqual(["issuer", ["ISSUER_UNTRUSTED /issuer"], none]);
  });

  it("where the issuer is a did:web that is not trusted", async () => {
    const signer = webSigner("key-1", world.organisation.signer);
    const foreign = await reissue(world.root, signer, { "/issuer": WEB });
    expect(await reached(JSON.stringify(foreign))).toEqual(["signature", ["DID_UNAVAILABLE /proof"], none]);
  });

  it("where the credential is not in force, or stands in no chain", async () => {
    const now = Date.parse(world.root.validUntil);
    expect(await reached(JSON.stringify(world.root), { clock: () => now })).toEqual([
      "time",
      ["EXPIRED /validUntil"],
      none,
    ]);
    const [failed, , sockets] = await reached(JSON.stringify(world.middle));
    expect([failed, sockets]).toEqual(["chain", none]);
  });
});

/** A key of a did:web, under a name. */
function webSigner(name: string, signer: Signer): Signer {
  return { ...signer, did: WEB, verificationMethod: `${WEB}#${name}` };
}

/** The document of a did:web with these keys. */
function webDocument(keys: Readonly<Record<string, Signer>>, more: object = {}): string {
  const ids = Object.keys(keys).map((name) => `${WEB}#${name}`);
  return JSON.stringify({
    id: WEB,
    verificationMethod: Object.entries(keys).map(([name, { did }]) => ({
      id: `${WEB}#${name}`,
      type: "Multikey",
      controller: WEB,
      publicKeyMultibase: did.slice("did:key:".length),
    })),
    assertionMethod: ids,
    ...more,
  });
}

describe("an organisation that is a did:web", () => {
  const [first, second] = [signerOf("web key 1"), signerOf("web key 2")];
  const KEY_1 = webSigner("key-1", first);
  const KEY_2 = webSigner("key-2", second);

  /** Everything that the organisation of the world signed, signed by a key of the did:web instead. */
  async function signedBy(signer: Signer) {
    const identity = await reissue(world.lead.identity, signer, {
      "/issuer": WEB,
      "/credentialSubject/owner": WEB,
    });
    const root: AuthorityCredential = await reissue(world.root, signer, {
      "/issuer": WEB,
      "/credentialSubject/principal": WEB,
    });
    const lists = new Map<string, string>();
    for (const [address, text] of (await world.source()).lists) {
      const list = JSON.parse(text as string) as StatusListCredential;
      lists.set(address, JSON.stringify(await reissue(list, signer, { "/issuer": WEB })));
    }
    const authority = { digestMultibase: digestMultibase(asJson(root)), grant: "refunds" };
    const presentation = await compose(world.lead.signer, [identity, root], {
      changes: { "/invocation": { authority, ...INVOCATION, nonce: "b5b8b0a4c7f14e0e" } },
    });
    return { root: JSON.stringify(root), presentation, site: siteOf(lists) };
  }

  /** What a service that trusts the did:web concludes, and how often it asked for the document. */
  async function online(document: string | undefined, lists: Site) {
    const site = new Map([...lists, ...(document === undefined ? [] : [[DOCUMENT, document] as const])]);
    const { fetch, server } = await serve(() => site);
    const expectations: PresentationExpectations & { readonly resolver: DidResolver } = {
      ...world.expectations,
      trust: trustOrganisations([WEB]),
      status: createHttpsStatusSource(fetch),
      resolver: createResolver({ web: createDidWebDriver(fetch) }),
    };
    const documents = () => server.asked.filter(({ url }) => url === "/.well-known/did.json").length;
    return { expectations, documents, server, put: (next: string) => site.set(DOCUMENT, next) };
  }
  const DOCUMENT = "acme.example/.well-known/did.json";

  it("is asked for its document once in a verification, and at each one anew", async () => {
    const { presentation, site } = await signedBy(KEY_1);
    const { expectations, documents, server } = await online(webDocument({ "key-1": first }), site);
    expect(outcomeOf(await verifyPresentation(presentation, expectations))).toEqual(VERIFIED);
    // Identity, root and two lists are signed by it.
    expect([documents(), server.connections()]).toEqual([1, 3]);
    expect(outcomeOf(await verifyPresentation(presentation, expectations))).toEqual(VERIFIED);
    expect([documents(), server.connections()]).toEqual([2, 6]);
    await server.allClosed();
  });

  it("is not asked for again where it did not answer", async () => {
    const { presentation, site } = await signedBy(KEY_1);
    const { expectations, server } = await online(undefined, site);
    expect(outcomeOf(await verifyPresentation(presentation, expectations))).toEqual(
      refused("signature", "DID_UNAVAILABLE /verifiableCredential/0/proof"),
    );
    expect(server.connections()).toBe(1);
  });

  it("rotates its key by its document, whatever is remembered of signatures", async () => {
    const [before, after] = [await signedBy(KEY_1), await signedBy(KEY_2)];
    const { expectations, put } = await online(webDocument({ "key-1": first }), before.site);
    const options = { ...expectations, signatures: createSignatureCache() };
    const judge = async (text: string) => outcomeOf(await verifyCredential(text, options));
    const unauthorised = refused("signature", "METHOD_NOT_AUTHORIZED /proof");
    expect([await judge(before.root), await judge(after.root)]).toEqual([VERIFIED, unauthorised]);
    put(webDocument({ "key-1": first, "key-2": second }));
    expect([await judge(before.root), await judge(after.root)]).toEqual([VERIFIED, VERIFIED]);
    put(webDocument({ "key-2": second }));
    // The lists were signed with the key that is gone.
    const { failed } = await judge(after.root);
    expect([await judge(before.root), failed]).toEqual([unauthorised, "status"]);
    // Another key under the old name is another key.
    put(webDocument({ "key-1": second }));
    expect(await judge(before.root)).toEqual(refused("signature", "SIGNATURE_INVALID /proof"));
  });

  it.each([
    ["row 51: allows the key for another purpose", { assertionMethod: [], authentication: [`${WEB}#key-1`] }],
    ["rows 52, 53: says that another controls the key", undefined],
    ["says that it is deactivated", { deactivated: true }],
  ])("is refused where its document %s", async (_, more) => {
    const { root, site } = await signedBy(KEY_1);
    const document = webDocument({ "key-1": first }, more);
    const told =
      more === undefined
        ? document.replace(`"controller":"${WEB}"`, `"controller":"${WEB}:other"`)
        : document;
    const { expectations } = await online(told, site);
    expect(outcomeOf(await verifyCredential(root, expectations))).toEqual(
      refused("signature", "METHOD_NOT_AUTHORIZED /proof"),
    );
  });
});
