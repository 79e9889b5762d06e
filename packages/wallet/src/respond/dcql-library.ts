import { asJson, expandedTypes, WritError, type JsonObject } from "@writ/core";

import type { LdpQuery } from "./dcql-shape.js";

/**
 * Refuses what readers of DCQL by the `dcql` package would refuse, before anything is looked for.
 *
 * @throws WritError `SCHEMA_INVALID`.
 */
export async function parseByLibrary(queries: readonly LdpQuery[]): Promise<void> {
  if (queries.length > 0) await asLibraryQuery(queries);
}

async function asLibraryQuery(queries: readonly LdpQuery[]) {
  const { DcqlQuery } = await import("dcql");
  try {
    const query = DcqlQuery.parse({ credentials: queries } as Parameters<typeof DcqlQuery.parse>[0]);
    DcqlQuery.validate(query);
    return query;
  } catch (cause) {
    // Its own message holds what was sent.
    throw new WritError("SCHEMA_INVALID", "is no query of DCQL", { pointer: "/dcql_query", cause });
  }
}

/**
 * Whether a verifier that judges by the `dcql` package takes the documents for an answer: nothing is signed
 * that it would refuse.
 *
 * @param answers the queries that are answered, each with the credentials that are shown for it
 * @throws WritError `REQUEST_UNSUPPORTED`.
 */
export async function assertTakenByLibrary(
  answers: readonly (readonly [query: LdpQuery, documents: readonly JsonObject[]])[],
): Promise<void> {
  if (answers.length === 0) return;
  const { DcqlPresentationResult } = await import("dcql");
  const dcqlQuery = await asLibraryQuery(answers.map(([query]) => query));
  const presentations = Object.fromEntries(
    answers.map(([{ id }, documents]) => [id, documents.map(asShown)]),
  );
  let taken: boolean;
  let cause: unknown;
  try {
    taken = DcqlPresentationResult.fromDcqlPresentation(
      presentations as Parameters<typeof DcqlPresentationResult.fromDcqlPresentation>[0],
      { dcqlQuery },
    ).can_be_satisfied;
  } catch (error) {
    taken = false;
    cause = error;
  }
  if (taken) return;
  const detail = "a verifier could take the credentials that match for others";
  throw new WritError("REQUEST_UNSUPPORTED", detail, { pointer: "/dcql_query", cause });
}

/** A credential as the package knows it: with the types that its contexts give it. */
function asShown(document: JsonObject): JsonObject {
  return asJson({
    credential_format: "ldp_vc",
    cryptographic_holder_binding: true,
    type: expandedTypes(document),
    claims: document,
  });
}
