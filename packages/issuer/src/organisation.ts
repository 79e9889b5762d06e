import {
  bytesOf,
  createEnvelope,
  createSchema,
  createSeedSigner,
  deriveKey,
  label,
  lengthPrefixed,
  openEnvelope,
  openSchema,
  parseShape,
  randomUuidUrn,
  requiredKeySource,
  seal,
  statusBase as statusBaseShape,
  systemEnvironment,
  textOf,
  unseal,
  utf8,
  WritError,
  type Argon2Cost,
  type Database,
  type Environment,
  type KeySource,
  type OpenEnvelope,
  type RequiredKeySource,
  type SeedSigner,
  type Signer,
  type SqlRow,
} from "@writ/core";

import { recordEvent } from "./events.js";
import { ORGANISATION_SCHEMA } from "./schema.js";

/** An organisation's records, without its key: enough to look things up and to revoke. */
export interface Registry extends Environment {
  readonly database: Database;
  readonly did: string;
  readonly name: string;
  /** The https address below which its status lists are published; ends in `/`. */
  readonly statusBase: string;
  /** Who works with it, for the events; nobody says so unless given. */
  readonly operator?: string;
}

/** How an organisation is opened. */
export interface OpenOptions {
  /** Who works with it, such as a name or an address of 128 characters at most: it stands in each event. */
  readonly operator?: string;
}

/** An organisation that can sign. */
export interface Organisation extends Registry {
  readonly signer: Signer;
  /** Overwrites the organisation's key in memory, as far as JavaScript allows. The database stays open. */
  close(): void;
}

/** What a new organisation is. */
export interface OrganisationOptions extends OpenOptions {
  readonly name: string;
  /** What opens the organisation's key from now on. */
  readonly secret: KeySource;
  /** An https address; without one, {@link defaultStatusBase}. */
  readonly statusBase?: string;
  /** Cost of Argon2id, where the secret is a passphrase. */
  readonly cost?: Argon2Cost;
}

/**
 * Where lists are said to be while nobody publishes them on the web: an address that leads nowhere
 * and is the organisation's alone. Verifiers then get the lists as files.
 */
export function defaultStatusBase(did: string): string {
  return `https://status.writ.example/${did.slice("did:key:".length)}/`;
}

/**
 * Creates an organisation in a database that has none: its key, sealed under the secret, and its
 * empty registry.
 *
 * @throws WritError `ALREADY_EXISTS`, `RESOURCE_INVALID` for the address, `KDF_LIMIT`.
 */
export async function createOrganisation(
  database: Database,
  options: OrganisationOptions,
  environment: Environment = systemEnvironment,
): Promise<Organisation> {
  const { clock, random } = environment;
  parseShape(label, options.name, "/name");
  const acting = actingAs(options);
  const id = randomUuidUrn(random);
  const { header, envelope } = await createEnvelope("organisation", id, options.secret, random, options.cost);
  const seed = random(32);
  const signer = createSeedSigner(seed);
  const statusBase = withSlash(options.statusBase ?? defaultStatusBase(signer.did));
  parseShape(statusBaseShape, statusBase, "/statusBase");
  const sealedSeed = withSeedBox(envelope, signer.did, (key, associatedData) =>
    seal(key, seed, associatedData, random),
  );
  seed.fill(0);
  const { did } = signer;
  const registry = { database, clock, random, did, name: options.name, statusBase, ...acting };
  await createSchema(database, ORGANISATION_SCHEMA, async (transaction) => {
    await transaction.query(
      `INSERT INTO organisation (did, name, status_base, key_header, sealed_seed, created)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [did, options.name, statusBase, header, sealedSeed, clock()],
    );
    await recordEvent(transaction, registry, { action: "organisation.created", details: { did } });
  });
  return organisationOf(registry, signer);
}

/**
 * Opens an organisation's records without its key.
 *
 * @throws WritError `NOT_FOUND` where there is none, `FORMAT_TOO_NEW`; those of the schema for an operator.
 */
export async function openRegistry(
  database: Database,
  environment: Environment = systemEnvironment,
  options: OpenOptions = {},
): Promise<Registry> {
  return registryOf(database, environment, await organisationRow(database), options);
}

/**
 * What an organisation's key opens with, as its database says.
 *
 * @throws WritError as {@link openRegistry}, and `HEADER_CORRUPT`.
 */
export async function organisationKeySource(database: Database): Promise<RequiredKeySource> {
  return requiredKeySource("organisation", textOf(await organisationRow(database), "key_header"));
}

/**
 * Opens an organisation with its key.
 *
 * @throws WritError as {@link openRegistry}, and `UNLOCK_FAILED`, `HEADER_CORRUPT`,
 *   `RECORD_TAMPERED`.
 */
export async function openOrganisation(
  database: Database,
  secret: KeySource,
  environment: Environment = systemEnvironment,
  options: OpenOptions = {},
): Promise<Organisation> {
  const row = await organisationRow(database);
  const registry = registryOf(database, environment, row, options);
  const envelope = await openEnvelope("organisation", textOf(row, "key_header"), secret);
  const seed = withSeedBox(envelope, registry.did, (key, associatedData) =>
    unseal(key, bytesOf(row, "sealed_seed"), associatedData),
  );
  if (seed === undefined) throw new WritError("RECORD_TAMPERED", "the organisation's key was changed");
  const signer = createSeedSigner(seed);
  seed.fill(0);
  if (signer.did !== registry.did) {
    throw new WritError("RECORD_TAMPERED", "the key belongs to another organisation");
  }
  return organisationOf(registry, signer);
}

function organisationOf(registry: Registry, signer: SeedSigner): Organisation {
  return {
    ...registry,
    signer,
    close() {
      signer.close();
    },
  };
}

async function organisationRow(database: Database): Promise<SqlRow> {
  await openSchema(database, ORGANISATION_SCHEMA);
  const [row] = await database.query(
    "SELECT did, name, status_base, key_header, sealed_seed FROM organisation",
  );
  if (row === undefined) throw new WritError("NOT_FOUND", "there is no organisation here");
  return row;
}

function actingAs({ operator }: OpenOptions): OpenOptions {
  return operator === undefined ? {} : { operator: parseShape(label, operator, "/operator") };
}

function registryOf(
  database: Database,
  environment: Environment,
  row: SqlRow,
  options: OpenOptions,
): Registry {
  return {
    ...actingAs(options),
    database,
    clock: environment.clock,
    random: environment.random,
    did: textOf(row, "did"),
    name: textOf(row, "name"),
    statusBase: textOf(row, "status_base"),
  };
}

/** Lends the key of the box that holds the organisation's seed, and overwrites it after use. */
function withSeedBox<T>(
  { id, rootKey }: OpenEnvelope,
  did: string,
  use: (key: Uint8Array, associatedData: Uint8Array) => T,
): T {
  const key = deriveKey(rootKey, id, "organisation-seed");
  rootKey.fill(0);
  try {
    return use(key, lengthPrefixed(utf8("writ/organisation-seed"), utf8(id), utf8(did)));
  } finally {
    key.fill(0);
  }
}

function withSlash(address: string): string {
  return address.endsWith("/") ? address : `${address}/`;
}
