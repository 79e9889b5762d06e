import { allow, answers, by, deny, wider, type Asking, type Vector } from "./vector.js";

const max = (seconds: number) => ({ statusMaxAgeSeconds: seconds });
const NOON = "2026-11-23T12:00:00Z";

const since = (statusAsOf: string, now = NOON) => ({ facts: { now, statusAsOf } });
const fresh = (statusAsOf: string, now?: string): Asking => allow(since(statusAsOf, now));
const stale = (wish: object, ...links: readonly number[]): Asking =>
  deny(
    (links.length === 0 ? [0] : links).map((link) =>
      by("statusMaxAgeSeconds", "", link, "STATUS_UNAVAILABLE"),
    ),
    wish,
  );

export const statusAge: readonly Vector[] = [
  answers(
    "status-age",
    "HOSTILE 226: the age is what has passed since the oldest list was signed; the limit itself is allowed.",
    [max(300)],
    fresh(NOON),
    fresh("2026-11-23T11:55:00Z"),
    stale(since("2026-11-23T11:54:59Z")),
    stale(since("2026-11-22T12:00:00Z")),
  ),
  answers(
    "status-age-again",
    "HOSTILE 226: the same list grows older by being served again.",
    [max(300)],
    fresh("2026-11-23T11:57:00Z", "2026-11-23T12:00:00Z"),
    fresh("2026-11-23T11:57:00Z", "2026-11-23T12:02:00Z"),
    stale(since("2026-11-23T11:57:00Z", "2026-11-23T12:02:01Z")),
  ),
  answers(
    "status-age-fraction",
    "HOSTILE 92: a millisecond more is more.",
    [max(300)],
    fresh("2026-11-23T11:55:00.001Z"),
    stale(since("2026-11-23T11:55:00Z", "2026-11-23T12:00:00.001Z")),
  ),
  answers(
    "status-age-offset",
    "The instant counts, however it is written.",
    [max(300)],
    fresh("2026-11-23T12:55:00+01:00"),
    stale(since("2026-11-23T12:00:00+01:00")),
  ),
  answers("status-age-unknown", "An age that is not known is no yes.", [max(300)], stale({})),
  answers(
    "status-age-absent",
    "Without a limit no age needs to be known.",
    [{}],
    allow(),
    fresh("2026-01-01T00:00:00Z"),
  ),
  answers(
    "status-age-narrowed",
    "The tightest of the grant and its ancestors holds.",
    [max(300), max(60)],
    fresh("2026-11-23T11:59:00Z"),
    stale(since("2026-11-23T11:58:59Z"), 1),
    stale(since("2026-11-23T11:50:00Z"), 0, 1),
    stale({}, 0, 1),
  ),
  answers(
    "status-age-same",
    "A child may keep the limit.",
    [max(300), max(300)],
    fresh("2026-11-23T11:55:00Z"),
  ),
  answers(
    "status-age-added",
    "A child may set a limit where the parent sets none.",
    [{}, max(60)],
    fresh("2026-11-23T11:59:00Z"),
    stale(since("2026-11-23T11:58:59Z"), 1),
  ),
  answers(
    "status-age-dropped",
    "HOSTILE 142: a limit that the child leaves out still holds.",
    [max(60), {}],
    fresh("2026-11-23T11:59:00Z"),
    stale(since("2026-11-23T11:58:59Z"), 0),
    stale({}, 0),
  ),
  wider(
    "status-age-wider",
    "HOSTILE 140: a second more.",
    "statusMaxAgeSeconds",
    [max(300), max(301)],
    "/statusMaxAgeSeconds",
  ),
  wider(
    "status-age-wider-again",
    "HOSTILE 142: dropped in the middle and named wider at the end.",
    "statusMaxAgeSeconds",
    [max(300), {}, max(301)],
    "/statusMaxAgeSeconds",
  ),
  wider(
    "status-age-wider-than-narrowed",
    "The parent's limit counts, not only the root's.",
    "statusMaxAgeSeconds",
    [max(300), max(60), max(120)],
    "/statusMaxAgeSeconds",
  ),
];
