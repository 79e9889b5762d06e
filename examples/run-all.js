// Runs every example as a process of its own; they assert, and end with a status other than 0 if they fail.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = new URL("./", import.meta.url);
const names = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(new URL(`${entry.name}/package.json`, folder)))
  .map((entry) => entry.name)
  .sort();

const failed = names.filter((name) => {
  const main = fileURLToPath(new URL(`${name}/dist/main.js`, folder));
  // An example that has not been built is one that fails: Node finds no file.
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [main], { encoding: "utf8" });
  if (status === 0) {
    console.log(`pass  ${name}`);
    return false;
  }
  console.log(`FAIL  ${name} (${signal ?? `exit ${status}`})`);
  console.log(`${stdout}${stderr}`.trimEnd());
  return true;
});

if (names.length === 0) console.log("FAIL  there is no example here");
process.exitCode = failed.length === 0 && names.length > 0 ? 0 : 1;
