import {
  bytesOf,
  createSeedSigner,
  createSuccessionStatement,
  openEnvelope,
  parseDocument,
  parseStrictJsonObject,
  successionStatement,
  systemEnvironment,
  textOf,
  integerOf,
  type Database,
  type Environment,
  type KeySource,
  type SuccessionStatement,
} from "@writ/core";

import { recordEvent } from "./events.js";
import {
  keyRotated,
  organisationOf,
  organisationRow,
  registryOf,
  signerIn,
  type OpenOptions,
  type Organisation,
  type Registry,
} from "./organisation.js";
import { withSeedBox } from "./seed-box.js";

/** The organisation with its new key, and what tells verifiers. */
export interface RotatedOrganisation {
  readonly organisation: Organisation;
  /** Signed by both keys; for each verifier that trusts the old one (DESIGN 4.8). */
  readonly statement: SuccessionStatement;
}

/** A key that the organisation had. */
export interface FormerKey {
  readonly did: string;
  /** Milliseconds since 1970. */
  readonly until: number;
  /** By which the next key followed it. */
  readonly statement: SuccessionStatement;
}

/**
 * Gives the organisation another key. From then on the old one signs the status lists that it began, and nothing else;
 * verifiers that know the statement refuse what it issued, so that is to be issued anew ({@link renewCredential}).
 * Whoever has the organisation open gets `KEY_ROTATED` and opens it again.
 *
 * @param secret what opens the organisation; it stays the same
 * @throws WritError as {@link openOrganisation}; `KEY_ROTATED` where somebody else was faster.
 */
export async function rotateOrganisation(
  database: Database,
  secret: KeySource,
  environment: Environment = systemEnvironment,
  { reason, ...options }: OpenOptions & { readonly reason?: string } = {},
): Promise<RotatedOrganisation> {
  const { clock, random } = environment;
  const row = await organisationRow(database);
  const former = await database.query("SELECT did, sealed_seed FROM former_keys");
  const envelope = await openEnvelope("organisation", textOf(row, "key_header"), secret);
  return withSeedBox(envelope, async (box) => {
    const before = signerIn(box, row);
    const seed = random(32);
    const signer = createSeedSigner(seed);
    const { did } = signer;
    const sealedSeed = box.seal(did, seed, random);
    seed.fill(0);
    const statement = await createSuccessionStatement(
      { predecessor: before, successor: signer },
      environment,
    );
    const registry: Registry = { ...registryOf(database, environment, row, options), did };
    await database.transaction(async (transaction) => {
      const changed = await transaction.query(
        "UPDATE organisation SET did = $1, sealed_seed = $2 WHERE did = $3 RETURNING did",
        [did, sealedSeed, before.did],
      );
      if (changed.length === 0) throw keyRotated();
      await transaction.query(
        "INSERT INTO former_keys (did, sealed_seed, until, statement) VALUES ($1, $2, $3, $4)",
        [before.did, bytesOf(row, "sealed_seed"), clock(), JSON.stringify(statement)],
      );
      await transaction.query("UPDATE agents SET owner = $1 WHERE owner = $2", [did, before.did]);
      await recordEvent(transaction, registry, {
        action: "organisation.rotated",
        reason,
        details: { from: before.did, to: did },
      });
    });
    const formerSigners = new Map(former.map((each) => [textOf(each, "did"), signerIn(box, each)]));
    formerSigners.set(before.did, before);
    return { organisation: organisationOf(registry, signer, formerSigners), statement };
  });
}

/** The keys that the organisation had, the first one first. */
export async function listFormerKeys({ database }: Registry): Promise<readonly FormerKey[]> {
  const rows = await database.query("SELECT did, until, statement FROM former_keys ORDER BY until, did");
  return rows.map((row) => ({
    did: textOf(row, "did"),
    until: integerOf(row, "until"),
    statement: parseDocument(parseStrictJsonObject(textOf(row, "statement")), successionStatement),
  }));
}
