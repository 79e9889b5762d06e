import {
  addProof,
  asJson,
  digestMultibase,
  signDocument,
  type AddProofOptions,
  type AgentIdentityCredential,
  type AuthorityCredential,
  type JsonObject,
  type Signer,
  type SignOptions,
} from "@writ/core";

import { edit } from "../edit.js";
import { CHALLENGE, DOMAIN, NOW, type Story } from "./story.js";
import type { Given } from "./vector.js";

/** Values at JSON Pointers; `undefined` removes a member. */
export type Changes = Readonly<Record<string, unknown>>;

const time = Date.parse(NOW);

/** What differs in a presentation from the good one; every document is signed after it was changed. */
export interface Acting {
  /** The root of the chain. */
  readonly root?: Changes;
  /** What the agent was given below it. */
  readonly authority?: Changes;
  /** Who signs that; the lead unless given. */
  readonly by?: Signer;
  readonly presentation?: Changes;
  /** Who presents; the bot unless given. */
  readonly holder?: Signer;
  readonly proof?: Partial<SignOptions>;
  /** The credentials that are shown, instead of those of the good presentation. */
  readonly show?: (credentials: Shown) => readonly (object | string)[];
}

/** The credentials of the good presentation. */
export interface Shown {
  readonly identity: AgentIdentityCredential;
  readonly authority: AuthorityCredential;
  readonly root: AuthorityCredential;
  readonly leadIdentity: AgentIdentityCredential;
}

/** All credentials of the good presentation, in their order. */
export function allOf({ identity, authority, root, leadIdentity }: Shown): readonly object[] {
  return [identity, authority, root, leadIdentity];
}

/** Documents of the story with something changed. */
export interface Documents {
  readonly story: Story;
  /** A presentation of the whole chain. */
  readonly presentation: (acting?: Acting) => Promise<Given>;
  /** The identity of the bot, signed by the organisation unless by another. */
  readonly identity: (changes?: Changes, by?: Signer, proof?: Partial<SignOptions>) => Promise<Given>;
  /** The root of the chain. */
  readonly root: (changes?: Changes, by?: Signer, proof?: Partial<SignOptions>) => Promise<Given>;
  /** A credential of somebody else's vocabulary. */
  readonly generic: (changes?: Changes, by?: Signer, proof?: Partial<SignOptions>) => Promise<Given>;
  /** A presentation of it, by the bot. */
  readonly genericPresentation: (changes?: Changes, proof?: Partial<SignOptions>) => Promise<Given>;
}

/** Where the first grant of a credential stands. */
export const GRANT = "/credentialSubject/grants/0";

/** Another value in the grant of the agent. */
export function granted(member: string, value: unknown): Acting {
  return { authority: { [`${GRANT}/${member}`]: value } };
}

/** A presentation with other members in its invocation. */
export function asking({ presentation }: Documents, changes: Changes, acting: Acting = {}): Promise<Given> {
  const asked = Object.entries(changes).map(([member, value]) => [`/invocation/${member}`, value] as const);
  return presentation({ ...acting, presentation: Object.fromEntries(asked) });
}

export const GENERIC_CREDENTIAL = {
  "@context": ["https://www.w3.org/ns/credentials/v2"],
  id: "urn:uuid:2b1c51f7-6b0e-4b5e-9f0a-0d1f8e6a4c11",
  type: ["VerifiableCredential"],
  validFrom: NOW,
  validUntil: "2026-11-24T09:00:00Z",
  credentialSubject: { id: "https://people.example/ada", name: "Ada" },
} as const;

/** A document signed anew, with changes. */
export async function resign(
  document: object,
  signer: Signer,
  changes: Changes = {},
  proof: Partial<SignOptions> = {},
): Promise<JsonObject> {
  const unsigned = edit(asJson(document), { "/proof": undefined, ...changes });
  const options = { signer, purpose: "assertionMethod", created: time, ...proof } as const;
  return asJson(await signDocument(unsigned, options));
}

export function createDocuments(story: Story): Documents {
  const { organisation, bot } = story;
  const asPresented = { purpose: "authentication", challenge: CHALLENGE, domain: DOMAIN } as const;

  const presentation: Documents["presentation"] = async (acting = {}) => {
    const { holder = bot, by = story.lead, show = allOf } = acting;
    const root = asAuthority(
      acting.root ? await resign(story.rootAuthority, organisation, acting.root) : story.rootAuthority,
    );
    const below = {
      "/credentialSubject/parent": { id: root.id, digestMultibase: digestMultibase(asJson(root)) },
      "/issuer": by.did,
      "/credentialSubject/id": holder.did,
    };
    const authority = asAuthority(await resign(story.botAuthority, by, { ...below, ...acting.authority }));
    const parts = { identity: story.botIdentity, authority, root, leadIdentity: story.leadIdentity };
    const unsigned = edit(asJson(await story.present((good) => good, holder)), {
      "/verifiableCredential": show(parts),
      "/invocation/authority/digestMultibase": digestMultibase(asJson(authority)),
    });
    const proof = { ...asPresented, expires: time + 300_000, ...acting.proof };
    return textOf(await resign(unsigned, holder, acting.presentation, proof));
  };

  const generic: Documents["generic"] = async (changes, by = organisation, proof = {}) =>
    textOf(await resign({ ...GENERIC_CREDENTIAL, issuer: by.did }, by, changes, proof), "generic-credential");

  return {
    story,
    presentation,
    identity: async (changes, by = organisation, proof = {}) =>
      textOf(await resign(story.botIdentity, by, { "/issuer": by.did, ...changes }, proof), "credential"),
    root: async (changes, by = organisation, proof = {}) =>
      textOf(await resign(story.rootAuthority, by, { "/issuer": by.did, ...changes }, proof), "credential"),
    generic,
    genericPresentation: async (changes, proof = {}) => {
      const unsigned = {
        "@context": GENERIC_CREDENTIAL["@context"],
        type: ["VerifiablePresentation"],
        holder: bot.did,
        verifiableCredential: [parsed(await generic())],
      };
      const signed = await resign(unsigned, bot, changes, { ...asPresented, ...proof });
      return textOf(signed, "generic-presentation");
    },
  };
}

function asAuthority(document: object): AuthorityCredential {
  return document as AuthorityCredential;
}

/** A document as it is given to a verifier. */
export function textOf(document: object, verify?: NonNullable<Given["verify"]>): Given {
  return { ...(verify === undefined ? {} : { verify }), input: JSON.stringify(document) };
}

/** The document that is given. */
export function parsed({ input = "" }: Given): JsonObject {
  return JSON.parse(input) as JsonObject;
}

/** Further proofs, by the organisation unless it says otherwise. */
export async function addProofs(
  { story }: Documents,
  making: Promise<Given>,
  ...proofs: readonly Partial<AddProofOptions>[]
): Promise<Given> {
  const given = await making;
  let document: object = parsed(given);
  for (const proof of proofs) {
    document = await addProof(document, {
      signer: story.organisation,
      purpose: "assertionMethod",
      created: time,
      ...proof,
    });
  }
  return textOf(document, given.verify);
}

/** Another text, once it was signed. */
export async function rewritten(
  making: Promise<Given>,
  from: string,
  to: string,
  times: "once" | "everywhere" = "once",
): Promise<Given> {
  const { input = "", ...given } = await making;
  if (!input.includes(from)) throw new Error(`the document does not hold ${from}`);
  return { ...given, input: times === "once" ? input.replace(from, () => to) : input.replaceAll(from, to) };
}

/** Other values at JSON Pointers, once it was signed. */
export async function altered(making: Promise<Given>, changes: Changes): Promise<Given> {
  const given = await making;
  return { ...given, input: JSON.stringify(edit(parsed(given), changes)) };
}
