import { asJson, digestMultibase, type AuthorityCredential, type Presentation, type Proof } from "@writ/core";

import { euRefunds, type Story } from "./story.js";

/** A document, and the answer that it must get. */
export interface Case {
  readonly name: string;
  readonly what: string;
  readonly input: string;
  /** What `verifyPresentation` says; a code and pointer where it refuses. */
  readonly expect:
    | {
        readonly verified: true;
        readonly decision: "allow" | "deny";
        readonly dimensions?: readonly string[];
      }
    | { readonly verified: false; readonly code: string; readonly pointer: string };
}

const refused = (code: string, pointer = "") => ({ verified: false, code, pointer }) as const;

const same = (presentation: Presentation): Presentation => presentation;

/** Replaces the bot's authority, and lets the invocation name the new one. */
function withAuthority(authority: AuthorityCredential) {
  return (presentation: Presentation): object => {
    const [identity, , ...rest] = presentation.verifiableCredential;
    return {
      ...presentation,
      verifiableCredential: [identity, authority, ...rest],
      invocation: {
        ...presentation.invocation,
        authority: { digestMultibase: digestMultibase(asJson(authority)), grant: "eu-refunds" },
      },
    };
  };
}

const withInvocation =
  (change: object) =>
  (presentation: Presentation): object => ({
    ...presentation,
    invocation: { ...presentation.invocation, ...change },
  });

/** Every vector, made from the story. */
export async function createCases(story: Story): Promise<readonly Case[]> {
  const good = JSON.stringify(await story.present(same));
  const parsed = JSON.parse(good) as Omit<Presentation, "proof"> & { readonly proof: Proof };
  const signed = async (change: (presentation: Presentation) => object): Promise<string> =>
    JSON.stringify(await story.present(change));
  const delegated = async (change: Parameters<Story["delegate"]>[1]): Promise<string> =>
    signed(withAuthority(await story.delegate(story.lead, change)));
  const altered = (from: string, to: string): string => {
    if (!good.includes(from)) throw new Error(`the presentation does not hold ${from}`);
    return good.replace(from, to);
  };

  return [
    { name: "allow", what: "an allowed refund", input: good, expect: { verified: true, decision: "allow" } },
    {
      name: "deny-amount",
      what: "more than the grant allows",
      input: await signed(withInvocation({ args: { orderId: "EU-77", amount: 20_001 } })),
      expect: { verified: true, decision: "deny", dimensions: ["args", "spend"] },
    },
    {
      name: "deny-resource",
      what: "a resource whose path only begins like the granted tree",
      input: await signed(withInvocation({ resource: "https://orders.example/v1/orders/eux/77" })),
      expect: { verified: true, decision: "deny", dimensions: ["resources"] },
    },
    {
      name: "deny-argument",
      what: "an argument that the grant does not name",
      input: await signed(withInvocation({ args: { orderId: "EU-77", amount: 1, note: null } })),
      expect: { verified: true, decision: "deny", dimensions: ["args", "args"] },
    },
    {
      name: "001-duplicate-key",
      what: "HOSTILE 1: a member name twice",
      input: altered('"holder":', '"holder":"did:key:z6Mk","holder":'),
      expect: refused("JSON_DUPLICATE_KEY", "/holder"),
    },
    {
      name: "002-forbidden-key",
      what: "HOSTILE 2: __proto__",
      input: altered('"holder":', '"__proto__":{},"holder":'),
      expect: refused("JSON_FORBIDDEN_KEY", "/__proto__"),
    },
    {
      name: "003-depth",
      what: "HOSTILE 3: nested 3,000 levels",
      input: altered('"orderId":"EU-77"', `"orderId":${"[".repeat(3000)}${"]".repeat(3000)}`),
      expect: refused("JSON_TOO_DEEP", `/invocation/args/orderId${"/0".repeat(29)}`),
    },
    {
      name: "008-unsafe-integer",
      what: "HOSTILE 8: an integer beyond 2^53−1",
      input: altered("12000", "9007199254740993"),
      expect: refused("NUMBER_UNSAFE", "/invocation/args/amount"),
    },
    {
      name: "010-fraction",
      what: "HOSTILE 10: a fraction in the invocation",
      input: await signed(withInvocation({ args: { orderId: "EU-77", amount: 1.5 } })),
      expect: refused("NUMBER_NOT_INTEGER", "/invocation/args/amount"),
    },
    {
      name: "019-iri-key",
      what: "HOSTILE 19: validUntil as a full IRI",
      input: altered('"validUntil":', '"https://www.w3.org/2018/credentials#validUntil":'),
      expect: refused(
        "KEY_NOT_PLAIN",
        "/verifiableCredential/0/https:~1~1www.w3.org~12018~1credentials#validUntil",
      ),
    },
    {
      name: "023-scoped-context",
      what: "HOSTILE 23: a context in the subject",
      input: altered('"type":"Agent"', '"@context":{},"type":"Agent"'),
      expect: refused("CONTEXT_NOT_ALLOWED", "/verifiableCredential/0/credentialSubject/@context"),
    },
    {
      name: "028-context-order",
      what: "HOSTILE 28: the contexts in another order, everywhere",
      input: good.replaceAll(
        '"@context":["https://www.w3.org/ns/credentials/v2","https://w3id.org/writ/v1"]',
        '"@context":["https://w3id.org/writ/v1","https://www.w3.org/ns/credentials/v2"]',
      ),
      expect: refused("CONTEXT_NOT_ALLOWED", "/@context"),
    },
    {
      name: "041-no-proof",
      what: "HOSTILE 41: no proof",
      input: JSON.stringify({ ...parsed, proof: undefined }),
      expect: refused("PROOF_MISSING", "/proof"),
    },
    {
      name: "055-unknown-suite",
      what: "HOSTILE 55: an unknown cryptosuite",
      input: JSON.stringify({ ...parsed, proof: { ...parsed.proof, cryptosuite: "eddsa-2099" } }),
      expect: refused("SUITE_UNKNOWN", "/proof"),
    },
    {
      name: "063-altered",
      what: "HOSTILE 63: the amount changed after signing",
      input: altered("12000", "12001"),
      expect: refused("SIGNATURE_INVALID", "/proof"),
    },
    {
      name: "084-date",
      what: "HOSTILE 84: 30 February",
      input: altered('"validFrom":"2026-11-23T09:00:00Z"', '"validFrom":"2026-02-30T09:00:00Z"'),
      expect: refused("DATE_INVALID", "/verifiableCredential/0/validFrom"),
    },
    {
      name: "095-stolen",
      what: "HOSTILE 95: credentials of another, in the thief's presentation",
      input: JSON.stringify(await story.present(same, story.thief)),
      expect: refused("HOLDER_BINDING", "/verifiableCredential"),
    },
    {
      name: "105-empty",
      what: "HOSTILE 105: no credential",
      input: await signed((presentation) => ({ ...presentation, verifiableCredential: [] })),
      expect: refused("ARRAY_EMPTY", "/verifiableCredential"),
    },
    {
      name: "140-wider",
      what: "HOSTILE 140: a delegated grant that is wider than its parent's",
      input: await delegated((subject) => ({ ...subject, grants: [{ ...euRefunds, actions: ["*"] }] })),
      expect: refused("ATTENUATION_VIOLATED", "/verifiableCredential/1/credentialSubject/grants/0/actions/0"),
    },
    {
      name: "144-hops",
      what: "HOSTILE 144: as many hops as the parent",
      input: await delegated((subject) => ({ ...subject, redelegation: { maxHops: 1 } })),
      expect: refused("CHAIN_HOPS", "/verifiableCredential/1/credentialSubject/redelegation"),
    },
    {
      name: "152-parent-missing",
      what: "HOSTILE 152: the parent is left out",
      input: await signed((presentation) => ({
        ...presentation,
        verifiableCredential: presentation.verifiableCredential.filter(
          ({ id }) => id !== story.rootAuthority.id,
        ),
      })),
      expect: refused("CHAIN_PARENT_MISSING", "/verifiableCredential/1/credentialSubject/parent"),
    },
    {
      name: "218-issuer",
      what: "HOSTILE 218: issued by somebody who is not the parent's subject",
      input: await signed(withAuthority(await story.delegate(story.thief, (subject) => subject))),
      expect: refused("CHAIN_ISSUER", "/verifiableCredential/1/issuer"),
    },
    {
      name: "219-within",
      what: "HOSTILE 219: `within` names nothing",
      input: await delegated((subject) => ({ ...subject, grants: [{ ...euRefunds, within: "nothing" }] })),
      expect: refused("GRANT_WITHIN", "/verifiableCredential/1/credentialSubject/grants/0/within"),
    },
    {
      name: "223-grant",
      what: "HOSTILE 223: the invocation names a grant that is not there",
      input: await signed((presentation) => ({
        ...presentation,
        invocation: {
          ...presentation.invocation,
          authority: { digestMultibase: digestMultibase(asJson(story.botAuthority)), grant: "refunds" },
        },
      })),
      expect: refused("INVOCATION_AUTHORITY", "/invocation/authority/grant"),
    },
    {
      name: "225-unidentified",
      what: "HOSTILE 225: an agent in the middle of the chain without identity",
      input: await signed((presentation) => ({
        ...presentation,
        verifiableCredential: presentation.verifiableCredential.filter(
          ({ id }) => id !== story.leadIdentity.id,
        ),
      })),
      expect: refused("IDENTITY_MISSING", "/verifiableCredential"),
    },
    {
      name: "229-resource",
      what: "HOSTILE 229: a dot segment in the invocation's resource",
      input: await signed(withInvocation({ resource: "https://orders.example/v1/orders/eu/../77" })),
      expect: refused("RESOURCE_INVALID", "/invocation/resource"),
    },
  ];
}
