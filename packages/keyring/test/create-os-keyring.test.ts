import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { withoutPackage } from "@writ/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** Uses the built package in a process of its own, whose environment says which keyring there is. */
const CHILD = fileURLToPath(new URL("children/use-keyring.js", import.meta.url));

const isThere = (program: string, argument: string): boolean =>
  spawnSync(program, [argument], { stdio: "ignore" }).error === undefined;
const onLinux = process.platform === "linux";
const hasSecretService =
  onLinux && isThere("dbus-run-session", "--version") && isThere("gnome-keyring-daemon", "--version");
const hasKernelKeyring =
  onLinux && spawnSync("keyctl", ["session", "-", "true"], { stdio: "ignore" }).status === 0;

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "writ-keyring-"));
});
afterAll(() => {
  rmSync(home, { recursive: true });
});

/** Runs a program without the keyring of whoever runs the tests, and returns its last line. */
async function lastLine(program: string, ...args: readonly string[]): Promise<unknown> {
  const env = { PATH: process.env["PATH"] ?? "", HOME: home, XDG_RUNTIME_DIR: home };
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "ignore"] });
  let text = "";
  for await (const chunk of child.stdout.setEncoding("utf8") as AsyncIterable<string>) text += chunk;
  return JSON.parse(text.trim().split("\n").at(-1) ?? "");
}

/** In a session of its own: a bus, and a Secret Service with an unlocked keyring. */
const inSession = (script: string): Promise<unknown> => {
  const unlock = "printf pass | gnome-keyring-daemon --unlock --components=secrets >/dev/null";
  return lastLine("dbus-run-session", "--", "sh", "-ec", `${unlock}; ${script}`);
};
const NODE = `'${process.execPath}' '${CHILD}'`;

const ALL_STEPS = {
  kept: 32,
  opened: true,
  replaced: "UNLOCK_FAILED",
  discarded: [true, false],
  absent: "UNLOCK_FAILED",
};

describe("the keyring of the operating system (row 187)", () => {
  it.runIf(onLinux)(
    "is unavailable where there is no session, and the kernel's does not take its place",
    async () => {
      expect(await lastLine(process.execPath, CHILD)).toEqual({ error: "KEY_SOURCE_UNAVAILABLE" });
    },
  );

  it("is unavailable where its binary is missing", async () => {
    const hook = withoutPackage("@napi-rs/keyring");
    expect(await lastLine(process.execPath, hook, CHILD)).toEqual({ error: "KEY_SOURCE_UNAVAILABLE" });
  });
});

describe.runIf(hasSecretService)(
  "the Secret Service (skipped without dbus-run-session and gnome-keyring-daemon)",
  () => {
    it("keeps a key, gives it back and deletes it", async () => {
      expect(await inSession(NODE)).toEqual(ALL_STEPS);
    });

    it("is unavailable while it is locked and nobody unlocks it (row 187)", async () => {
      const lock =
        "dbus-send --session --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets org.freedesktop.Secret.Service.Lock array:objpath:/org/freedesktop/secrets/collection/login >/dev/null";
      const script = `mkfifo made-$$ go-$$; ${NODE} secret-service pause <go-$$ >made-$$ & exec 3>go-$$ 4<made-$$; read line <&4; ${lock}; exec 3>&-; cat <&4; wait`;
      expect(await inSession(`cd '${home}'; ${script}`)).toEqual({
        kept: 32,
        opened: true,
        locked: "KEY_SOURCE_UNAVAILABLE",
      });
    });
  },
);

describe.runIf(hasKernelKeyring)("the kernel's keyring (skipped without keyctl)", () => {
  it("keeps a key where it is named, gives it back and deletes it", async () => {
    const args = ["session", "-", process.execPath, CHILD, "keyutils"];
    expect(await lastLine("keyctl", ...args)).toEqual(ALL_STEPS);
  });
});
