import { altered, rewritten, type Changes, type Documents } from "./documents.js";
import { refused, type Given, type Vector } from "./vector.js";

const RDF = { suite: "eddsa-rdfc-2022" } as const;
const ADA = "https://people.example/ada";
const ACTIONS = "/credentialSubject/grants/0/actions";
const DATE_TIME = "http://www.w3.org/2001/XMLSchema#dateTime";

/** Section B of HOSTILE.md: what a graph would say otherwise, or not at all, or for too long. */
export async function graphs(documents: Documents): Promise<readonly Vector[]> {
  const { identity, generic } = documents;
  const ofIdentity = (changes: Changes): Promise<Given> => identity(changes);
  const blanks = Array.from({ length: 250 }, () => ({ type: "Person" }));
  const manyBlanks = Object.fromEntries(
    ["evidence", "termsOfUse", "refreshService"].map((name) => [
      `/${name}`,
      blanks.map((blank, index) => ({ ...blank, name: String(index) })),
    ]),
  );

  return Promise.all([
    refused("030-unknown-term", "a term of nobody's", ofIdentity({ "/rank": 1 }), "SCHEMA_INVALID /rank"),
    refused(
      "030-generic-unknown-term",
      "a term that no context defines, signed as JSON",
      generic({ "/credentialSubject/rank": "captain" }),
      "JSON_LD_INVALID",
    ),
    refused(
      "030-generic-rdfc-unknown-term",
      "a term that no context defines, added to what was signed as RDF",
      altered(generic({}, undefined, RDF), { "/credentialSubject/rank": "captain" }),
      "JSON_LD_INVALID /proof",
    ),
    refused("031-relative-id", "a relative id", ofIdentity({ "/id": "bot" }), "SCHEMA_INVALID /id"),
    refused(
      "031-unknown-type",
      "a type of nobody's",
      ofIdentity({ "/type": ["VerifiableCredential", "Captain"] }),
      "TYPE_UNSUPPORTED /type",
    ),
    refused(
      "031-generic-relative-id",
      "a relative id",
      generic({ "/id": "credentials/1" }),
      "ID_INVALID /id",
    ),
    refused(
      "031-generic-relative-type",
      "a relative type",
      generic({ "/type": ["VerifiableCredential", "./Captain"] }),
      "ID_INVALID /type/1",
    ),
    refused(
      "032-blank-id",
      "the name of a blank node as id",
      ofIdentity({ "/id": "_:b0" }),
      "SCHEMA_INVALID /id",
    ),
    refused(
      "032-generic-blank-id",
      "the name of a blank node as id",
      generic({ "/credentialSubject/id": "_:b0" }),
      "ID_INVALID /credentialSubject/id",
    ),
    refused(
      "032-blank-predicate",
      "the name of a blank node as a member name",
      generic({ "/credentialSubject/_:b1": "captain" }),
      "KEY_NOT_PLAIN /credentialSubject/_:b1",
    ),
    refused(
      "033-issuer-claims",
      "an issuer that is an object",
      ofIdentity({ "/issuer": { id: documents.story.organisation.did, roles: ["clerk"] } }),
      "SCHEMA_INVALID /issuer",
    ),
    refused(
      "033-generic-issuer-claims",
      "a claim that was moved to the issuer",
      generic({ "/issuer": { id: documents.story.organisation.did, termsOfUse: { type: "Terms" } } }),
      "SCHEMA_INVALID /issuer/termsOfUse",
    ),
    refused(
      "033-moved-claims",
      "a claim that was moved to another object of the subject's id",
      altered(generic({}, undefined, RDF), {
        "/credentialSubject": { id: ADA },
        "/evidence": { id: ADA, type: "Evidence", name: "Ada" },
        "/termsOfUse": { id: ADA, type: "Terms" },
      }),
      "NODE_REPEATED /evidence/id",
    ),
    refused(
      "034-date-value",
      "a value object for a date",
      ofIdentity({ "/validUntil": { "@value": "2099-01-01T00:00:00Z" } }),
      "KEY_NOT_PLAIN /validUntil/@value",
    ),
    refused(
      "034-generic-date-value",
      "a value object with a type for a date",
      generic({ "/validUntil": { "@value": "2099-01-01T00:00:00Z", "@type": DATE_TIME } }),
      "VALUE_OBJECT_INVALID /validUntil",
    ),
    refused(
      "035-order",
      "two actions of a grant in another order than was signed, over RDF",
      rewritten(
        documents.root({ [ACTIONS]: ["refund.create", "refund.list"] }, undefined, RDF),
        '["refund.create","refund.list"]',
        '["refund.list","refund.create"]',
      ),
      "SIGNATURE_INVALID /proof",
    ),
    refused(
      "036-item-twice",
      "an item twice",
      ofIdentity({ "/credentialSubject/roles": ["clerk", "clerk"] }),
      "DUPLICATE_ITEM /credentialSubject/roles/1",
    ),
    refused(
      "036-generic-item-twice",
      "a type twice",
      generic({ "/type": ["VerifiableCredential", "VerifiableCredential"] }),
      "DUPLICATE_ITEM /type/1",
    ),
    refused(
      "037-clique",
      "blank nodes that all name each other, which needs names for them",
      altered(generic(), { "/evidence": clique(10) }),
      "ID_INVALID /evidence/0/id",
    ),
    refused("039-nodes", "750 blank nodes", altered(generic(), manyBlanks), "CANON_LIMIT /termsOfUse/4"),
    refused(
      "038-alike",
      "two blank nodes that are alike at first sight, each with ten that are, in any order",
      altered(generic({}, undefined, RDF), { "/evidence": alike(10) }),
      "CANON_LIMIT /proof",
    ),
    refused(
      "040-iri-claim",
      "a further claim under an absolute IRI",
      ofIdentity({ "/credentialSubject/https:~1~1people.example~1rank": "captain" }),
      "KEY_NOT_PLAIN /credentialSubject/https:~1~1people.example~1rank",
    ),
    refused(
      "040-generic-iri-claim",
      "a further claim under an absolute IRI, in a credential of others",
      generic({ "/credentialSubject/https:~1~1people.example~1rank": "captain" }),
      "KEY_NOT_PLAIN /credentialSubject/https:~1~1people.example~1rank",
    ),
  ]);
}

/** Blank nodes, each of which names all others. */
function clique(size: number): readonly object[] {
  const nodes = Array.from({ length: size }, (_, index) => `_:b${String(index)}`);
  return nodes.map((id) => ({ id, type: "Evidence", evidence: nodes.filter((other) => other !== id) }));
}

/** Two blank nodes that differ only in what is named by what they name, all of it blank nodes. */
function alike(size: number): readonly object[] {
  const node = (evidence: object) => ({ type: "VerifiableCredential", evidence });
  const leaf = (name: string) => ({ type: "https://people.example/Evidence", name });
  return ["a", "b"].map((side) =>
    node(Array.from({ length: size }, (_, index) => node(leaf(`${side}${String(index)}`)))),
  );
}
