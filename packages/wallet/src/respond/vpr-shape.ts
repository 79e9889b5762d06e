import {
  isJsonArray,
  isJsonObject,
  openObject,
  parseShape,
  refined,
  refuse,
  sequence,
  type JsonObject,
  type JsonValue,
  type Shape,
} from "@writ/core";

import {
  anyJson,
  flag,
  itemOrItems,
  MAX_CLAIMS,
  MAX_QUERIES,
  nameText,
  proofText,
} from "./request-shapes.js";

/** A Verifiable Presentation Request, as far as it is read here. */
export interface VprRequest {
  readonly query: Query | readonly Query[];
  readonly challenge: string;
  readonly domain?: string;
}

/** What every query has; the rest depends on its type. */
export interface Query {
  readonly type: string;
}

/** A query for credentials that are like examples (VPR, section "Query By Example"). */
export interface ExampleQueries extends Query {
  readonly credentialQuery: ExampleQuery | readonly ExampleQuery[];
}

export interface ExampleQuery {
  readonly example: Example;
  readonly required?: boolean;
  readonly reason?: JsonValue;
  readonly trustedIssuer?: TrustedIssuer | readonly TrustedIssuer[];
}

/** What is to be found in the credential; it may say more than is named here. */
export interface Example {
  readonly "@context"?: string | readonly string[];
  readonly type: string | readonly string[];
}

export interface TrustedIssuer {
  readonly issuer?: string;
  readonly id?: string;
  readonly required?: boolean;
}

/** A query for proof of control of a DID (VPR, section "DID Authentication"). */
export interface AuthenticationQuery extends Query {
  readonly required?: boolean;
  readonly acceptedMethods?: readonly { readonly method: string }[];
  readonly acceptedCryptosuites?: readonly { readonly cryptosuite: string }[];
}

/** What examples hold is sought in each credential, so that all together they hold at most so much. */
const MAX_VALUES = 4 * MAX_CLAIMS;

const example = openObject<Example>(
  { "@context": itemOrItems(nameText, 16), type: itemOrItems(nameText, 16) },
  ["@context"],
);

const trustedIssuer: Shape<TrustedIssuer> = refined(
  openObject<TrustedIssuer>({ issuer: nameText, id: nameText, required: flag }, ["issuer", "id", "required"]),
  (value, pointer) => {
    if (value.issuer === undefined && value.id === undefined) refuse(`${pointer}/issuer`, "missing");
  },
);

const exampleQuery = openObject<ExampleQuery>(
  { example, required: flag, reason: anyJson, trustedIssuer: itemOrItems(trustedIssuer, 64) },
  ["required", "reason", "trustedIssuer"],
);

const exampleQueries = openObject<ExampleQueries>({
  type: nameText,
  credentialQuery: itemOrItems(exampleQuery, MAX_QUERIES),
});

const authenticationQuery = openObject<AuthenticationQuery>(
  {
    type: nameText,
    required: flag,
    acceptedMethods: sequence(openObject({ method: nameText }), 64),
    acceptedCryptosuites: sequence(openObject({ cryptosuite: nameText }), 64),
  },
  ["required", "acceptedMethods", "acceptedCryptosuites"],
);

/** The types of queries that there are answers to. */
const QUERIES: ReadonlyMap<string, Shape<ExampleQueries> | Shape<AuthenticationQuery>> = new Map<
  string,
  Shape<ExampleQueries> | Shape<AuthenticationQuery>
>([
  ["QueryByExample", exampleQueries],
  ["DIDAuthentication", authenticationQuery],
]);

const query: Shape<Query> = {
  check(value, pointer) {
    openObject<Query>({ type: nameText }).check(value, pointer);
    const type = isJsonObject(value) ? value["type"] : undefined;
    const shape = typeof type === "string" ? QUERIES.get(type) : undefined;
    if (shape === undefined) {
      return refuse(`${pointer}/type`, "a type of query that is not answered", "REQUEST_UNSUPPORTED");
    }
    shape.check(value, pointer);
  },
  jsonSchema: {},
};

const request: Shape<VprRequest> = openObject<VprRequest>(
  {
    query: refined(itemOrItems(query, MAX_QUERIES), (value, pointer) => {
      if (countValues(value as object as JsonValue) > MAX_VALUES) {
        refuse(pointer, `holds more than ${String(MAX_VALUES)} values`, "TOO_MANY_ITEMS");
      }
    }),
    challenge: proofText,
    domain: proofText,
  },
  ["domain"],
);

/**
 * The members of a request that are read, each of its form; others are passed over.
 *
 * @throws WritError of the schema, `REQUEST_UNSUPPORTED` for a query of another type.
 */
export function parseVprRequest(json: JsonObject): VprRequest {
  return parseShape(request, json);
}

/** Whether a query asks for credentials; its shape has been checked as such. */
export function asksByExample(each: Query): each is ExampleQueries {
  return each.type === "QueryByExample";
}

function countValues(value: JsonValue): number {
  if (isJsonArray(value)) return value.reduce<number>((sum, item) => sum + countValues(item), 1);
  if (!isJsonObject(value)) return 1;
  return Object.values(value).reduce<number>((sum, member) => sum + countValues(member), 1);
}
