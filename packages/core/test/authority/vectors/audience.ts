import { allow, answers, BILLING, by, deny, SERVICE, wider, type Vector } from "./vector.js";

const STOCK = "did:web:stock.example";

const at = (audience: string) => ({ facts: { audience } });

const outside = (wish: object, ...links: readonly number[]) =>
  deny(
    (links.length === 0 ? [0] : links).map((link) => by("audience", "", link)),
    wish,
  );

export const audience: readonly Vector[] = [
  answers(
    "audience-one",
    "HOSTILE 161: the grant holds at the service that states the DID, and at no other.",
    [{ audience: [SERVICE] }],
    allow(at(SERVICE)),
    outside(at(BILLING)),
  ),
  answers(
    "audience-not-stated",
    "A service that states no DID is outside.",
    [{ audience: [SERVICE] }],
    outside({}),
  ),
  answers(
    "audience-several",
    "One of several suffices.",
    [{ audience: [SERVICE, BILLING] }],
    allow(at(SERVICE)),
    allow(at(BILLING)),
    outside(at(STOCK)),
  ),
  answers(
    "audience-absent",
    "Without an audience the grant holds everywhere.",
    [{}],
    allow(),
    allow(at(STOCK)),
  ),
  answers(
    "audience-exact",
    "DIDs are compared as written, never in part.",
    [{ audience: ["did:web:orders.example:eu"] }],
    allow(at("did:web:orders.example:eu")),
    outside(at("did:web:orders.example")),
    outside(at("did:web:orders.example:EU")),
    outside(at("did:web:orders.example:eu:1")),
  ),
  answers(
    "audience-narrowed",
    "A child may hold at fewer services.",
    [{ audience: [SERVICE, BILLING] }, { audience: [BILLING] }],
    allow(at(BILLING)),
    outside(at(SERVICE), 1),
    outside(at(STOCK), 0, 1),
  ),
  answers(
    "audience-added",
    "A child may name an audience where the parent names none.",
    [{}, { audience: [SERVICE] }],
    allow(at(SERVICE)),
    outside(at(BILLING), 1),
  ),
  answers(
    "audience-dropped",
    "HOSTILE 142: an audience that the child leaves out still holds.",
    [{ audience: [SERVICE] }, {}],
    allow(at(SERVICE)),
    outside(at(BILLING), 0),
    outside({}, 0),
  ),
  wider(
    "audience-wider-more",
    "A child may not hold at a service more.",
    "audience",
    [{ audience: [SERVICE] }, { audience: [SERVICE, BILLING] }],
    "/audience/1",
  ),
  wider(
    "audience-wider-other",
    "A child may not hold at another service.",
    "audience",
    [{ audience: [SERVICE, BILLING] }, { audience: [STOCK] }],
    "/audience/0",
  ),
  wider(
    "audience-wider-again",
    "HOSTILE 142: dropped in the middle and named wider at the end; the folded audience counts.",
    "audience",
    [{ audience: [SERVICE] }, {}, { audience: [BILLING] }],
    "/audience/0",
  ),
];
