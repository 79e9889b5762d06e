import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  createSeedSigner,
  createSignatureCache,
  decodeBase58,
  evaluate,
  foldGrants,
  nativeEngine,
  nobleEngine,
  parseStrictJson,
  sha256,
  systemRandom,
  verifyEd25519,
  parseDidKey,
  type FoldedGrant,
} from "@writ/core";
import { openSqliteDatabase } from "@writ/database";
import {
  createLedger,
  decide,
  verifyCredential,
  verifyPresentation,
  type LedgerAnswer,
} from "@writ/verifier";

import { foldAndEvaluate, kernelCase } from "./kernel.js";
import { measure, report } from "./measure.js";
import { peerVerifiesCredential, peerVerifiesPresentation } from "./peer.js";
import { createWorld } from "./world.js";

/** Never reached, so that every charge is made. */
const LIMITS = [
  { dimension: "spend", budget: Number.MAX_SAFE_INTEGER },
  { dimension: "rate", max: 1000, seconds: 60 },
] as const;

const folder = await mkdtemp(join(tmpdir(), "writ-bench-"));
try {
  await benchmark();
} finally {
  await rm(folder, { recursive: true });
}

async function benchmark(): Promise<void> {
  const world = await createWorld(join(folder, "acme.db"), "eddsa-jcs-2022");
  const rdf = await createWorld(join(folder, "acme-rdf.db"), "eddsa-rdfc-2022");
  const { trust, status, challenge, domain } = world;
  const expected = { trust, status, expectedChallenge: challenge, expectedDomain: domain };

  const signer = createSeedSigner(systemRandom(32));
  const message = sha256("message");
  const signature = await signer.sign(message);
  const key = parseDidKey(signer.did);

  const verified = await verifyPresentation(world.longPresentation, expected);
  assert.ok(verified.verified);
  assert.equal((await decide(verified.presentation)).outcome, "allow");
  assert.equal(await peerVerifiesCredential(world.identity), true);
  assert.equal(await peerVerifiesPresentation(world.shortPresentation, challenge, domain), true);
  assert.equal(await peerVerifiesPresentation(rdf.longPresentation, challenge, domain), true);
  const { presentation } = verified;

  const signatures = createSignatureCache();
  const [stateless, timed] = [kernelCase(false), kernelCase(true)];
  const grant = foldGrants(timed.links)[2] as FoldedGrant;
  const bare = foldGrants(stateless.links)[2] as FoldedGrant;
  let now = Date.parse("2026-11-23T08:00:00Z");
  const { charges } = evaluate(grant, timed.request(now));
  const database = await openSqliteDatabase({ path: join(folder, "orders.ledger"), mode: "create" });
  const ledger = await createLedger(database);
  const amplyLimited = charges.map((charge) => ({ ...charge, limits: LIMITS }));
  const chargeOnce = (): Promise<LedgerAnswer> => {
    now += 1000;
    const key = { holder: "did:web:holder.example", nonce: String(now), digestMultibase: "" };
    return ledger.charge({ ...key, at: now, keyUntil: now, charges: amplyLimited });
  };
  assert.equal((await chargeOnce()).outcome, "charged");
  console.log("V is one native Ed25519 verification with a cached key, in this run.\n");
  report([
    await measure("V: native Ed25519", () => {
      verifyEd25519(signature, message, key, nativeEngine);
    }),
    await measure("noble Ed25519", () => {
      verifyEd25519(signature, message, key, nobleEngine);
    }),
    await measure(`strict parse, ${String(world.longPresentation.length)} bytes`, () =>
      parseStrictJson(world.longPresentation),
    ),
    await measure(`JSON.parse, the same bytes`, () => JSON.parse(world.longPresentation) as unknown),
    await measure("base58 of a signature", () => decodeBase58("4".repeat(87))),
    await measure("decide, chain of 3", () => decide(presentation)),
    await measure("Rule A, chain of 3 with 5 grants each, no windows", () =>
      evaluate(bare, stateless.request((now += 1000))),
    ),
    await measure("the same, with windows", () => evaluate(grant, timed.request((now += 1000)))),
    await measure("fold and Rule B of all 15 grants as well, no windows", () => {
      foldAndEvaluate(stateless, (now += 1000));
    }),
    await measure("the same, with windows", () => {
      foldAndEvaluate(timed, (now += 1000));
    }),
    await measure("ledger, 3 accounts with a budget and a rate each, durable", chargeOnce),
    await measure("verify a credential, Writ", () => verifyCredential(world.identity, { trust, status })),
    await measure("verify a credential, @digitalbazaar/vc", () => peerVerifiesCredential(world.identity)),
    await measure("verify a presentation, 1 link, Writ", () =>
      verifyPresentation(world.shortPresentation, expected),
    ),
    await measure("verify a presentation, 1 link, @digitalbazaar/vc", () =>
      peerVerifiesPresentation(world.shortPresentation, challenge, domain),
    ),
    await measure("verify a presentation, 3 links, Writ", () =>
      verifyPresentation(world.longPresentation, expected),
    ),
    await measure("the same, signatures remembered", () =>
      verifyPresentation(world.longPresentation, { ...expected, signatures }),
    ),
    await measure("verify a presentation, 3 links, @digitalbazaar/vc", () =>
      peerVerifiesPresentation(world.longPresentation, challenge, domain),
    ),
    await measure("verify a credential, eddsa-rdfc-2022, Writ", () =>
      verifyCredential(rdf.identity, { trust: rdf.trust, status: rdf.status }),
    ),
    await measure("verify a credential, eddsa-rdfc-2022, @digitalbazaar/vc", () =>
      peerVerifiesCredential(rdf.identity),
    ),
    await measure("verify a presentation, 3 links, eddsa-rdfc-2022, Writ", () =>
      verifyPresentation(rdf.longPresentation, { ...expected, trust: rdf.trust, status: rdf.status }),
    ),
    await measure("verify a presentation, 3 links, eddsa-rdfc-2022, @digitalbazaar/vc", () =>
      peerVerifiesPresentation(rdf.longPresentation, challenge, domain),
    ),
  ]);
  await database.close();
}
