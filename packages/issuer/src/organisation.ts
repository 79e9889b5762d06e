import {
  bytesOf,
  createEnvelope,
  createSchema,
  createSeedSigner,
  label,
  openEnvelope,
  openSchema,
  parseShape,
  randomUuidUrn,
  requiredKeySource,
  statusBase as statusBaseShape,
  systemEnvironment,
  textOf,
  WritError,
  type Argon2Cost,
  type Database,
  type Environment,
  type KeySource,
  type RequiredKeySource,
  type SeedSigner,
  type Signer,
  type SqlExecutor,
  type SqlRow,
} from "@writ/core";

import { recordEvent } from "./events.js";
import { ORGANISATION_SCHEMA } from "./schema.js";
import { withSeedBox, type SeedBox } from "./seed-box.js";

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
  /** Keys that it had, by their DIDs: they sign the status lists that they began (DESIGN 4.8). */
  readonly formerSigners: ReadonlyMap<string, Signer>;
  /** Overwrites the organisation's keys in memory, as far as JavaScript allows. The database stays open. */
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
  const sealedSeed = await withSeedBox(envelope, (box) => box.seal(signer.did, seed, random));
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
  return organisationOf(registry, signer, new Map());
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
  const formerRows = await database.query("SELECT did, sealed_seed FROM former_keys");
  return withSeedBox(envelope, (box) => {
    const signer = signerIn(box, row);
    const former = new Map(formerRows.map((each) => [textOf(each, "did"), signerIn(box, each)]));
    return organisationOf(registry, signer, former);
  });
}

/** The organisation with its keys. */
export function organisationOf(
  registry: Registry,
  signer: SeedSigner,
  formerSigners: ReadonlyMap<string, SeedSigner>,
): Organisation {
  return {
    ...registry,
    signer,
    formerSigners,
    close() {
      for (const each of [signer, ...formerSigners.values()]) each.close();
    },
  };
}

/**
 * The key of a row that has a DID and a sealed seed.
 *
 * @throws WritError `RECORD_TAMPERED`.
 */
export function signerIn(box: SeedBox, row: SqlRow): SeedSigner {
  const seed = box.open(textOf(row, "did"), bytesOf(row, "sealed_seed"));
  if (seed === undefined) throw new WritError("RECORD_TAMPERED", "the organisation's key was changed");
  const signer = createSeedSigner(seed);
  seed.fill(0);
  if (signer.did === textOf(row, "did")) return signer;
  throw new WritError("RECORD_TAMPERED", "the key belongs to another organisation");
}

/**
 * Whoever opened the organisation before its key was rotated must not sign with the old one any more.
 *
 * @throws WritError `KEY_ROTATED`.
 */
export async function assertCurrentKey(transaction: SqlExecutor, { did }: Registry): Promise<void> {
  const rows = await transaction.query("SELECT did FROM organisation WHERE did = $1", [did]);
  if (rows.length === 0) throw keyRotated();
}

/** Says that the organisation has another key by now. */
export function keyRotated(): WritError {
  return new WritError("KEY_ROTATED", "the organisation has got another key since it was opened", {
    hint: "Open it again; a server is started again.",
  });
}

/** The one row of the organisation. */
export async function organisationRow(database: Database): Promise<SqlRow> {
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

/** The records, without a key. */
export function registryOf(
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

function withSlash(address: string): string {
  return address.endsWith("/") ? address : `${address}/`;
}
