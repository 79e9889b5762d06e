import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  asProblem,
  createResolver,
  type DidResolver,
  type Ed25519Engine,
  type Problem,
  type StatusListCredential,
} from "@writ/core";
import { openSqliteDatabase } from "@writ/database";

import {
  createLedger,
  createTrustPolicy,
  decide,
  verifyCredential,
  verifyGenericCredential,
  verifyGenericPresentation,
  verifyPresentation,
  withSuccessions,
  type Decision,
  type StatusListSource,
  type TrustPolicy,
  type VerifiedPresentation,
} from "../../src/index.js";
import type { Circumstances, Expectation, Vector } from "./vector.js";

/** What every vector is verified with. */
export interface World {
  readonly trust: readonly string[];
  readonly challenge: string;
  readonly domain: string;
  readonly now: string;
  readonly statusLists: Readonly<Record<string, StatusListCredential>>;
}

/** What this implementation answers to a vector. */
export async function judge(
  vector: Omit<Vector, "name">,
  world: World,
  engine: Ed25519Engine,
): Promise<Expectation> {
  const { verify, with: circumstances = {} } = vector;
  const input = vector.input ?? Buffer.from(vector.inputBase64 ?? "", "base64");
  const trust = policyOf(circumstances.trust ?? world.trust);
  const clock = (): number => Date.parse(circumstances.now ?? world.now);
  const options = {
    trust,
    status: sourceOf({ ...world.statusLists, ...circumstances.statusLists }),
    clock,
    resolver: resolverOf(circumstances),
    engine,
  };
  const occasion = { expectedChallenge: world.challenge, expectedDomain: world.domain };
  const generic = {
    ...options,
    contexts: circumstances.contexts ?? {},
    resources: resourcesOf(circumstances),
  };
  switch (verify) {
    case "credential":
      return answerOf(await verifyCredential(input, options));
    case "generic-credential":
      return answerOf(await verifyGenericCredential(input, generic));
    case "generic-presentation":
      return answerOf(await verifyGenericPresentation(input, { ...generic, ...occasion }));
    case "succession":
      return withSuccessions(trust, [input], options).then(
        () => ({ verified: true, decision: "none" }),
        (error: unknown) => refusalOf([asProblem(error)]),
      );
    default: {
      const result = await verifyPresentation(input, { ...options, ...occasion });
      if (!result.verified || result.presentation.invocation === undefined) return answerOf(result);
      return decisionOf(await decideUnder(circumstances, result.presentation));
    }
  }
}

function policyOf(trust: NonNullable<Circumstances["trust"]>): TrustPolicy {
  const roots = trust.map((root) => (typeof root === "string" ? { did: root } : root));
  return createTrustPolicy({ identityIssuers: roots.map(({ did }) => did), authorityRoots: roots });
}

function sourceOf(lists: NonNullable<Circumstances["statusLists"]>): StatusListSource {
  return {
    get(address) {
      const list = lists[address] ?? null;
      if (list === null) return Promise.resolve(null);
      return Promise.resolve({ text: typeof list === "string" ? list : JSON.stringify(list) });
    },
  };
}

/** Nothing is fetched; what is not here is not there. */
function resolverOf({ didDocuments = {} }: Circumstances): DidResolver {
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

function resourcesOf({ resources = {} }: Circumstances): ReadonlyMap<string, Uint8Array> {
  return new Map(Object.entries(resources).map(([id, bytes]) => [id, Buffer.from(bytes, "base64")]));
}

async function decideUnder(
  { service = {} }: Circumstances,
  presentation: VerifiedPresentation,
): Promise<Decision> {
  const { ledger, ...facts } = service;
  if (ledger === undefined) return decide(presentation, facts);
  const folder = mkdtempSync(join(tmpdir(), "writ-vectors-"));
  const database = await openSqliteDatabase({ path: join(folder, "ledger.db"), mode: "create" });
  try {
    return await decide(presentation, { ...facts, ledger: await createLedger(database) });
  } finally {
    await database.close();
    rmSync(folder, { recursive: true });
  }
}

function answerOf(result: {
  readonly verified: boolean;
  readonly problems?: readonly Problem[];
}): Expectation {
  return result.verified ? { verified: true, decision: "none" } : refusalOf(result.problems ?? []);
}

function refusalOf([first]: readonly Problem[]): Expectation {
  return { verified: false, code: first?.code ?? "", pointer: first?.pointer ?? "" };
}

function decisionOf({ outcome, problems }: Decision): Expectation {
  const [first] = problems;
  if (first === undefined) return { verified: true, decision: outcome };
  const dimensions = problems.flatMap(({ dimension }) => dimension ?? []);
  return { verified: true, decision: outcome, code: first.code, pointer: first.pointer, dimensions };
}
