import {
  asJson,
  digestMultibase,
  formatTimestamp,
  signDocument,
  snapshot,
  type Grant,
  type Invocation,
  type SignOptions,
} from "@writ/core";
import { refusalOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  addCredentials,
  createPresentation,
  delegateAuthority,
  type PresentationOptions,
} from "../src/index.js";
import { ASKED, INVOCATION, openHolder, presentOnce, type Holder } from "./approvals.js";
import { authorityOf, HOUR, identityOf, MINUTE, NOW, openWorld, REFUNDS, signerOf } from "./world.js";

const [HERE, THERE] = [signerOf("here").did, signerOf("there").did];
const SMALL: Grant = { ...REFUNDS, id: "small", args: { "/amount": { range: { max: 1 } } } };

const present = ({ wallet }: Pick<Holder, "wallet">, options: Partial<PresentationOptions> = {}) =>
  createPresentation(wallet, { ...ASKED, ...options });

/** An earlier presentation with other members, signed by the wallet's key or as it is told. */
async function signedAnew(
  holder: Pick<Holder, "signer" | "wallet">,
  earlier: object,
  members: object = {},
  proof: Partial<SignOptions> = {},
): Promise<object> {
  const unsigned = snapshot({ ...earlier, proof: undefined, ...members });
  const options = { signer: holder.signer, purpose: "authentication", created: NOW, ...ASKED } as const;
  return signDocument(unsigned, { expires: NOW + 5 * MINUTE, ...options, ...proof });
}

describe("what was presented before", () => {
  it("is asked again as it was, under another challenge", async () => {
    const holder = await openHolder([REFUNDS]);
    const { presentation: earlier, invocation } = await presentOnce(holder);
    const { presentation, foreseen } = await present(holder, {
      challenge: "challenge-2",
      again: { presentation: earlier },
    });
    expect(presentation.invocation).toEqual(invocation);
    expect(presentation.proof).toMatchObject({ challenge: "challenge-2", domain: ASKED.domain });
    expect(presentation.verifiableCredential).toEqual([holder.identity, ...holder.granted]);
    expect(foreseen).toEqual([]);
  });

  it("may have expired, and be of another time of this wallet", async () => {
    const holder = await openHolder([REFUNDS]);
    const { presentation: earlier, invocation } = await presentOnce(holder);
    holder.clock.advance(HOUR);
    const { presentation } = await present(holder, { again: { presentation: earlier } });
    expect(presentation.invocation).toEqual(invocation);
    expect(presentation.proof).toMatchObject({ created: "2026-11-23T09:00:00Z" });
    const received = JSON.parse(JSON.stringify(presentation)) as object;
    expect((await present(holder, { again: { presentation: received } })).presentation.invocation).toEqual(
      invocation,
    );
  });

  it("keeps its authority and grant, where others would be chosen today", async () => {
    const holder = await openHolder([REFUNDS], [SMALL]);
    const [, second] = holder.granted;
    const asking = { invocation: INVOCATION, authority: second?.id as string };
    const { presentation: earlier } = await present(holder, asking);
    expect(earlier.invocation?.authority.grant).toBe("small");
    const { presentation, foreseen } = await present(holder, { again: { presentation: earlier } });
    expect(presentation.invocation).toEqual(earlier.invocation);
    expect(presentation.verifiableCredential).toEqual([holder.identity, second]);
    expect(foreseen).toMatchObject([{ code: "NOT_ALLOWED", dimension: "args", grant: "small" }]);
  });

  it("is foreseen by what is known of the service", async () => {
    const holder = await openHolder([{ ...REFUNDS, audience: [HERE] }]);
    const { presentation } = await presentOnce(holder);
    const { foreseen } = await present(holder, { again: { presentation }, audience: THERE });
    expect(foreseen).toMatchObject([{ code: "NOT_ALLOWED", dimension: "audience" }]);
  });

  it("is not asked again beside something else", async () => {
    const holder = await openHolder([REFUNDS]);
    const { presentation } = await presentOnce(holder);
    for (const other of [{ invocation: INVOCATION }, { authority: "none" }, { grant: "refunds" }]) {
      const both = () => present(holder, { again: { presentation }, ...other });
      expect(await refusalOfAsync(both)).toEqual({ code: "ARGUMENT_INVALID", pointer: "" });
    }
  });

  it("is not asked again where it asked for nothing", async () => {
    const holder = await openHolder([REFUNDS]);
    const { presentation } = await present(holder);
    expect(await refusalOfAsync(() => present(holder, { again: { presentation } }))).toEqual({
      code: "NOT_FOUND",
      pointer: "",
    });
  });
});

describe("what this wallet did not present", () => {
  const refusalOf = async (
    alter: (holder: Holder, earlier: object) => object | Promise<object>,
    options: Partial<PresentationOptions> = {},
  ) => {
    const holder = await openHolder([REFUNDS]);
    const { presentation } = await presentOnce(holder);
    const altered = await alter(holder, presentation);
    return refusalOfAsync(() => present(holder, { again: { presentation: altered }, ...options }));
  };
  const thief = signerOf("thief");

  it.each<readonly [string, (holder: Holder, earlier: object) => object | Promise<object>, string, string]>([
    [
      "was signed by another",
      (holder, earlier) => signedAnew(holder, earlier, { holder: thief.did }, { signer: thief }),
      "HOLDER_MISMATCH",
      "/proof/verificationMethod",
    ],
    [
      "was signed by another in its name",
      (holder, earlier) => signedAnew(holder, earlier, {}, { signer: thief }),
      "HOLDER_MISMATCH",
      "/proof/verificationMethod",
    ],
    [
      "was signed by it in another's name",
      (holder, earlier) => signedAnew(holder, earlier, { holder: thief.did }),
      "HOLDER_MISMATCH",
      "",
    ],
    ["was not signed", (_, earlier) => snapshot({ ...earlier, proof: undefined }), "PROOF_MISSING", "/proof"],
    [
      "was altered",
      (_, earlier) => {
        const { invocation } = earlier as { readonly invocation: Invocation };
        return { ...earlier, invocation: { ...invocation, args: { amount: 101 } } };
      },
      "SIGNATURE_INVALID",
      "/proof",
    ],
    [
      "was signed for another purpose",
      (holder, earlier) => signedAnew(holder, earlier, {}, { purpose: "assertionMethod" }),
      "PROOF_PURPOSE",
      "/proof/proofPurpose",
    ],
    [
      "was signed in time to come",
      (holder, earlier) =>
        signedAnew(holder, earlier, {}, { created: NOW + MINUTE + 1000, expires: NOW + 5 * MINUTE }),
      "PROOF_CREATED",
      "/proof/created",
    ],
    [
      "was for another service",
      (holder, earlier) => signedAnew(holder, earlier, {}, { domain: "https://shop.example.evil" }),
      "DOMAIN_MISMATCH",
      "/proof/domain",
    ],
    ["is of another type", (holder) => holder.granted[0] as object, "SCHEMA_INVALID", "/id"],
  ])("is not asked again: it %s", async (_, alter, code, pointer) => {
    expect(await refusalOf(alter)).toEqual({ code, pointer });
  });

  it("is not asked of another service than it was", async () => {
    const refusal = await refusalOf((_, earlier) => earlier, { domain: "https://other.example" });
    expect(refusal).toEqual({ code: "DOMAIN_MISMATCH", pointer: "/proof/domain" });
  });
});

describe("an invocation whose authority the wallet cannot show", () => {
  const NOT_FOUND = { code: "NOT_FOUND", pointer: "" };

  /** The refusal to ask again under a grant of an authority. */
  async function refusalUnder(
    holder: Pick<Holder, "signer" | "wallet">,
    authority: object,
    grant = "refunds",
  ) {
    const { presentation, invocation } = await presentOnce(holder);
    const named = { digestMultibase: digestMultibase(authority), grant };
    const earlier = await signedAnew(holder, presentation, {
      invocation: { ...invocation, authority: named },
    });
    return refusalOfAsync(() => present(holder, { again: { presentation: earlier } }));
  }

  it("is not asked again: it is not in the wallet, or has no such grant", async () => {
    const holder = await openHolder([REFUNDS]);
    expect(await refusalUnder(holder, await authorityOf(holder.wallet.did))).toEqual(NOT_FOUND);
    expect(await refusalUnder(holder, holder.granted[0] as object, "payouts")).toEqual(NOT_FOUND);
  });

  it("is not asked again: it was granted to another, on the way to this one", async () => {
    const lead = await openHolder([REFUNDS]);
    const sub = await openWorld("sub");
    const { bundle } = await delegateAuthority(lead.wallet, {
      to: sub.wallet.did,
      grants: [{ ...REFUNDS, id: "eu", within: "refunds" }],
    });
    await addCredentials(sub.wallet, [await identityOf(sub.wallet.did), ...bundle.map(asJson)]);
    expect(await refusalUnder(sub, lead.granted[0] as object)).toEqual(NOT_FOUND);
  });

  it("is not asked again: it has ended", async () => {
    const holder = await openHolder([REFUNDS]);
    const { presentation } = await presentOnce(holder);
    const members = { validFrom: formatTimestamp(NOW), validUntil: formatTimestamp(NOW + 20 * HOUR) };
    await addCredentials(holder.wallet, [
      await identityOf(holder.wallet.did, { members }),
      await authorityOf(holder.wallet.did, { members }),
    ]);
    holder.clock.advance(8 * HOUR);
    const again = () => present(holder, { again: { presentation } });
    expect((await refusalOfAsync(again)).code).toBe("EXPIRED");
  });
});
