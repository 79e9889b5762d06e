// Takes one step in the life of an agent and kills itself before one of the statements that write, before or
// after the end of one of the transactions: path, where to note what is signed, what is given as JSON, which one.
// What it hands out, or why it refuses, is said in a line.
import { appendFileSync, writeSync } from "node:fs";
import { openSqliteDatabase } from "@writ/database";
import { killedAt } from "@writ/testkit";
import {
  enrolAgent,
  findAgent,
  grantAuthority,
  openOrganisation,
  renewCredential,
  rotateAgent,
  supersedeAuthority,
} from "../../dist/index.js";

const [, , path, noted, given, at] = process.argv;
const { step, name, now, request, statement, credentialId, grants } = JSON.parse(given);

const STEPS = {
  enrol: async (organisation) => [(await enrolAgent(organisation, request, { name })).credential],
  grant: async (organisation) => [
    await grantAuthority(organisation, await findAgent(organisation, name), { grants }),
  ],
  renew: async (organisation) => [await renewCredential(organisation, credentialId)],
  supersede: async (organisation) => [await supersedeAuthority(organisation, credentialId, { grants })],
  rotate: async (organisation) => {
    const agent = await findAgent(organisation, name);
    return (await rotateAgent(organisation, agent, { type: "both-keys", statement })).credentials;
  },
};

const database = await openSqliteDatabase({ path, mode: "open", afterCrash: "check" });
const organisation = await openOrganisation(
  database,
  { type: "raw", key: new Uint8Array(32).fill(1) },
  { clock: () => now, random: (length) => crypto.getRandomValues(new Uint8Array(length)) },
);
const signer = {
  ...organisation.signer,
  async sign(data) {
    const signature = await organisation.signer.sign(data);
    appendFileSync(noted, `${Buffer.from(data).toString("hex")}\n`);
    return signature;
  },
};
const said = await STEPS[step]({ ...organisation, signer, database: killedAt(database, Number(at)) }).then(
  (credentials) => ({ credentials }),
  (error) => ({ code: error.code ?? error.message }),
);
writeSync(1, `${JSON.stringify(said)}\n`);
await database.close();
