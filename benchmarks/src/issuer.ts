import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  createSeedSigner,
  ENROLMENT_DOMAIN,
  randomUuidUrn,
  signDocument,
  systemClock,
  systemRandom,
  WRIT_CONTEXT,
  type Grant,
} from "@writ/core";
import { openSqliteDatabase } from "@writ/database";
import {
  createOrganisation,
  enrolAgent,
  grantAuthority,
  publishStatusLists,
  renewCredential,
  revokeCredential,
  setRole,
  type Organisation,
} from "@writ/issuer";

import {
  publication,
  publishing,
  revoking,
  SECRET,
  seconds,
  writeList,
  type Size,
} from "./issuer-publication.js";
import { measure, report } from "./measure.js";

/** As many as `writ agent import` enrols at the same time. */
const AT_ONCE = 64;
const GRANTS: readonly Grant[] = [{ id: "read", actions: ["order.read"] }];

/** A request as an agent's wallet makes it. */
function enrolmentRequest(): Promise<string> {
  const signer = createSeedSigner(systemRandom(32));
  const id = randomUuidUrn(systemRandom);
  const unsigned = {
    "@context": WRIT_CONTEXT,
    id,
    type: ["VerifiablePresentation", "EnrolmentRequest"],
    holder: signer.did,
  };
  const domain = ENROLMENT_DOMAIN;
  const proof = { signer, purpose: "authentication", created: systemClock(), challenge: id, domain } as const;
  return signDocument(unsigned, proof).then((request) => JSON.stringify(request));
}

/** How long it takes to enrol many, so many at once. */
async function enrolFleet(organisation: Organisation, agents: number): Promise<number> {
  await setRole(organisation, "clerk", {});
  const requests = await Promise.all(Array.from({ length: agents }, enrolmentRequest));
  const rest = requests.entries();
  const enrolRest = async (): Promise<void> => {
    for (const [n, request] of rest) {
      await enrolAgent(organisation, request, { name: `agent ${String(n)}`, roles: ["clerk"] });
    }
  };
  return seconds(async () => {
    await Promise.all(Array.from({ length: AT_ONCE }, enrolRest));
  });
}

async function issuing(organisation: Organisation, folder: string, agents: number): Promise<void> {
  const { database, signer } = organisation;
  const { agent } = await enrolAgent(organisation, await enrolmentRequest(), { name: "first" });
  const grant = () => grantAuthority(organisation, agent, { grants: GRANTS });
  const data = systemRandom(64);
  await database.query("CREATE TABLE raw_rows (id TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)");
  const { id: renewed } = await grant();
  const publish = () =>
    publishStatusLists(organisation, (list) => writeList(folder, list), {
      published: (listId) => readFile(join(folder, listId)).catch(() => undefined),
    });
  await publish();
  const before = readFileSync(join(folder, "r1"));
  await revokeCredential(organisation, (await grant()).id);
  await publish();
  assert.notDeepEqual(readFileSync(join(folder, "r1")), before);

  const sign = await measure("raw Ed25519 signature", () => signer.sign(data));
  const commit = await measure("raw insert and commit", () =>
    database.query("INSERT INTO raw_rows (id, value) VALUES ($1, $2)", [randomUuidUrn(systemRandom), "x"]),
  );
  const issue = await measure("issue an authority, recorded, signed, verified", grant);
  const many = await measure(`the same, ${String(AT_ONCE)} at once`, () =>
    Promise.all(Array.from({ length: AT_ONCE }, grant)),
  );
  const renew = await measure("renew one", () => renewCredential(organisation, renewed));
  const granted = await measure("issue and revoke one", async () => {
    await revokeCredential(organisation, (await grant()).id);
  });
  const shown = await measure("issue and revoke one, and publish", async () => {
    await revokeCredential(organisation, (await grant()).id);
    await publish();
  });
  const none = await measure("publish where nothing has changed", publish);
  report([sign, commit, issue, { ...many, micros: many.micros / AT_ONCE }, renew, granted, shown, none]);
  const perSecond = (micros: number): string => (1e6 / micros).toFixed(0);
  const oneByOne = sign.micros + 2 * commit.micros;
  console.log(
    `\nissue: ${perSecond(issue.micros)} per second, ${(issue.micros / oneByOne).toFixed(1)} times one raw signature and two raw commits`,
  );
  const each = many.micros / AT_ONCE;
  console.log(
    `issue ${String(AT_ONCE)} at once: ${perSecond(each)} per second, ${(each / oneByOne).toFixed(2)} times the same, ${(each / sign.micros).toFixed(0)} times one raw signature`,
  );
  console.log(`revoke to published list: ${((shown.micros - issue.micros) / 1000).toFixed(1)} ms`);
  const fleet = await enrolFleet(organisation, agents);
  console.log(
    `enrol ${String(agents)} agents, ${String(AT_ONCE)} at once: ${fleet.toFixed(1)} s, ${(agents / fleet).toFixed(0)} per second, ${((fleet * 1e6) / agents / oneByOne).toFixed(2)} times one raw signature and two raw commits each`,
  );
}

async function benchmark(size: Size, folder: string): Promise<void> {
  const path = join(folder, "acme.db");
  const site = join(folder, "site");
  await mkdir(site);
  const database = await openSqliteDatabase({ path, mode: "create" });
  const organisation = await createOrganisation(database, { name: "ACME", secret: SECRET });
  await issuing(organisation, site, size.agents);
  await publishing(organisation, path, site, size);
}

const [, , mode = "", ...rest] = process.argv;
if (mode === "publication") {
  console.log(JSON.stringify(await publication(rest[0] ?? "", rest[1] ?? "")));
} else if (mode === "revoking") {
  console.log(JSON.stringify(await revoking(rest[0] ?? "", Number(rest[1]), Number(rest[2]))));
} else {
  const folder = await mkdtemp(join(tmpdir(), "writ-bench-"));
  try {
    await benchmark(
      { count: Number(mode === "" ? 10_000_000 : mode), agents: Number(rest[0] ?? 10_000) },
      folder,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}
