import { WritError, type Clock } from "@writ/core";
import type { Organisation } from "@writ/issuer";
import type { HttpServiceOptions, Operation, Role, ServiceParts } from "@writ/service";
import type { ChallengeStore, Ledger } from "@writ/verifier";
import { Option, type Command } from "commander";

import { command, parseDidOption, several, severalDids, withHome } from "../command.js";
import { withChallenges } from "../environment/challenges-file.js";
import { withLedger } from "../environment/ledger-file.js";
import { openIdempotency, openTokens } from "../environment/service-stores.js";
import { withOrganisation, type HomeOptions } from "../environment/stores.js";
import { writeNotice, type Answer } from "../terminal/output.js";
import { lines, show } from "../terminal/safe-text.js";
import { openSources, type SourceOptions, type VerifySources } from "./verify-sources.js";

const ROLES = ["issuer", "verifier", "status", "resolver"] as const satisfies readonly Role[];

interface Options extends HomeOptions, Omit<SourceOptions, "now"> {
  readonly role: readonly Role[];
  readonly host: string;
  readonly port: number;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly url?: string;
  readonly open?: boolean;
  readonly examples?: boolean;
  readonly domain?: string;
  readonly as?: string;
  readonly ledger?: string;
  readonly challenges?: string;
}

export function serveCommand(): Command {
  const made = command<Options>(
    "serve",
    "Issue, verify, serve status lists and resolve DIDs over HTTP, until it is told to stop",
    "writ serve --home acme --role issuer status --port 8080 --passphrase-file org.pass",
    serve,
  );
  return withHome(made)
    .addOption(new Option("--role <roles...>", "what this process does").choices(ROLES).default(ROLES))
    .option("--host <address>", "where it listens", "127.0.0.1")
    .option("--port <number>", "0 takes one that is free", parsePort, 8080)
    .option("--tls-cert <file>", "PEM certificate with its chain; without one, a proxy has to do TLS")
    .option("--tls-key <file>", "PEM key of the certificate")
    .option("--url <url>", "where clients reach it, such as https://issuer.acme.example/", parseUrl)
    .option("--open", "ask for no tokens; for trials, on loopback alone")
    .option("--examples", "know the context of the specifications' examples too")
    .option("--trust <dids...>", "with the role verifier: whose agents are authorised", severalDids)
    .option(
      "--principal <dids...>",
      "principals in whose name the trusted organisation may grant",
      severalDids,
    )
    .option(
      "--succession <files...>",
      "statements by which a trusted organisation's key was replaced",
      several,
    )
    .option("--domain <text>", "what presentations are made for; the origin of --url unless given")
    .option("--as <did>", "the service's own DID, for grants with an audience", parseDidOption)
    .option("--ledger <file>", "the ledger of the service that --as names; it is made if it is not there")
    .option("--challenges <file>", "where challenges are kept; in memory unless given")
    .option("--status <dir>", "folder of published status lists of others")
    .option("--online", "fetch status lists of others from their addresses, over https")
    .option("--did-web", "resolve DIDs of the method did:web, over https");
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^[0-9]{1,5}$/.test(text) || port > 65_535) throw new WritError("USAGE", `"${text}" is not a port`);
  return port;
}

function parseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.href !== `${url.origin}/`) {
    throw new WritError("USAGE", "--url is an address of https, or of http, without a path");
  }
  return text;
}

/** What is asked for and could not be heeded is refused before anything is opened or made. */
function assertTogether(options: Options): void {
  const { role, trust, tlsCert, tlsKey, ledger, as } = options;
  const forAuthorize = ["trust", "principal", "succession", "domain", "as", "ledger", "challenges"] as const;
  const given = forAuthorize.find((name) => options[name] !== undefined);
  if (given !== undefined && (trust === undefined || !role.includes("verifier"))) {
    throw new WritError("USAGE", `--${given} goes with --trust and the role verifier`);
  }
  if (ledger !== undefined && as === undefined) {
    throw new WritError("USAGE", "--ledger goes with --as", {
      hint: "Grants name their ledger by the DID of the service that keeps it.",
    });
  }
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new WritError("USAGE", "--tls-cert and --tls-key go together");
  }
}

async function serve(options: Options): Promise<Answer> {
  const { role } = options;
  assertTogether(options);
  const { sources } = await openSources(options);
  if (!role.includes("issuer") && !role.includes("status")) {
    return run(options, sources, partsWithout(sources, options), { access: "open" });
  }
  return withOrganisation(options, async (organisation) => {
    const access = options.open === true ? "open" : await openTokens(organisation.database);
    const idempotency = await openIdempotency(organisation.database);
    const probes = { database: () => organisation.database.query("SELECT did FROM organisation") };
    const parts = await partsWith(organisation, sources, options);
    return run(options, sources, parts, { access, idempotency, probes });
  });
}

type Parts = Omit<ServiceParts, "authorization">;

/** What the home gives beside what the operations mean. */
type Shell = Pick<HttpServiceOptions, "access" | "idempotency" | "probes">;

/** A process that only verifies and resolves has no key, and nobody's lists but those it is given. */
function partsWithout({ status, resolver }: VerifySources, { examples }: Options): Parts {
  return { status, resolver, ...contextsOf(examples) };
}

async function partsWith(
  organisation: Organisation,
  { status: others, resolver }: VerifySources,
  { examples }: Options,
): Promise<Parts> {
  const [{ createCurrentLists }, { createOwnListsSource }] = await Promise.all([
    import("@writ/issuer"),
    import("@writ/service"),
  ]);
  const lists = createCurrentLists(organisation);
  const status = createOwnListsSource(organisation, lists, others);
  return { organisation, lists, status, resolver, ...contextsOf(examples) };
}

function contextsOf(examples: boolean | undefined): Pick<Parts, "contexts"> {
  return examples === true ? { contexts: { examples: "allowed" } } : {};
}

/** Serves until the process is told to stop, and then finishes what was begun. */
async function run(
  options: Options,
  { trust, clock }: VerifySources,
  parts: Parts,
  shell: Shell,
): Promise<Answer> {
  const { createOperations } = await import("@writ/service");
  if (options.trust === undefined) return listenUntilStopped(options, createOperations(parts), shell);
  const expectedDomain =
    options.domain ?? (options.url === undefined ? undefined : new URL(options.url).origin);
  if (expectedDomain === undefined) {
    throw new WritError("USAGE", "--trust goes with --domain, or with --url", {
      hint: "Presentations are made for one service: the domain is what the agents are told.",
    });
  }
  return withStores(options, clock, (challenges, ledger) => {
    const { status, resolver } = parts;
    const expectations = {
      ...{ trust, status, clock, expectedDomain, expectedChallenge: { issuedBy: challenges } },
      ...(resolver === undefined ? {} : { resolver }),
    };
    const authorization = { challenges, expectations, facts: { audience: options.as, ledger } };
    return listenUntilStopped(options, createOperations({ ...parts, authorization }), shell);
  });
}

async function withStores<T>(
  { challenges, ledger }: Options,
  clock: Clock,
  use: (challenges: ChallengeStore, ledger: Ledger | undefined) => Promise<T>,
): Promise<T> {
  const { createMemoryChallengeStore } = await import("@writ/verifier");
  const withLedgerOrNone = (store: ChallengeStore): Promise<T> =>
    ledger === undefined ? use(store, undefined) : withLedger(ledger, (kept) => use(store, kept));
  return challenges === undefined
    ? withLedgerOrNone(createMemoryChallengeStore({ clock }))
    : withChallenges(challenges, withLedgerOrNone);
}

async function listenUntilStopped(
  { role, host, port, tlsCert, tlsKey, url, didWeb }: Options,
  operations: readonly Operation[],
  shell: Shell,
): Promise<Answer> {
  const { createHttpService, createRequestLog, listen, operationsOf } = await import("@writ/service");
  const offered = operationsOf(role, operations);
  const givesChallenges = offered.some(({ id }) => id === "createChallenge");
  const resolvesOnline = didWeb === true && offered.some(({ id }) => id === "resolveIdentifier");
  const service = createHttpService(offered, {
    ...shell,
    // Standard output is for the answer.
    log: createRequestLog(process.stderr),
    rates: {
      ...(givesChallenges ? { createChallenge: { burst: 50, perSecond: 10 } } : {}),
      // Each may have this machine ask another, which may take its time.
      ...(resolvesOnline ? { resolveIdentifier: { burst: 20, perSecond: 2 } } : {}),
    },
    ...(url === undefined ? {} : { publicUrl: url }),
  });
  const tls =
    tlsCert === undefined || tlsKey === undefined ? {} : { tls: { certFile: tlsCert, keyFile: tlsKey } };
  const server = await listen(service, { host, port, ...tls });
  writeNotice(lines(show`Listening on ${server.url}`, show`as ${role.join(", ")}; Ctrl-C stops it.`));
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const)
      process.once(signal, () => {
        resolve();
      });
  });
  await server.close();
  return { json: { url: server.url, stopped: true }, text: show`Stopped.` };
}
