import { asJson, SUITE_NAMES, WritError, type JsonObject } from "@writ/core";

import { matchExample } from "./match-example.js";
import { MAX_QUERIES, reasonOf } from "./request-shapes.js";
import type { CredentialQuery, ProofDemand, Request } from "./request.js";
import {
  asksByExample,
  parseVprRequest,
  type AuthenticationQuery,
  type ExampleQueries,
  type ExampleQuery,
  type Query,
} from "./vpr-shape.js";

/**
 * Reads a Verifiable Presentation Request. All its queries are to be answered; of credential queries those
 * that are required, and where none is, one.
 *
 * @throws WritError of the schema; `REQUEST_UNSUPPORTED` for a query of another type.
 */
export function readVprRequest(json: JsonObject): Request {
  const { query, challenge, domain } = parseVprRequest(json);
  const placed: readonly (readonly [query: Query, pointer: string])[] = isList(query)
    ? query.map((each, index) => [each, `/query/${String(index)}`])
    : [[query, "/query"]];
  const read = placed.flatMap(([each, pointer]) => (asksByExample(each) ? readGroup(each, pointer) : []));
  const queries = read.map(({ query: each }) => each);
  if (queries.length > MAX_QUERIES) {
    throw new WritError("TOO_MANY_ITEMS", `more than ${String(MAX_QUERIES)} credential queries`, {
      pointer: "/query",
    });
  }
  return {
    language: "vpr",
    challenge,
    ...(domain === undefined ? {} : { domain: { text: domain, pointer: "/domain" } }),
    queries: new Map(queries.map((each) => [each.id, each])),
    sets: read.map(({ required, query: { id } }) => ({ required, options: [[id]] })),
    proofs: placed.flatMap(([each, pointer]) => (asksByExample(each) ? [] : proofDemand(each, pointer))),
    asksForHolder: placed.some(([each]) => !asksByExample(each)),
    assertTaken: () => Promise.resolve(),
  };
}

interface ReadQuery {
  readonly required: boolean;
  readonly query: CredentialQuery;
}

function readGroup({ credentialQuery }: ExampleQueries, pointer: string): readonly ReadQuery[] {
  const place = `${pointer}/credentialQuery`;
  return isList(credentialQuery)
    ? credentialQuery.map((each, index) => readQuery(each, `${place}/${String(index)}`))
    : [readQuery(credentialQuery, place)];
}

function readQuery(query: ExampleQuery, pointer: string): ReadQuery {
  const { example, required = true, trustedIssuer, reason } = query;
  return {
    required,
    query: {
      id: pointer,
      pointer,
      asked: asJson({ example, ...(trustedIssuer === undefined ? {} : { trustedIssuer }) }),
      ...reasonOf(reason),
      multiple: false,
      types: [example.type].flat().slice(-1),
      match: (candidate) => matchExample(query, candidate),
    },
  };
}

/** One that is not required asks for a proof more, beside the one that there is. */
function proofDemand(
  { required = true, acceptedMethods, acceptedCryptosuites }: AuthenticationQuery,
  pointer: string,
): readonly ProofDemand[] {
  if (!required) return [];
  const accepted = acceptedCryptosuites?.map(({ cryptosuite }) => cryptosuite);
  return [
    {
      pointer,
      ...(acceptedMethods === undefined ? {} : { methods: acceptedMethods.map(({ method }) => method) }),
      ...(accepted === undefined ? {} : { suites: SUITE_NAMES.filter((name) => accepted.includes(name)) }),
    },
  ];
}

function isList<T extends Query | ExampleQuery>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}
