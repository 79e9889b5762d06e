import { formatTimestamp, type StatusListCredential } from "@writ/core";
import { codeOfAsync, seededRandom } from "@writ/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  createMemoryChallengeStore,
  createStatusCache,
  decide,
  verifyCredential,
  verifyGenericCredential,
  verifyGenericPresentation,
  verifyPresentation,
  type Check,
  type Refusal,
  type StatusListSource,
} from "../src/index.js";
import { outcomeOf, refused, VERIFIED } from "./outcome.js";
import { HOUR, INVOCATION, NOW, openWorld, present, reissue, STRANGER, type World } from "./world.js";

/** When the lists are signed that are asked for. */
const SINCE = NOW + 1000;

const ELSEWHERE = "https://elsewhere.example/status";

let world: World;
beforeAll(async () => void (world = await openWorld("signed since")));
afterAll(() => world.close());

const addressOf = (index: number): string => world.root.credentialStatus?.[index]?.statusListCredential ?? "";

interface Late {
  /** What the clock tells at first, and at each question after the lists have come. */
  readonly clock: () => number;
  readonly status: StatusListSource;
  readonly asked: string[];
  /** What the clock has told, in order. */
  readonly times: number[];
}

/**
 * A source that signs a list when it is asked for it, at one time, and a clock that tells another from then on.
 *
 * @param changes members of some lists, by address, in the place of `validFrom`
 */
async function late(
  tells = SINCE,
  changes: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {},
): Promise<Late> {
  const genuine = await world.source();
  const times: number[] = [];
  let time = NOW;
  const signer = world.organisation.signer;
  const clock = (): number => {
    times.push(time);
    return time;
  };
  const status: StatusListSource = {
    async get(address) {
      const list = JSON.parse(genuine.lists.get(address) as string) as StatusListCredential;
      const members = changes[address] ?? { "/validFrom": formatTimestamp(SINCE) };
      const text = JSON.stringify(await reissue(list, signer, members, { created: SINCE }));
      genuine.asked.push(address);
      time = tells;
      return { text };
    },
  };
  return { clock, status, asked: genuine.asked, times };
}

interface Result {
  readonly verified: boolean;
  readonly checks: readonly Check[];
  readonly problems?: Refusal["problems"];
  readonly asOf: number;
}

const expectations = ({ clock, status }: Pick<Late, "clock" | "status">) => ({
  ...world.expectations,
  clock,
  status,
});

const verifyRoot = (with_: Late, changes: Readonly<Record<string, unknown>> = {}): Promise<Result> =>
  reissue(world.root, world.organisation.signer, changes).then((root) =>
    verifyCredential(JSON.stringify(root), expectations(with_)),
  );

const WAYS: readonly (readonly [string, (with_: Late) => Promise<Result>])[] = [
  ["a credential", verifyRoot],
  ["a presentation", async (with_) => verifyPresentation(await present(world.third), expectations(with_))],
  [
    "a credential under the generic profile",
    (with_) => verifyGenericCredential(JSON.stringify(world.root), expectations(with_)),
  ],
  [
    "a presentation under the generic profile",
    async (with_) => verifyGenericPresentation(await present(world.lead), expectations(with_)),
  ],
];

describe.each(WAYS)("%s whose status lists are signed since its verification began", (_, verify) => {
  it("is judged as of when they had come, all of it, and asks for each once", async () => {
    const lists = await late();
    const result = await verify(lists);
    expect([result.verified, result.asOf, lists.times]).toEqual([true, SINCE, [NOW, SINCE]]);
    expect(result.checks.map(({ asOf }) => asOf)).toEqual(result.checks.map(() => SINCE));
    expect(lists.asked).toEqual([...new Set(lists.asked)]);
  });

  it("is refused where that time is not there yet", async () => {
    for (const tells of [SINCE - 1, NOW, NOW - HOUR]) {
      const lists = await late(tells);
      const result = await verify(lists);
      const codes = new Set(result.problems?.map(({ code }) => code));
      expect([result.verified, [...codes], result.asOf]).toEqual([false, ["STATUS_LIST_INVALID"], NOW]);
      expect(lists.times).toEqual([NOW, tells]);
    }
  });

  it("is not judged by a clock that tells no time any more", async () => {
    const lists = await late(Number.NaN);
    expect(await codeOfAsync(() => verify(lists))).toBe("ARGUMENT_INVALID");
  });
});

describe("what is judged once more, as of later", () => {
  const EXPIRED = { "/validUntil": formatTimestamp(SINCE) };

  it("has to be in date then", async () => {
    expect(outcomeOf(await verifyRoot(await late(), EXPIRED))).toEqual(
      refused("time", "EXPIRED /validUntil"),
    );
  });

  it("rests on lists that are all in date then", async () => {
    const lists = await late(SINCE, { [addressOf(1)]: EXPIRED });
    const expected = refused("status", "STATUS_LIST_INVALID /credentialStatus/1");
    expect(outcomeOf(await verifyRoot(lists))).toEqual(expected);
  });

  it("waits for the latest of them", async () => {
    for (const index of [0, 1]) {
      const lists = await late(SINCE, {
        [addressOf(index)]: { "/validFrom": formatTimestamp(SINCE + HOUR) },
      });
      expect(outcomeOf(await verifyRoot(lists))).toEqual(
        refused(
          "status",
          "STATUS_LIST_INVALID /credentialStatus/0",
          "STATUS_LIST_INVALID /credentialStatus/1",
        ),
      );
      expect([lists.asked.length, lists.times.length]).toEqual([2, 2]);
    }
  });

  it("is what was given, whatever is written over it then", async () => {
    const given = new TextEncoder().encode(JSON.stringify(world.root));
    const lists = await late();
    const verifying = verifyCredential(given, expectations(lists));
    given.fill(0x20);
    const result = await verifying;
    expect(outcomeOf(result)).toEqual(VERIFIED);
    expect(result).toMatchObject({ credential: { id: world.root.id }, asOf: SINCE });
  });

  it("uses up its challenge once, and is decided on", async () => {
    const issuedBy = createMemoryChallengeStore({ clock: world.clock, random: seededRandom("since") });
    const challenge = await issuedBy.create();
    const text = await present(world.third, { challenge, invocation: INVOCATION });
    const lists = await late();
    const result = await verifyPresentation(text, {
      ...expectations(lists),
      expectedChallenge: { issuedBy },
    });
    expect(outcomeOf(result)).toEqual(VERIFIED);
    if (!result.verified) return;
    expect([result.presentation.asOf, result.presentation.statusAsOf]).toEqual([SINCE, SINCE]);
    expect((await decide(result.presentation)).outcome).toBe("allow");
  });

  it("leaves a cache of lists as it would be otherwise", async () => {
    const lists = await late();
    const status = createStatusCache(lists.status, { clock: lists.clock });
    const verify = () => verifyRoot({ ...lists, status });
    expect([(await verify()).verified, (await verify()).verified]).toEqual([true, true]);
    expect(lists.asked).toEqual([addressOf(0), addressOf(1)]);
  });
});

describe("what rests on no list that begins later", () => {
  it("is judged as of one question, whatever the clock tells then", async () => {
    for (const tells of [NOW - HOUR, NOW + 48 * HOUR, Number.NaN]) {
      const now = { "/validFrom": formatTimestamp(NOW) };
      const lists = await late(tells, { [addressOf(0)]: now, [addressOf(1)]: now });
      expect(outcomeOf(await verifyRoot(lists))).toEqual(VERIFIED);
      expect(lists.times).toEqual([NOW]);
    }
  });

  it("nor is anything judged again for one that is no good anyway", async () => {
    for (const [index, changes] of [
      [0, { "/issuer": STRANGER.did }],
      [1, { "/id": ELSEWHERE, "/credentialSubject/id": `${ELSEWHERE}#list` }],
    ] as const) {
      const now = { "/validFrom": formatTimestamp(NOW) };
      const other = { ...changes, "/validFrom": formatTimestamp(SINCE) };
      const lists = await late(SINCE, { [addressOf(1 - index)]: now, [addressOf(index)]: other });
      const expected = refused("status", `STATUS_LIST_INVALID /credentialStatus/${String(index)}`);
      expect(outcomeOf(await verifyRoot(lists))).toEqual(expected);
      expect(lists.times).toEqual([NOW]);
    }
  });
});
