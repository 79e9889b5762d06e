// Makes an envelope under the keyring of the system, opens it, and has its key deleted; says on standard
// output what came of each step.
import { setTimeout } from "node:timers/promises";

import { createEnvelope, discardKey, KEYRING_SERVICE, openEnvelope, systemRandom } from "@writ/core";
import { createOsKeyring } from "@writ/keyring";

const [store, pause] = process.argv.slice(2);
const keyring = createOsKeyring(store === undefined ? {} : { linuxStore: store });
const source = { type: "keyring", keyring, timeoutMs: 20_000 };
const id = "urn:uuid:00000000-0000-4000-8000-000000000001";
const { signal } = new AbortController();

const said = async (work) => {
  try {
    return await work();
  } catch ({ code }) {
    return code;
  }
};
const same = (one, other) => Buffer.compare(one.rootKey, other.rootKey) === 0;

const steps = {};
try {
  const { header, envelope } = await createEnvelope("wallet", id, source, systemRandom);
  const account = `wallet ${id} ${JSON.parse(header).source.entry}`;
  steps.kept = (await keyring.get(KEYRING_SERVICE, account, signal)).length;
  steps.opened = same(await openEnvelope("wallet", header, source), envelope);
  if (pause !== undefined) {
    // Whoever started this locks the keyring meanwhile.
    console.log("made");
    await setTimeout(60_000, undefined, { signal: stdinEnd() }).catch(() => undefined);
    steps.locked = await said(() => openEnvelope("wallet", header, source));
  } else {
    await keyring.set(KEYRING_SERVICE, account, new Uint8Array(32), signal);
    steps.replaced = await said(() => openEnvelope("wallet", header, source));
    steps.discarded = [
      await discardKey("wallet", header, source),
      await discardKey("wallet", header, source),
    ];
    steps.absent = await said(() => openEnvelope("wallet", header, source));
  }
} catch ({ code }) {
  steps.error = code;
}
console.log(JSON.stringify(steps));
process.exit(0);

function stdinEnd() {
  const controller = new AbortController();
  process.stdin.on("end", () => controller.abort()).resume();
  return controller.signal;
}
