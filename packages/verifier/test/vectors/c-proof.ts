import { WRIT_CONTEXT } from "@writ/core";

import { addProofs, altered, parsed, rewritten, type Changes, type Documents } from "./documents.js";
import { NOW } from "./story.js";
import { refused, type Given, type Vector } from "./vector.js";

const RDF = { suite: "eddsa-rdfc-2022" } as const;
const ED25519_2020 = { suite: "Ed25519Signature2020" } as const;
const time = Date.parse(NOW);

/** Section C of HOSTILE.md: proofs, whoever made them. */
export async function proofs(documents: Documents): Promise<readonly Vector[]> {
  const { identity, generic, presentation } = documents;
  const changed = (changes: Changes): Promise<Given> => altered(identity(), changes);
  const genericChanged = (changes: Changes): Promise<Given> => altered(generic(), changes);
  const { proof: single = {} } = parsed(await generic());
  const chained = addProofs(documents, generic({}, undefined, { id: "urn:proof:1" }), {
    id: "urn:proof:2",
    previousProof: "urn:proof:1",
  });

  return Promise.all([
    refused(
      "041-no-proof",
      "no proof",
      altered(presentation(), { "/proof": undefined }),
      "PROOF_MISSING /proof",
    ),
    refused(
      "041-no-proof-of-credential",
      "a credential without proof in a signed presentation",
      presentation({
        show: ({ identity: { proof: _, ...bare }, ...others }) => [
          bare,
          others.authority,
          others.root,
          others.leadIdentity,
        ],
      }),
      "PROOF_MISSING /verifiableCredential/0/proof",
    ),
    refused(
      "041-generic-no-proof",
      "no proof",
      genericChanged({ "/proof": undefined }),
      "PROOF_MISSING /proof",
    ),
    refused("042-empty", "an empty set of proofs", changed({ "/proof": [] }), "ARRAY_EMPTY /proof"),
    refused(
      "043-one-bad",
      "two proofs, of which the second does not verify",
      altered(addProofs(documents, generic(), {}), { "/proof/1/created": "2026-11-23T08:59:00Z" }),
      "SIGNATURE_INVALID /proof/1",
    ),
    ...(
      [
        [
          "unknown",
          "follows on a proof that is not there",
          { "/proof/1/previousProof": "urn:proof:3" },
          "/proof/1",
        ],
        ["itself", "follows on itself", { "/proof/1/previousProof": "urn:proof:2" }, "/proof/1"],
        ["circle", "two that follow on each other", { "/proof/0/previousProof": "urn:proof:2" }, "/proof/0"],
      ] as const
    ).map(([name, what, changes, place]) =>
      refused(`046-${name}`, what, altered(chained, changes), `PROOF_CHAIN_INVALID ${place}/previousProof`),
    ),
    refused(
      "046-previous-altered",
      "a chain whose first proof was replaced by another good one",
      altered(chained, {
        "/proof/0": {
          ...(parsed(await generic({}, undefined, { id: "urn:proof:1", created: time - 1000 }))[
            "proof"
          ] as object),
        },
      }),
      "SIGNATURE_INVALID /proof/1",
    ),
    refused(
      "047-duplicate-ids",
      "two proofs of one id",
      altered(chained, { "/proof/1/id": "urn:proof:1" }),
      "PROOF_CHAIN_INVALID /proof/1/id",
    ),
    refused(
      "048-nine-proofs",
      "nine proofs",
      genericChanged({
        "/proof": Array.from({ length: 9 }, (_, index) => ({
          ...(single as object),
          id: `urn:proof:${String(index)}`,
        })),
      }),
      "TOO_MANY_ITEMS /proof",
    ),
    refused(
      "055-unknown-suite",
      "an unknown cryptosuite",
      altered(presentation(), { "/proof/cryptosuite": "eddsa-2099" }),
      "SUITE_UNKNOWN /proof",
    ),
    refused(
      "055-changed-case",
      "a cryptosuite in upper case",
      changed({ "/proof/cryptosuite": "EDDSA-JCS-2022" }),
      "SUITE_UNKNOWN /proof",
    ),
    refused(
      "056-rdfc-for-jcs",
      "a signature over JSON that says it is over RDF",
      changed({ "/proof/cryptosuite": "eddsa-rdfc-2022", "/proof/@context": undefined }),
      "SIGNATURE_INVALID /proof",
    ),
    refused(
      "056-jcs-for-rdfc",
      "a signature over RDF that says it is over JSON",
      altered(identity({}, undefined, RDF), { "/proof/cryptosuite": "eddsa-jcs-2022" }),
      "SIGNATURE_INVALID /proof",
    ),
    refused(
      "056-rdfc-context",
      "a proof over RDF with contexts of its own",
      altered(identity({}, undefined, RDF), { "/proof/@context": WRIT_CONTEXT }),
      "CONTEXT_NOT_ALLOWED /proof/@context",
    ),
    refused(
      "056-2020-for-rdfc",
      "a signature over RDF that says it is an Ed25519Signature2020",
      altered(generic({}, undefined, RDF), {
        "/proof/type": "Ed25519Signature2020",
        "/proof/cryptosuite": undefined,
      }),
      "CONTEXT_NOT_ALLOWED /proof",
    ),
    refused(
      "057-cryptosuite",
      "an Ed25519Signature2020 with a cryptosuite",
      altered(identity({}, undefined, ED25519_2020), { "/proof/cryptosuite": "eddsa-rdfc-2022" }),
      "SCHEMA_INVALID /proof/cryptosuite",
    ),
    refused(
      "058-jws",
      "a JSON web signature",
      changed({ "/proof/jws": "eyJhbGciOiJub25lIn0.." }),
      "SCHEMA_INVALID /proof/jws",
    ),
    refused(
      "058-type",
      "another type of proof",
      changed({ "/proof/type": "JsonWebSignature2020" }),
      "SCHEMA_INVALID /proof/type",
    ),
    refused(
      "059-future",
      "made 61 seconds ahead",
      identity({}, undefined, { created: time + 61_000 }),
      "PROOF_CREATED /proof/created",
    ),
    refused(
      "059-malformed",
      "a time that is none",
      changed({ "/proof/created": "2026-11-23" }),
      "DATE_INVALID /proof/created",
    ),
    refused(
      "059-generic",
      "made 61 seconds ahead",
      generic({}, undefined, { created: time + 61_000 }),
      "PROOF_CREATED /proof/created",
    ),
    refused(
      "060-expired",
      "a proof that has expired",
      identity({}, undefined, { expires: time }),
      "PROOF_EXPIRED /proof/expires",
    ),
    refused(
      "060-generic",
      "a proof of others that has expired",
      generic({}, undefined, { expires: time }),
      "PROOF_EXPIRED /proof/expires",
    ),
    refused(
      "060-too-long",
      "a presentation that lives over five minutes",
      presentation({ proof: { expires: time + 301_000 } }),
      "PROOF_EXPIRED /proof/expires",
    ),
    refused(
      "061-extra",
      "a further member in a proof",
      changed({ "/proof/trusted": true }),
      "SCHEMA_INVALID /proof/trusted",
    ),
    refused(
      "061-generic",
      "a further member in a proof of others",
      genericChanged({ "/proof/name": "Ada" }),
      "SCHEMA_INVALID /proof/name",
    ),
    refused(
      "062-context",
      "a proof that repeats the first context only",
      changed({ "/proof/@context": WRIT_CONTEXT.slice(0, 1) }),
      "CONTEXT_NOT_ALLOWED /proof/@context",
    ),
    refused(
      "062-generic",
      "a proof that repeats other contexts than those with which the document begins",
      genericChanged({ "/proof/@context": [WRIT_CONTEXT[0], "https://w3id.org/security/data-integrity/v2"] }),
      "CONTEXT_NOT_ALLOWED /proof/@context",
    ),
    refused(
      "063-altered",
      "the amount changed after signing",
      rewritten(presentation(), "12000", "12001"),
      "SIGNATURE_INVALID /proof",
    ),
    ...[RDF, ED25519_2020].map((suite) =>
      refused(
        `063-altered-${suite.suite.toLowerCase()}`,
        `a name changed after signing with ${suite.suite}`,
        rewritten(identity({}, undefined, suite), "refund-bot", "refund-boss"),
        "SIGNATURE_INVALID /proof",
      ),
    ),
  ]);
}
