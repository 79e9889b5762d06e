import {
  createSchema,
  integerOf,
  label,
  openSchema,
  parseShape,
  randomUuidUrn,
  systemEnvironment,
  textOf,
  WritError,
  type Database,
  type Environment,
  type SqlExecutor,
  type SqlRow,
} from "@writ/core";

import { TOKEN_SCOPES, type TokenScope } from "../http/operation.js";
import { TOKEN_SCHEMA } from "./token-schema.js";
import { drawToken, tokenDigest } from "./token.js";
import type { NewToken, TokenContent, TokenRecord, TokenStore } from "./token-store.js";

/**
 * Makes a store of tokens in a database that has none.
 *
 * @throws WritError `ALREADY_EXISTS`.
 */
export async function createTokenStore(
  database: Database,
  options: Partial<Environment> = {},
): Promise<TokenStore> {
  await createSchema(database, TOKEN_SCHEMA);
  return storeOn(database, options);
}

/**
 * Opens the store of tokens in a database. Any number of processes may share it; what one revokes is
 * revoked for all at once.
 *
 * @throws WritError `NOT_FOUND`, `FORMAT_TOO_NEW`.
 */
export async function openTokenStore(
  database: Database,
  options: Partial<Environment> = {},
): Promise<TokenStore> {
  await openSchema(database, TOKEN_SCHEMA);
  return storeOn(database, options);
}

function storeOn(
  database: Database,
  { clock = systemEnvironment.clock, random = systemEnvironment.random }: Partial<Environment>,
): TokenStore {
  return {
    async create(content) {
      const { token, record } = newToken(content, { clock, random });
      const digest = tokenDigest(token);
      if (digest === undefined) throw new WritError("ARGUMENT_INVALID", "the token is not of its form");
      // A digest or an id that is there already is refused by the table.
      await database.query(
        "INSERT INTO tokens (id, digest, name, scopes, created, expires) VALUES ($1, $2, $3, $4, $5, $6)",
        [record.id, digest, record.name, record.scopes.join(" "), record.created, record.expires ?? null],
      );
      return { token, record };
    },
    async list() {
      return (await database.query("SELECT * FROM tokens ORDER BY created, id")).map(recordOf);
    },
    revoke: (id) => database.transaction((transaction) => revoke(transaction, id, clock())),
    async find(token) {
      const digest = tokenDigest(token);
      if (digest === undefined) return undefined;
      const [row] = await database.query("SELECT * FROM tokens WHERE digest = $1", [digest]);
      if (row === undefined) return undefined;
      const record = recordOf(row);
      return isGood(record, clock()) ? record : undefined;
    },
  };
}

function newToken({ name, scopes, lifeMs }: TokenContent, { clock, random }: Environment): NewToken {
  if (scopes.length === 0 || !scopes.every((scope) => TOKEN_SCOPES.includes(scope))) {
    throw new WritError("ARGUMENT_INVALID", `a token is for some of ${TOKEN_SCOPES.join(", ")}`);
  }
  const created = clock();
  const expires = lifeMs === undefined ? undefined : created + lifeMs;
  if (expires !== undefined && (!Number.isSafeInteger(expires) || expires <= created)) {
    throw new WritError("ARGUMENT_INVALID", "a token lives for some milliseconds");
  }
  return {
    token: drawToken(random),
    record: {
      id: randomUuidUrn(random),
      name: parseShape(label, name, "/name"),
      scopes: TOKEN_SCOPES.filter((scope) => scopes.includes(scope)),
      created,
      ...(expires === undefined ? {} : { expires }),
    },
  };
}

/** A clock that tells no time has a token expired that ever does. */
function isGood({ expires, revoked }: TokenRecord, now: number): boolean {
  return revoked === undefined && (expires === undefined || now < expires);
}

async function revoke(transaction: SqlExecutor, id: string, now: number): Promise<TokenRecord> {
  await transaction.query("UPDATE tokens SET revoked = $2 WHERE id = $1 AND revoked IS NULL", [id, now]);
  const [row] = await transaction.query("SELECT * FROM tokens WHERE id = $1", [id]);
  if (row === undefined) throw new WritError("NOT_FOUND", "there is no token with this id");
  return recordOf(row);
}

function recordOf(row: SqlRow): TokenRecord {
  return {
    id: textOf(row, "id"),
    name: textOf(row, "name"),
    scopes: textOf(row, "scopes").split(" ").map(scopeOf),
    created: integerOf(row, "created"),
    ...(row["expires"] === null ? {} : { expires: integerOf(row, "expires") }),
    ...(row["revoked"] === null ? {} : { revoked: integerOf(row, "revoked") }),
  };
}

function scopeOf(text: string): TokenScope {
  const scope = TOKEN_SCOPES.find((known) => known === text);
  if (scope === undefined) throw new WritError("DATABASE_INVALID", "a token has a scope that is none");
  return scope;
}
