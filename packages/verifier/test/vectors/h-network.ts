import { rewritten, type Documents } from "./documents.js";
import { entriesOf, REVOCATION } from "./status-lists.js";
import { refused, under, type Given, type Vector } from "./vector.js";

const ADDRESS = `RESOURCE_INVALID ${REVOCATION}/statusListCredential`;

/** Section H of HOSTILE.md: addresses in documents. */
export async function network({ identity, story }: Documents): Promise<readonly Vector[]> {
  const [revocation] = entriesOf(story);
  const addressed = (address: string): Promise<Given> =>
    identity({ [`${REVOCATION}/statusListCredential`]: address });

  return Promise.all([
    refused(
      "126-signature-first",
      "a credential that was altered, whose list is not to be had",
      under(
        { statusLists: { [revocation.statusListCredential]: null } },
        rewritten(identity(), "refund-bot", "refund-boss"),
      ),
      "SIGNATURE_INVALID /proof",
    ),
    ...(
      [
        [
          "127-metadata",
          "an address inside a cloud, where nothing is",
          "https://169.254.169.254/list",
          `STATUS_UNAVAILABLE ${REVOCATION}`,
        ],
        ["127-mapped", "an IPv6 address", "https://[::ffff:a9fe:a9fe]/list", ADDRESS],
        ["127-full-width", "full-width digits", "https://１２７.0.0.1/list", ADDRESS],
        ["130-user", "a user in the address", "https://issuer.example@evil.example/list", ADDRESS],
        ["131-http", "http:", "http://issuer.example/list", ADDRESS],
        ["131-file", "file:", "file:///etc/passwd", ADDRESS],
        ["131-data", "data:", "data:application/json,{}", ADDRESS],
        ["131-gopher", "gopher:", "gopher://issuer.example/list", ADDRESS],
      ] as const
    ).map(([name, what, address, answer]) => refused(name, what, addressed(address), answer)),
  ]);
}
