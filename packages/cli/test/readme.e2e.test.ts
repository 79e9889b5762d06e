import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { grants, parseShape, parseStrictJson } from "@writ/core";
import { describe, expect, it } from "vitest";

import { createWorkplace, ROOT, run } from "./writ.js";

const read = (name: string): string => readFileSync(join(ROOT, name), "utf8");

/** The fenced blocks of a language in a document. */
function blocks(document: string, language: string): readonly string[] {
  return [...read(document).matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, "gm"))].map(
    ([, block = ""]) => block,
  );
}

describe("the documentation is true", () => {
  const { environment } = createWorkplace();
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  const documents = [
    "docs/DESIGN.md",
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "ARCHITECTURE.md",
    "docs/grants.md",
    "docs/authority.md",
    "docs/limits.md",
    "docs/verifying.md",
    "docs/service.md",
    "docs/requests.md",
    "docs/wallet.md",
    "docs/conformance.md",
    "docs/backup.md",
    "docs/key-sources.md",
    "docs/looking-after.md",
    "docs/operating.md",
    "docs/command-line.md",
  ];
  const commands = documents.flatMap((document) => blocks(document, "sh"));
  const isScripts = (block: string): boolean => block.startsWith("npx -y pnpm@");

  it.each(commands.filter(isScripts).flatMap((block) => block.trim().split("\n")))("%s", (line) => {
    const [, script = ""] = /^npx -y pnpm@10\.34\.9 (\S+)$/.exec(line) ?? [];
    expect(Object.keys(scripts)).toContain(script);
  });

  it.each([
    { document: "README.md", told: [/decision: .*allow/, /REVOKED/], noticed: [/^$/] },
    {
      document: "docs/limits.md",
      told: [
        /already_decided/,
        /APPROVAL_REQUIRED/,
        /LEDGER_EXCEEDED/,
        /"id": "draft"/,
        /EUR 20000/,
        /within .*refunds.* may lie/,
      ],
      noticed: [
        /Made a new ledger/,
        /must be approved before/,
        /ATTENUATION_VIOLATED: .*actions:/,
        /and.* ATTENUATION_VIOLATED: rate/,
      ],
    },
    {
      document: "docs/backup.md",
      told: [
        /Wrote .*bot\.age.*, with 2 records of did:key:/,
        /Restored .*bot\.wallet/,
        /1 credential, 1 key/,
      ],
      noticed: [/FILE_EXISTS/, /BACKUP_INVALID/],
    },
    {
      document: "docs/service.md",
      told: [
        /"status":"ready"/,
        /"verified":true/,
        /"code":"REVOKED"/,
        /"outcome":"allow"/,
        /"code":"CHALLENGE_USED"/,
        /"didDocument"/,
      ],
      noticed: [/^$/],
    },
    {
      document: "docs/key-sources.md",
      told: [/Enrolled refund-bot/, /AgentIdentityCredential/],
      noticed: [
        /UNLOCK_FAILED: the wallet opens with a key from a file, not with a passphrase/,
        /UNLOCK_FAILED: .*, not with a key in the operating system's keyring/,
        /SECRET_MISSING: the wallet opens with a key from a file\n.*--wallet-key-file FILE/,
      ],
    },
    {
      document: "docs/looking-after.md",
      told: [
        /same root key/,
        /a new root key/,
        /whole .*bot\.wallet/,
        /damaged .*damaged\.wallet/,
        /Saved what/,
      ],
      noticed: [/^$/],
    },
    {
      document: "docs/operating.md",
      told: [
        /order-bot +active +orders/,
        /order-bot +urn:uuid:\S+ +DelegatedAuthorityCredential/,
        /renewed {2}order-bot/,
        /Superseded urn:uuid:/,
        /Suspended order-bot/,
        /Rotated the key of order-bot/,
        /before +did:key:/,
        /Would be revoked: all that order-bot has, 4 credentials/,
        /Retired order-bot/,
        /bob +agent\.suspended .*orders at night/,
        /alice +agent\.retired/,
      ],
      noticed: [/AGENT_INACTIVE: the agent is suspended/],
    },
    {
      document: "docs/command-line.md",
      told: [
        /home +\S+\/acme +the file/,
        /operator +grace +the option --operator/,
        /key +a passphrase: \S+\/org\.pass +the file/,
        / {2}└─ to order-bot \(did:key:\w+\)\n/,
        / {5}└─ to eu-bot \(did:key:\w+\)\n/,
        /until \S+ \(in 7 hours\), to be handed on 1 deep/,
        /complete -o default -F _writ writ/,
      ],
      noticed: [/CONFIGURATION_INVALID: \S+\/settings\/writ\/config\.json: \/hom: unknown member/],
    },
    {
      document: "docs/requests.md",
      told: [
        /the answer is for .*https:\/\/shop\.example/,
        /shows DelegatedAuthorityCredential/,
        /with more than is asked for: .*\/credentialSubject\/principal/,
        /shows AgentIdentityCredential urn:uuid:\S+ as evidence/,
        /verified/,
        /not needed, and not shown: \/query\/0\/credentialQuery\/1/,
      ],
      noticed: [/DOMAIN_MISMATCH/, /CREDENTIAL_MISSING/],
    },
  ])(
    "the commands of $document run, as they stand",
    async ({ document, told, noticed }) => {
      const tours = blocks(document, "sh").filter((block) => !isScripts(block));
      expect(tours).toHaveLength(1);
      for (const tour of tours) {
        const shell = ["-O", "expand_aliases", "-ec", tour];
        const { code, stdout, stderr } = await run("bash", shell, ROOT, environment);
        expect({ code, stderr }).toMatchObject({ code: 0 });
        for (const text of told) expect(stdout).toMatch(text);
        for (const text of noticed) expect(stderr).toMatch(text);
      }
    },
    120_000,
  );

  it.each([
    ["README.md", "quick-start"],
    ["docs/verifying.md", "service"],
  ])("the program of %s is the file that it names", (document, example) => {
    expect(blocks(document, "ts")).toEqual([read(`examples/${example}/src/main.ts`)]);
  });

  it.each([
    ["docs/wallet.md", "wallet"],
    ["docs/backup.md", "wallet-backup"],
    ["docs/looking-after.md", "wallet-care"],
  ])("the pieces of %s, one after the other, are the file that it names", (document, example) => {
    expect(blocks(document, "ts").join("\n")).toBe(read(`examples/${example}/src/main.ts`));
  });

  it.each([
    ["docs/wallet.md", ["importKey", "destroyKey", "listCredentials", "eachCredential", "findCredentials"]],
    ["docs/backup.md", ["backupWallet", "restoreWallet"]],
    ["docs/looking-after.md", ["rekeyWallet", "surveyWallet", "saveWallet"]],
  ])("%s shows how programs use what it is about", (document, names) => {
    const code = blocks(document, "ts").join("\n");
    expect(names.filter((name) => !code.includes(`wallets.${name}(`))).toEqual([]);
  });

  it.each(["docs/grants.md", "docs/authority.md"])("the grants of %s are grants", (document) => {
    const examples = blocks(document, "json");
    expect(examples).not.toHaveLength(0);
    for (const example of examples) expect(parseShape(grants, parseStrictJson(example))).toHaveLength(1);
  });

  it.each(documents)("the links of %s lead somewhere", (document) => {
    const links = [...read(document).matchAll(/\]\(([^)#]+)\)/g)].map(([, link = ""]) => link);
    expect(
      links.filter((link) => !link.startsWith("http") && !existsSync(join(ROOT, document, "..", link))),
    ).toEqual([]);
  });
});
