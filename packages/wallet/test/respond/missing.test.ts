import { asJson, formatTimestamp, WritError } from "@writ/core";
import { describe, expect, it } from "vitest";

import { addCredentials } from "../../src/index.js";
import { candidatesFor } from "../../src/respond/candidates-for.js";
import { parseRequest } from "../../src/respond/parse-request.js";
import { planAnswer } from "../../src/respond/respond.js";
import { holdingsOf } from "../../src/credentials.js";
import { authorityOf, HOUR, identityOf, MINUTE, NOW, openWorld, signerOf } from "../world.js";
import {
  answer,
  asking,
  AUTHORITY,
  byExample,
  authentication,
  dcql,
  DOMAIN,
  example,
  explain,
  IDENTITY,
  openAgent,
  READ,
  openDelegate,
  vpr,
} from "./requests.js";

const errorOf = async (answered: Promise<unknown>): Promise<WritError> => {
  const error = await answered.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof WritError)) throw new Error("nothing was refused", { cause: error });
  return error;
};

describe("what is missing is said, for each query", () => {
  it("with what was asked for, and in what the nearest fell short", async () => {
    const agent = await openAgent();
    const claims = [{ path: ["credentialSubject", "name"], values: ["other"] }];
    const issuers = [{ path: ["issuer"], values: [signerOf("other").did] }];
    const error = await errorOf(
      answer(
        agent,
        dcql([
          asking("fine", IDENTITY),
          asking("what", AUTHORITY),
          asking("who", IDENTITY, { claims }),
          asking("whose", IDENTITY, { claims: issuers }),
          { id: "card", format: "dc+sd-jwt", meta: { vct_values: ["https://a/b"] } },
        ]),
      ),
    );
    expect(error.code).toBe("CREDENTIAL_MISSING");
    expect(error.problems).toEqual([
      {
        code: "CREDENTIAL_MISSING",
        pointer: "/dcql_query/credentials/1",
        detail: "what: none of this type was issued to the wallet's own key",
        asked: { format: "ldp_vc", types: [[AUTHORITY]] },
      },
      {
        code: "CREDENTIAL_MISSING",
        pointer: "/dcql_query/credentials/2",
        detail:
          "who: there are some of this type, and none says what is asked for at /credentialSubject/name",
        asked: { format: "ldp_vc", types: [[IDENTITY]], claims },
      },
      {
        code: "CREDENTIAL_MISSING",
        pointer: "/dcql_query/credentials/3",
        detail: "whose: there are some of this type, and none is by an issuer that is accepted",
        asked: { format: "ldp_vc", types: [[IDENTITY]], claims: issuers },
      },
      {
        code: "REQUEST_UNSUPPORTED",
        pointer: "/dcql_query/credentials/4",
        detail: "card: the wallet holds no credentials of the format dc+sd-jwt",
        asked: { format: "dc+sd-jwt" },
      },
    ]);
  });

  it("where a suite or a method is accepted that the wallet does not have", async () => {
    const agent = await openAgent();
    const suites = { acceptedCryptosuites: [{ cryptosuite: "bbs-2023" }] };
    const error = await errorOf(answer(agent, vpr([authentication(suites), byExample(example("Other"))])));
    expect(error.problems).toMatchObject([
      { code: "REQUEST_UNSUPPORTED", pointer: "/query/0", asked: { suites: [] } },
      { code: "CREDENTIAL_MISSING", pointer: "/query/1/credentialQuery/0" },
    ]);
    const methods = { acceptedMethods: [{ method: "web" }] };
    expect((await errorOf(answer(agent, vpr(authentication(methods))))).problems).toMatchObject([
      { code: "REQUEST_UNSUPPORTED", pointer: "/query", asked: { methods: ["web"] } },
    ]);
  });

  it("in time: one that has ended, and one that has not begun", async () => {
    const agent = await openAgent();
    const what = dcql([asking("what", AUTHORITY)]);
    const ended = { members: { validUntil: formatTimestamp(NOW + MINUTE) } };
    await addCredentials(agent.wallet, [await authorityOf(agent.wallet.did, ended)]);
    agent.clock.advance(MINUTE);
    expect((await explain(agent, what)).missing).toMatchObject([
      { reason: "ended", detail: expect.stringContaining("valid until 2026-11-23T08:01:00Z") as string },
    ]);
    const later = { members: { validFrom: formatTimestamp(NOW + HOUR) } };
    await addCredentials(agent.wallet, [await authorityOf(agent.wallet.did, later)]);
    expect((await explain(agent, what)).missing).toMatchObject([{ reason: "not-begun" }]);
  });

  it("in evidence: a parent or an identity that is not at hand, or has ended", async () => {
    const sub = await openDelegate({ members: { validUntil: formatTimestamp(NOW + MINUTE) } });
    const what = dcql([asking("what", AUTHORITY)]);
    sub.clock.advance(MINUTE);
    expect((await explain(sub, what)).missing).toMatchObject([
      { reason: "evidence", detail: expect.stringContaining("EXPIRED") as string },
    ]);
    const { own } = await candidatesFor(sub.wallet, {});
    const request = await parseRequest(what);
    const options = { expectedDomain: DOMAIN, holder: sub.wallet.did, now: NOW };
    const alone = { own, evidence: holdingsOf(sub.wallet.did, []) };
    const { explanation } = await planAnswer(request, alone, options);
    expect(explanation.missing).toMatchObject([
      { reason: "evidence", detail: expect.stringContaining("CHAIN_PARENT_MISSING") as string },
    ]);
  });

  it("in a wallet with nothing in it", async () => {
    const empty = await openWorld("empty");
    expect((await explain(empty, dcql([asking("who", IDENTITY)]))).missing).toMatchObject([
      { reason: "type" },
    ]);
  });

  it("without a word of what the credentials say", async () => {
    const agent = await openWorld("canary");
    const identity = await identityOf(agent.wallet.did, { name: "canary-in-the-claims" });
    await addCredentials(agent.wallet, [identity]);
    const claims = [{ path: ["credentialSubject", "name"], values: ["other"] }];
    const error = await errorOf(answer(agent, dcql([asking("who", IDENTITY, { claims })])));
    expect(JSON.stringify([error.message, error.problems, error.hint])).not.toContain("canary");
  });

  it("and for nothing else: one authority that cannot be used hides no other", async () => {
    const agent = await openAgent([READ]);
    const long = { members: { validUntil: formatTimestamp(NOW + 20 * HOUR) } };
    const orphan = await authorityOf(agent.wallet.did, {
      ...long,
      parent: await authorityOf(signerOf("x").did),
    });
    const { own, evidence } = await candidatesFor(agent.wallet, {});
    const candidates = { own: [{ kind: "authority" as const, document: orphan }, ...own], evidence };
    const options = { expectedDomain: DOMAIN, holder: agent.wallet.did, now: NOW };
    const { explanation } = await planAnswer(
      await parseRequest(dcql([asking("what", AUTHORITY)])),
      candidates,
      options,
    );
    expect(explanation.presentations[0]?.credentials[0]?.id).toBe(asJson(agent.granted[0] ?? {})["id"]);
  });
});
