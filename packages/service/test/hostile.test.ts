import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import {
  createResolver,
  type DidResolver,
  type GenericContexts,
  type JsonObject,
  type Spend,
} from "@writ/core";
import {
  createMemoryChallengeStore,
  createTrustPolicy,
  type StatusListSource,
  type TrustedRoot,
} from "@writ/verifier";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  createHttpService,
  createOperations,
  createRequestLog,
  listen,
  type HttpService,
  type Listening,
} from "../src/index.js";

/** Every document of `test-vectors/negative`, sent to the service over HTTP (HOSTILE.md, sections A to I). */
const VECTORS = fileURLToPath(new URL("../../../test-vectors/", import.meta.url));
const LOG = createRequestLog({ write: () => undefined });

interface World {
  readonly trust: readonly string[];
  readonly challenge: string;
  readonly domain: string;
  readonly now: string;
  readonly statusLists: Readonly<Record<string, object>>;
}

interface Vector {
  readonly verify?: "credential" | "generic-credential" | "generic-presentation" | "succession";
  readonly input?: string;
  readonly inputBase64?: string;
  readonly with?: {
    readonly now?: string;
    readonly trust?: readonly (string | TrustedRoot)[];
    readonly statusLists?: Readonly<Record<string, object | string | null>>;
    readonly didDocuments?: Readonly<Record<string, object>>;
    readonly resources?: object;
    readonly contexts?: GenericContexts;
    readonly service?: {
      readonly audience?: string;
      readonly spend?: Spend;
      readonly context?: JsonObject;
      readonly ledger?: "empty";
    };
  };
  readonly expect: { readonly verified: boolean; readonly code: string; readonly decision?: string };
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(VECTORS + file, "utf8"));
const WORLD = readJson("world.json") as World;

/** A document in a body is a part of it: these are told by what is wrong with the body. */
const IN_THE_BODY: Readonly<Record<string, string>> = {
  "006-byte-order-mark": "JSON_SYNTAX",
  "017-array": "SCHEMA_INVALID",
  "017-null": "SCHEMA_INVALID",
  "017-number": "SCHEMA_INVALID",
  "017-string": "ENVELOPE_UNSUPPORTED",
};

/** Nobody's DID is looked up over the network for a document of anybody's. */
const ON_THE_NETWORK: Readonly<Record<string, string>> = {
  "051-other-relationship": "DID_UNAVAILABLE",
  "052-controller": "DID_UNAVAILABLE",
};

/** Whom to trust in what is asked for `/authorize` alone; lists must then be signed by the issuer itself. */
const TRUST_IS_NOT_ASKED: ReadonlySet<string> = new Set([
  "106-generic-untrusted",
  "106-untrusted",
  "107-approval-alone",
  "149-no-roots",
  "149-untrusted-root",
  "220-principal",
  "220-resources",
]);

/** What is white space in a document is gone when it stands in a body, which has a limit of its own. */
const MADE_LARGE_BY_SPACE: ReadonlySet<string> = new Set(["004-too-large"]);

/** What a service cannot be asked: it does not read statements, nor get resources from whoever asks. */
const isAsked = ({ verify, with: { resources, service } = {} }: Vector): boolean =>
  verify !== "succession" && resources === undefined && service?.ledger === undefined;

const vectors = readdirSync(`${VECTORS}negative`).map(
  (file) => [file.replace(/\.json$/, ""), readJson(`negative/${file}`) as Vector] as const,
);

/** A service that knows what the vector's verifier knows. */
function serviceFor({ with: circumstances = {} }: Vector): HttpService {
  const lists = { ...WORLD.statusLists, ...circumstances.statusLists };
  const status: StatusListSource = {
    get(address) {
      const list = lists[address] ?? null;
      if (list === null) return Promise.resolve(null);
      return Promise.resolve({ text: typeof list === "string" ? list : JSON.stringify(list) });
    },
  };
  const clock = (): number => Date.parse(circumstances.now ?? WORLD.now);
  const roots = (circumstances.trust ?? WORLD.trust).map((root) =>
    typeof root === "string" ? { did: root } : root,
  );
  const trust = createTrustPolicy({
    identityIssuers: roots.map(({ did }) => did),
    authorityRoots: roots,
  });
  const resolver = resolverOf(circumstances.didDocuments ?? {});
  const { challenge: expectedChallenge, domain: expectedDomain } = WORLD;
  const expectations = { trust, status, clock, resolver, expectedChallenge, expectedDomain };
  const facts = { audience: circumstances.service?.audience };
  const challenges = createMemoryChallengeStore({ clock });
  const operations = createOperations({
    status,
    resolver,
    contexts: circumstances.contexts ?? {},
    authorization: { expectations, facts, challenges },
    clock,
  });
  return createHttpService(operations, { access: "open", log: LOG });
}

function resolverOf(didDocuments: Readonly<Record<string, object>>): DidResolver {
  const own = createResolver();
  return {
    resolve(did) {
      const didDocument = didDocuments[did];
      if (didDocument === undefined) return own.resolve(did);
      const answer = { didResolutionMetadata: {}, didDocument, didDocumentMetadata: {} };
      return Promise.resolve(answer as Awaited<ReturnType<DidResolver["resolve"]>>);
    },
  };
}

/** The request that asks the service what the vector asks; the document's bytes stand in it as they are. */
function requestFor(vector: Vector): readonly [path: string, body: Buffer] {
  const input = vector.input ?? Buffer.from(vector.inputBase64 ?? "", "base64");
  const { context, spend } = vector.with?.service ?? {};
  const { challenge, domain } = WORLD;
  const [path, name, more] =
    vector.verify === "credential" || vector.verify === "generic-credential"
      ? (["/credentials/verify", "verifiableCredential", {}] as const)
      : vector.verify === "generic-presentation"
        ? (["/presentations/verify", "verifiablePresentation", { options: { challenge, domain } }] as const)
        : (["/authorize", "presentation", { context, spend }] as const);
  const rest = JSON.stringify(more).slice(1, -1);
  const end = `${rest === "" ? "" : `,${rest}`}}`;
  return [path, Buffer.concat([Buffer.from(`{"${name}":`), Buffer.from(input), Buffer.from(end)])];
}

describe("what strangers send over HTTP", () => {
  let current: HttpService;
  let server: Listening;

  beforeAll(async () => {
    const idle = createHttpService([], { access: "open", log: LOG });
    server = await listen({ ...idle, fetch: (request, connection) => current.fetch(request, connection) });
  });
  afterAll(() => server.close());

  async function ask(vector: Vector): Promise<{ readonly status: number; readonly json: JsonObject }> {
    current = serviceFor(vector);
    const [path, body] = requestFor(vector);
    const headers = { "content-type": "application/json" };
    const response = await fetch(server.url + path, { method: "POST", headers, body });
    return { status: response.status, json: (await response.json()) as JsonObject };
  }

  const isJudgedAlike = (name: string): boolean =>
    !TRUST_IS_NOT_ASKED.has(name) && !MADE_LARGE_BY_SPACE.has(name);

  it.each(vectors.filter(([name, vector]) => isAsked(vector) && isJudgedAlike(name)))(
    "%s is refused",
    async (name, vector) => {
      const { status, json } = await ask(vector);
      const [problem = json] = (json["errors"] ?? json["problems"] ?? []) as readonly JsonObject[];
      const code = IN_THE_BODY[name] ?? ON_THE_NETWORK[name] ?? vector.expect.code;
      expect({ code: problem["code"], isYes: status === 200, isCrash: status === 500 }).toEqual({
        code,
        isYes: false,
        isCrash: false,
      });
    },
  );

  it.each(vectors.filter(([name]) => TRUST_IS_NOT_ASKED.has(name)))(
    "%s is not said to be by somebody who is trusted",
    async (_, vector) => {
      const { json } = await ask(vector);
      expect(json["notEstablished"]).toEqual(expect.arrayContaining(["issuer"]));
    },
  );

  it("a body that is too large is refused, whatever makes it so", async () => {
    for (const padding of [" ".repeat(600_000), `"${"x".repeat(600_000)}",`]) {
      const verify = "credential";
      const { status, json } = await ask({
        verify,
        input: `[${padding}1]`,
        expect: { verified: false, code: "" },
      });
      expect([status, json["code"]]).toEqual([413, "TOO_LARGE"]);
    }
  });

  it("all but a few of the documents are asked, and each exception is one", () => {
    const names = vectors.map(([name]) => name);
    const exceptions = [
      ...Object.keys({ ...IN_THE_BODY, ...ON_THE_NETWORK }),
      ...TRUST_IS_NOT_ASKED,
      ...MADE_LARGE_BY_SPACE,
    ];
    expect(exceptions.filter((name) => !names.includes(name))).toEqual([]);
    expect(vectors.filter(([, vector]) => !isAsked(vector)).length).toBeLessThan(12);
  });
});
