import {
  asJson,
  isJsonArray,
  isJsonObject,
  SUITE_NAMES,
  WritError,
  type JsonObject,
  type JsonValue,
  type SuiteName,
} from "@writ/core";

import { assertTakenByLibrary, parseByLibrary } from "./dcql-library.js";
import { isLdpQuery, parseDcqlRequest, type DcqlCredentialQuery, type LdpQuery } from "./dcql-shape.js";
import { dcqlMatcher } from "./match-dcql.js";
import { localName } from "./request-shapes.js";
import type { CredentialQuery, ProofDemand, Request } from "./request.js";

/** What would have to be answered, and is not; each changes what the rest of the request means. */
const UNSUPPORTED = ["request", "request_uri", "transaction_data"] as const;

/**
 * Reads a request of OpenID4VP 1.0 with a query in DCQL: `nonce` is the challenge, `client_id` the domain.
 * Over the Digital Credentials API the sender is known by its origin alone, and a `client_id` is passed
 * over.
 *
 * @throws WritError of the schema; `REQUEST_UNSUPPORTED` for a request that is signed or by reference, or
 *   that is about a transaction.
 */
export async function readDcqlRequest(json: JsonObject): Promise<Request> {
  for (const member of UNSUPPORTED) {
    if (!Object.hasOwn(json, member)) continue;
    throw new WritError("REQUEST_UNSUPPORTED", `a request with ${member} is not answered`, {
      pointer: `/${member}`,
    });
  }
  const {
    dcql_query: query,
    nonce,
    client_id: client,
    response_mode: mode,
    ...rest
  } = parseDcqlRequest(json);
  await parseByLibrary(query.credentials.filter(isLdpQuery));
  const queries = query.credentials.map(readQuery);
  const sets =
    query.credential_sets?.map(({ required = true, options }) => ({ required, options })) ??
    queries.map(({ id }) => ({ required: true, options: [[id]] }));
  const byOrigin = mode === "dc_api" || mode === "dc_api.jwt";
  return {
    language: "dcql",
    challenge: nonce,
    ...(client === undefined || byOrigin ? {} : { domain: { text: client, pointer: "/client_id" } }),
    ...(byOrigin ? { domainPrefix: "origin:" } : {}),
    queries: new Map(queries.map((each) => [each.id, each])),
    sets,
    proofs: proofDemands(rest.client_metadata ?? null),
    asksForHolder: false,
    assertTaken: (shown) =>
      assertTakenByLibrary(
        query.credentials.filter(isLdpQuery).flatMap((each) => {
          const documents = shown.get(each.id);
          return documents === undefined ? [] : [[each, documents] as const];
        }),
      ),
  };
}

function readQuery(query: DcqlCredentialQuery, index: number): CredentialQuery {
  const place = { id: query.id, pointer: `/dcql_query/credentials/${String(index)}`, multiple: false };
  if (!isLdpQuery(query)) {
    return {
      ...place,
      asked: { format: query.format },
      obstacle: { reason: "format", detail: `the wallet holds no credentials of the format ${query.format}` },
      match: () => ({ matches: false, reason: "type", places: () => ["/type"] }),
    };
  }
  const { format, meta, claims, claim_sets: claimSets, multiple = false } = query;
  const obstacle = obstacleOf(query);
  const types = meta.type_values.map(([first = "", ...others]) => others.at(-1) ?? first);
  return {
    ...place,
    multiple,
    asked: asJson({
      format,
      types: meta.type_values,
      ...(claims === undefined ? {} : { claims }),
      ...(claimSets === undefined ? {} : { claim_sets: claimSets }),
    }),
    ...(obstacle === undefined ? {} : { obstacle }),
    types: types.flatMap((type) => [type, localName(type)]),
    match: dcqlMatcher(query),
  };
}

/** What no credential of these kinds can meet. */
function obstacleOf(query: LdpQuery): CredentialQuery["obstacle"] {
  if (query.require_cryptographic_holder_binding === false) {
    const detail = "the wallet shows credentials only in presentations that are signed for whoever asks";
    return { reason: "holder-binding", detail };
  }
  if (query.trusted_authorities !== undefined) {
    const detail = "none can be shown to be under these authorities, which certify X.509 or federations";
    return { reason: "issuer", detail };
  }
  return undefined;
}

/** What `client_metadata` says of the proofs that the sender verifies (OpenID4VP 1.0, B.1.3.2). */
function proofDemands(metadata: JsonValue): readonly ProofDemand[] {
  const formats = isJsonObject(metadata) ? metadata["vp_formats_supported"] : undefined;
  const ldp = isJsonObject(formats) ? formats["ldp_vc"] : undefined;
  if (!isJsonObject(ldp)) return [];
  const { proof_type_values: types, cryptosuite_values: cryptosuites } = ldp;
  const accepts = (accepted: JsonValue | undefined, name: string): boolean =>
    !isJsonArray(accepted) || accepted.includes(name);
  const accepted = (suite: SuiteName): boolean =>
    suite === "Ed25519Signature2020"
      ? accepts(types, suite)
      : accepts(types, "DataIntegrityProof") && accepts(cryptosuites, suite);
  return [{ pointer: "/client_metadata/vp_formats_supported/ldp_vc", suites: SUITE_NAMES.filter(accepted) }];
}
