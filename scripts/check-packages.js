// What somebody who installs a package gets: that its manifest and types are right, that its documentation
// can be made without a warning, and that nothing in the repository is left over.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** Packages that are published, by folder. */
const published = readdirSync("packages").filter((name) => {
  const { private: isPrivate } = JSON.parse(readFileSync(`packages/${name}/package.json`, "utf8"));
  return isPrivate !== true;
});

const checks = [
  ...published.flatMap((name) => [
    { tool: "publint", args: ["run", ".", "--strict", "--pack", "npm"], cwd: `packages/${name}` },
    { tool: "attw", args: ["--pack", ".", "--profile", "esm-only", "--quiet"], cwd: `packages/${name}` },
  ]),
  { tool: "knip", args: [], cwd: "." },
  // Against this very commit: whether the notes can be read and name packages that there are. Work that is
  // not committed yet would be asked for a note of its own.
  ...(isCommitted() ? [{ tool: "changeset", args: ["status", "--since=HEAD"], cwd: "." }] : []),
  { tool: "typedoc", args: ["--emit", "none"], cwd: "." },
];

const root = process.cwd();
let failed = 0;
for (const { tool, args, cwd } of checks) {
  const run = spawnSync(`${root}/node_modules/.bin/${tool}`, args, { cwd, encoding: "utf8" });
  const name = `${tool} ${cwd}`;
  if (run.status === 0) {
    console.log(`ok      ${name}`);
  } else {
    failed++;
    console.log(`FAILED  ${name}\n${run.stdout}${run.stderr}`);
  }
}
process.exitCode = failed === 0 ? 0 : 1;

function isCommitted() {
  const { status, stdout } = spawnSync("git", ["status", "--porcelain"], { encoding: "utf8" });
  return status === 0 && stdout === "";
}
