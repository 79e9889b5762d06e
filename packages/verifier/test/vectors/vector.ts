import type { GenericContexts, Spend } from "@writ/core";

import type { TrustedRoot } from "../../src/index.js";

/** What a vector is verified with beside the world, or instead of what the world has. */
export interface Circumstances {
  readonly now?: string;
  /** Who is trusted as issuer and as root, instead of those of the world. */
  readonly trust?: readonly (string | TrustedRoot)[];
  /** Lists by address, before those of the world: a document, or the text that lies there; `null` is none. */
  readonly statusLists?: Readonly<Record<string, object | string | null>>;
  /** DID documents, by DID; no other DID than a did:key can be resolved. */
  readonly didDocuments?: Readonly<Record<string, object>>;
  /** The bytes of related resources in base64, by id. */
  readonly resources?: Readonly<Record<string, string>>;
  /** What the caller allows of the contexts of documents of others. */
  readonly contexts?: GenericContexts;
  /** What the service says where it decides. */
  readonly service?: {
    readonly audience?: string;
    readonly spend?: Spend;
    readonly context?: Readonly<Record<string, string | number | boolean>>;
    /** The ledger of the service; nothing has been charged to it. */
    readonly ledger?: "empty";
  };
}

/** What is verified, and as what. */
export interface Given {
  /** A presentation of Writ's own, unless it says otherwise. */
  readonly verify?: "credential" | "generic-credential" | "generic-presentation" | "succession";
  /** The document's text, or its bytes where they are no text. */
  readonly input?: string;
  readonly inputBase64?: string;
  readonly with?: Circumstances;
}

/** The first problem of a refusal, or of a decision that is no allow. */
export type Expectation =
  | { readonly verified: false; readonly code: string; readonly pointer: string }
  | {
      readonly verified: true;
      readonly decision: string;
      readonly code?: string;
      readonly pointer?: string;
      /** Those that deny, the root of the chain first. */
      readonly dimensions?: readonly string[];
    };

/** A document, and the answer that it must get. */
export interface Vector extends Given {
  readonly name: string;
  readonly what: string;
  readonly expect: Expectation;
}

type Making = Given | Promise<Given>;

/**
 * A vector of a row of HOSTILE.md, by the number with which its name begins.
 *
 * @param answer code and pointer, with a space between them
 */
export async function refused(name: string, what: string, making: Making, answer: string): Promise<Vector> {
  return hostile(name, what, await making, { verified: false, ...splitAnswer(answer) });
}

/** A vector that verifies, and whose invocation is denied or awaits approvals. */
export async function denied(
  name: string,
  what: string,
  making: Making,
  answer: string,
  dimensions: readonly string[],
  decision = "deny",
): Promise<Vector> {
  return hostile(name, what, await making, {
    verified: true,
    decision,
    ...splitAnswer(answer),
    dimensions,
  });
}

/** The row that a vector is about. */
export function rowOf(name: string): number {
  return Number(/^\d{3}(?=-)/.exec(name)?.[0]);
}

function hostile(name: string, what: string, given: Given, expect: Expectation): Vector {
  return { name, what: `HOSTILE ${String(rowOf(name))}: ${what}`, ...given, expect };
}

function splitAnswer(answer: string): { readonly code: string; readonly pointer: string } {
  const [code = "", pointer = ""] = answer.split(" ");
  return { code, pointer };
}

/** The same under other circumstances. */
export async function under(circumstances: Circumstances, making: Making): Promise<Given> {
  const given = await making;
  return { ...given, with: { ...given.with, ...circumstances } };
}
