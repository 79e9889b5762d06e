/**
 * Every code that Writ answers with, and what it means. Callers switch on the code; messages may
 * change. Codes that end in `_UNAVAILABLE` mean "could not tell", which is never a yes.
 */
export const ERROR_CODES = {
  // Bytes and JSON (DESIGN 4.1)
  TOO_LARGE: "The input is larger than its limit.",
  JSON_ENCODING: "The input is not UTF-8 without a byte order mark.",
  JSON_SYNTAX: "The input is not one JSON value.",
  JSON_TOO_DEEP: "Objects and arrays are nested too deeply.",
  JSON_DUPLICATE_KEY: "A member name occurs twice in one object.",
  JSON_FORBIDDEN_KEY: "A member has a name that JavaScript gives a meaning of its own.",
  JSON_SURROGATE: "A string holds half of a surrogate pair.",
  JSON_NOT_OBJECT: "The document is not a JSON object.",
  TOO_MANY_ITEMS: "An array has too many items.",
  NUMBER_UNSAFE: "A number cannot be represented exactly: too large, or minus zero.",
  NUMBER_NOT_INTEGER: "A number that must be an integer is not.",

  // Profile and schema (DESIGN 4.2)
  KEY_NOT_PLAIN: "A member name is a JSON-LD keyword or an IRI.",
  CONTEXT_NOT_ALLOWED: "`@context` is not exactly the list that this document must have.",
  VALUE_NULL: "A member is null.",
  ARRAY_EMPTY: "An array is empty.",
  DUPLICATE_ITEM: "An array holds the same item twice.",
  TYPE_UNSUPPORTED: "The document has no type that Writ verifies.",
  SCHEMA_INVALID: "A member is missing, unknown, or not of its form.",
  CHAR_FORBIDDEN: "A text holds a control, bidirectional or zero-width character.",
  NOT_NFC: "A text is not in Unicode normalisation form C.",
  RESOURCE_INVALID: "A resource does not fit the resource grammar.",
  GRANT_DUPLICATE: "Two grants of one credential have the same id.",
  GRANT_WITHIN: "`within` is missing below a root, present at one, or names no grant of the parent.",

  // Proofs and keys (DESIGN 4.3 to 4.5)
  PROOF_MISSING: "The document has no proof.",
  PROOF_PURPOSE: "The proof was made for another purpose.",
  PROOF_EXPIRED: "The proof has expired.",
  PROOF_CREATED: "The proof lacks a time, or was made in the future.",
  SUITE_UNKNOWN: "The proof's type or cryptosuite is not supported.",
  SIGNATURE_INVALID: "The signature does not verify.",
  SIGNATURE_MALLEABLE: "The signature's S is not below the order of the group.",
  ENCODING_INVALID: "An encoded value is not in its one canonical form.",
  KEY_INVALID: "The public key is outside the accepted set.",
  KEY_TYPE: "The key is not an Ed25519 public key.",
  DID_SYNTAX: "A DID or DID URL is malformed.",
  DID_UNAVAILABLE: "A DID could not be resolved.",
  METHOD_NOT_AUTHORIZED: "The DID document does not allow this key for this purpose.",

  // Who and when (DESIGN 4.5 to 4.8)
  ISSUER_MISMATCH: "No proof was made by the issuer's own key, or another party's proof stands there.",
  ISSUER_UNTRUSTED: "The issuer is not in the trust policy.",
  PRINCIPAL_NOT_AUTHORIZED: "The chain's root may not speak for its principal.",
  DATE_INVALID: "A time is not RFC 3339 with a zone and a real date.",
  VALIDITY_INVALID: "`validUntil` is not after `validFrom`, or is too far from it.",
  NOT_YET_VALID: "The document is not valid yet.",
  EXPIRED: "The document has expired.",
  HOLDER_MISMATCH: "The presentation was not signed by its holder.",
  HOLDER_BINDING: "A credential was not issued to the holder.",
  IDENTITY_MISSING: "An agent in the presentation has no identity credential from a trusted issuer.",
  IDENTITY_KIND: "The identity credential is of another kind than its place requires.",
  CREDENTIAL_UNEXPECTED: "A credential has no place in this presentation.",
  CREDENTIAL_DUPLICATE: "Two credentials have the same id.",
  CHALLENGE_MISMATCH: "The presentation was made for another challenge.",
  DOMAIN_MISMATCH: "The presentation was made for another domain.",

  // Chains and authority (DESIGN 3)
  CHAIN_ISSUER: "A link was not issued by the subject of its parent.",
  CHAIN_PARENT_MISSING: "A link's parent is not there.",
  CHAIN_PARENT_MISMATCH: "A link's parent has another id than the link says.",
  CHAIN_PRINCIPAL: "The principal changes along the chain.",
  CHAIN_HOPS: "The parent does not permit this redelegation.",
  CHAIN_TOO_LONG: "The chain has too many links.",
  CHAIN_SUBJECT_REPEATED: "One DID occurs twice in the chain.",
  CHAIN_VALIDITY: "A link is valid outside its parent's validity.",
  ATTENUATION_VIOLATED: "A grant is wider than the one it stands within.",
  INVOCATION_AUTHORITY: "The invocation names no authority or grant that its holder has here.",
  NOT_ALLOWED: "A grant does not allow the invocation.",

  // Status (DESIGN 4.9)
  STATUS_MISSING: "The credential must have a status and has none.",
  STATUS_UNAVAILABLE: "The status could not be determined.",
  STATUS_LIST_INVALID: "The status list is not acceptable.",
  REVOKED: "The credential has been revoked.",
  SUSPENDED: "The credential is suspended.",

  // Wallet, home, database, command line (DESIGN 5 to 7)
  ARGUMENT_INVALID: "The call is wrong: a programming error, or a bad option.",
  HEADER_CORRUPT: "The key envelope is damaged.",
  KDF_LIMIT: "The key derivation's cost is outside its limits.",
  UNLOCK_FAILED: "The passphrase or key does not open this.",
  FORMAT_TOO_NEW: "This was written by a newer version.",
  RECORD_TAMPERED: "A record does not decrypt: it was changed or moved.",
  RECORD_MISSING: "A record that must be there is not.",
  WALLET_CONFLICT: "Another process changed the wallet at the same time.",
  DATABASE_INVALID: "The file is not a database of this kind.",
  DATABASE_BUSY: "The database stayed locked by another process.",
  DATABASE_SCHEMA: "A table or column that a statement names does not exist.",
  DATABASE_CONSTRAINT: "A row is not one that the database may hold.",
  DATABASE_UNAVAILABLE: "The database could not be read or written: no room, or a fault below it.",
  FILE_UNSAFE: "The file is not a private regular file of this user.",
  FILE_EXISTS: "The file or folder exists already.",
  FILE_UNREADABLE: "The file cannot be read.",
  NOT_FOUND: "There is no such thing here.",
  ALREADY_EXISTS: "There is such a thing already.",
  AUTHORITY_AMBIGUOUS: "Several authorities could be meant.",
  LIFE_TOO_LONG: "A credential without status may live for one hour at most.",
  USAGE: "The command line is wrong.",
  SECRET_MISSING: "No passphrase or key was given.",
} as const;

/** A stable code; its meaning stands in {@link ERROR_CODES}. */
export type ErrorCode = keyof typeof ERROR_CODES;
