/** The rows of sections A to I of HOSTILE.md, and of M what concerns HTTP, from the first to the last of each run. */
const RUNS: readonly (readonly [first: number, last: number])[] = [
  [1, 18], // A. Bytes and JSON
  [19, 40], // B. JSON-LD
  [41, 64], // C. Proof
  [65, 83], // D. Keys and encodings
  [84, 94], // E. Time
  [95, 107], // F. Presentation and holder
  [108, 125], // G. Status list
  [126, 134], // H. Network
  [135, 163], // I. Delegation
  [198, 205], // M. HTTP
  [216, 232],
];

export const ROWS: readonly number[] = RUNS.flatMap(([first, last]) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index),
);

/** A row that no document alone can show. */
export interface OtherRow {
  readonly why: string;
  /** Where it is shown: a file of this repository that names the row. */
  readonly file: string;
}

const HTTP = "packages/service/test/http";
const VERIFIER = "packages/verifier/test";
const CORE = "packages/core/test";

const IN_THE_CALLER = "the fault is in what a caller in the same process hands over";
const LATER = "it shows when something is asked a second time";
const ON_THE_NETWORK = "it shows on the way to a server, not in what is read";
const IN_A_REQUEST = "the fault is in a request, not in a document";
const AT_ONCE = "it shows when many ask at once";

export const OTHER_ROWS: Readonly<Record<number, OtherRow>> = {
  27: {
    why: "the fault is in a file of this package, read at start-up",
    file: `${CORE}/documents/documents.test.ts`,
  },
  63: { why: IN_THE_CALLER, file: `${CORE}/proofs/verify-proofs.test.ts` },
  64: { why: IN_THE_CALLER, file: `${CORE}/proofs/verify-proofs.test.ts` },
  93: { why: LATER, file: `${VERIFIER}/ledger-windows.test.ts` },
  94: { why: "it is a matter of grants and times alone", file: "test-vectors/authority/windows.json" },
  100: { why: AT_ONCE, file: `${VERIFIER}/single-use.test.ts` },
  119: { why: LATER, file: `${VERIFIER}/status-cache.test.ts` },
  127: { why: ON_THE_NETWORK, file: `${VERIFIER}/network/fetch-address.test.ts` },
  128: { why: ON_THE_NETWORK, file: `${VERIFIER}/network/fetch-address.test.ts` },
  129: { why: ON_THE_NETWORK, file: `${VERIFIER}/network/safe-fetch.test.ts` },
  132: { why: ON_THE_NETWORK, file: `${VERIFIER}/network/safe-fetch.test.ts` },
  133: { why: ON_THE_NETWORK, file: `${CORE}/did/did-web.test.ts` },
  134: { why: ON_THE_NETWORK, file: `${VERIFIER}/network/safe-fetch.test.ts` },
  154: { why: LATER, file: `${VERIFIER}/decide-ledger.test.ts` },
  155: { why: AT_ONCE, file: `${VERIFIER}/ledger.processes.test.ts` },
  159: { why: LATER, file: `${VERIFIER}/decide-again.test.ts` },
  198: { why: IN_A_REQUEST, file: `${HTTP}/check-access.test.ts` },
  199: { why: IN_A_REQUEST, file: `${HTTP}/read-body.test.ts` },
  200: { why: IN_A_REQUEST, file: `${HTTP}/smuggling.test.ts` },
  201: { why: IN_A_REQUEST, file: `${HTTP}/connections.test.ts` },
  202: { why: LATER, file: `${HTTP}/idempotency.test.ts` },
  203: { why: IN_A_REQUEST, file: `${HTTP}/check-host.test.ts` },
  204: { why: IN_A_REQUEST, file: `${HTTP}/problem-answer.test.ts` },
  205: { why: IN_A_REQUEST, file: `${HTTP}/request-log.test.ts` },
  221: { why: LATER, file: `${VERIFIER}/decide-ledger.test.ts` },
  222: { why: LATER, file: `${VERIFIER}/decide-ledger.test.ts` },
  232: {
    why: "an enrolment request is read by an organisation",
    file: "packages/issuer/test/enrolment-refusals.test.ts",
  },
};

/** Whether a text names a row, as tests and vectors do: `row 7`, `rows 6, 7`, `HOSTILE 6, 7`. */
export function namesRow(text: string, row: number): boolean {
  return new RegExp(`(?:\\brows?|HOSTILE) (?:\\d+, )*${String(row)}\\b`).test(text);
}
