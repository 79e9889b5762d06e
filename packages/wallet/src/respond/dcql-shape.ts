import {
  isJsonObject,
  joinPointer,
  openObject,
  parseShape,
  refined,
  refuse,
  sequence,
  text,
  type JsonObject,
  type JsonValue,
  type Shape,
} from "@writ/core";

import type { ClaimPath } from "./claim-path.js";
import { anyJson, flag, MAX_CLAIMS, MAX_QUERIES, nameText, proofText } from "./request-shapes.js";

/** An authorization request of OpenID4VP 1.0, as far as it is read here. */
export interface DcqlRequest {
  readonly dcql_query: {
    readonly credentials: readonly DcqlCredentialQuery[];
    readonly credential_sets?: readonly DcqlCredentialSet[];
  };
  readonly nonce: string;
  readonly client_id?: string;
  readonly response_mode?: string;
  readonly client_metadata?: JsonValue;
}

/** A query for a credential, of any format. */
export interface DcqlCredentialQuery {
  readonly id: string;
  readonly format: string;
}

/** A query for a credential that is secured by Data Integrity (OpenID4VP 1.0, sections 6.1 and B.1). */
export interface LdpQuery extends DcqlCredentialQuery {
  readonly meta: { readonly type_values: readonly (readonly string[])[] };
  readonly multiple?: boolean;
  readonly require_cryptographic_holder_binding?: boolean;
  readonly trusted_authorities?: readonly TrustedAuthorities[];
  readonly claims?: readonly ClaimQuery[];
  readonly claim_sets?: readonly (readonly string[])[];
}

interface TrustedAuthorities {
  readonly type: string;
  readonly values: readonly string[];
}

export interface ClaimQuery {
  readonly id?: string;
  readonly path: ClaimPath;
  readonly values?: readonly (string | number | boolean)[];
}

interface DcqlCredentialSet {
  readonly options: readonly (readonly string[])[];
  readonly required?: boolean;
}

/** The format whose queries a wallet of Data Integrity credentials has answers to. */
export const LDP_FORMAT = "ldp_vc";

const FORBIDDEN_IDS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** The answer has members of these names. */
const id: Shape<string> = refined(
  text({ pattern: /^[A-Za-z0-9_-]+$/, maxLength: 128, what: "letters, digits, _ and -" }),
  (value, pointer) => {
    if (FORBIDDEN_IDS.has(value)) refuse(pointer, "a forbidden member name", "JSON_FORBIDDEN_KEY");
  },
);

const pathComponent: Shape<string | number | null> = {
  check(value, pointer) {
    if (value === null || (typeof value === "number" && Number.isSafeInteger(value) && value >= 0)) return;
    if (typeof value !== "string" || value.length > 256) refuse(pointer, "must be a name, an index, or null");
  },
  jsonSchema: { type: ["string", "integer", "null"] },
};

const claimValue: Shape<string | number | boolean> = {
  check(value, pointer) {
    if (typeof value === "boolean" || (typeof value === "number" && Number.isSafeInteger(value))) return;
    if (typeof value !== "string" || value.length > 1024) {
      refuse(pointer, "must be a text of at most 1024 characters, an integer, or true or false");
    }
  },
  jsonSchema: { type: ["string", "integer", "boolean"] },
};

const claimQuery = openObject<ClaimQuery>(
  { id, path: sequence(pathComponent, 16), values: sequence(claimValue, 64) },
  ["id", "values"],
);

const ldpQuery: Shape<LdpQuery> = refined(
  openObject<LdpQuery>(
    {
      id,
      format: nameText,
      meta: openObject({ type_values: sequence(sequence(nameText, 16), 16) }),
      multiple: flag,
      require_cryptographic_holder_binding: flag,
      trusted_authorities: sequence(openObject({ type: nameText, values: sequence(nameText, 64) }), 16),
      claims: sequence(claimQuery, MAX_CLAIMS),
      claim_sets: sequence(sequence(id, MAX_CLAIMS), 32),
    },
    ["multiple", "require_cryptographic_holder_binding", "trusted_authorities", "claims", "claim_sets"],
  ),
  ({ claims = [], claim_sets: sets = [] }, pointer) => {
    const known = assertDistinctIds(claims, `${pointer}/claims`);
    sets.forEach((set, index) => {
      assertKnown(set, known, `${pointer}/claim_sets/${String(index)}`);
    });
  },
);

/** Of another format it is enough to know that it is one. */
const credentialQuery: Shape<DcqlCredentialQuery> = {
  check(value, pointer) {
    const isLdp = isJsonObject(value) && value["format"] === LDP_FORMAT;
    (isLdp ? ldpQuery : openObject<DcqlCredentialQuery>({ id, format: nameText })).check(value, pointer);
  },
  jsonSchema: {},
};

const query: Shape<DcqlRequest["dcql_query"]> = refined(
  openObject<DcqlRequest["dcql_query"]>(
    {
      credentials: sequence(credentialQuery, MAX_QUERIES),
      credential_sets: sequence(
        openObject<DcqlCredentialSet>({ options: sequence(sequence(id, MAX_QUERIES), 32), required: flag }, [
          "required",
        ]),
        16,
      ),
    },
    ["credential_sets"],
  ),
  ({ credentials, credential_sets: sets = [] }, pointer) => {
    const known = assertDistinctIds(credentials, `${pointer}/credentials`);
    sets.forEach(({ options }, index) => {
      options.forEach((option, at) => {
        assertKnown(option, known, `${pointer}/credential_sets/${String(index)}/options/${String(at)}`);
      });
    });
    const claims = credentials.filter(isLdpQuery).flatMap((each) => each.claims ?? []);
    if (claims.length > MAX_CLAIMS) {
      refuse(`${pointer}/credentials`, `more than ${String(MAX_CLAIMS)} claims in all`, "TOO_MANY_ITEMS");
    }
  },
);

const request: Shape<DcqlRequest> = openObject<DcqlRequest>(
  {
    dcql_query: query,
    nonce: proofText,
    client_id: proofText,
    response_mode: nameText,
    client_metadata: anyJson,
  },
  ["client_id", "response_mode", "client_metadata"],
);

/**
 * The members of a request that are read, each of its form; others are passed over (OpenID4VP 1.0, section 6).
 *
 * @throws WritError of the schema.
 */
export function parseDcqlRequest(json: JsonObject): DcqlRequest {
  return parseShape(request, json);
}

/** Whether a query is of the format that is answered here; its shape has been checked as such. */
export function isLdpQuery(each: DcqlCredentialQuery): each is LdpQuery {
  return each.format === LDP_FORMAT;
}

/** The ids, of which none may occur twice. */
function assertDistinctIds(named: readonly { readonly id?: string }[], pointer: string): ReadonlySet<string> {
  const ids = new Set<string>();
  named.forEach((each, index) => {
    if (each.id === undefined) return;
    if (ids.has(each.id)) refuse(`${pointer}/${String(index)}/id`, "occurs twice", "DUPLICATE_ITEM");
    ids.add(each.id);
  });
  return ids;
}

function assertKnown(ids: readonly string[], known: ReadonlySet<string>, pointer: string): void {
  ids.forEach((each, index) => {
    if (!known.has(each)) refuse(joinPointer(pointer, index), "names nothing in the query");
  });
}
