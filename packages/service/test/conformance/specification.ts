import type { Service } from "./service.js";

/** Something that was done to a service of ours, and what came of it: rejects where that was not as it must be. */
export interface Case {
  readonly name: string;
  /** What must be there beside the project. */
  readonly needs?: "published vectors";
  readonly run: (service: Service) => Promise<void>;
}

/** A sentence of a specification that a program can test, and what shows that it holds. */
export interface Requirement {
  /** Number of the section in the published text. */
  readonly section: string;
  /** What must be, in short. */
  readonly must: string;
  readonly cases: readonly Case[];
}

/** A sentence that is not tested here, and why; or one that is not kept to, and why. */
export interface Exception {
  readonly section: string;
  readonly must: string;
  readonly why: string;
}

/** What a specification demands. */
export interface Specification {
  readonly title: string;
  readonly url: string;
  /** The file of the tests, in this folder. */
  readonly file: string;
  readonly requirements: readonly Requirement[];
  /** What Writ does otherwise, on purpose. */
  readonly otherwise: readonly Exception[];
  /** What no program can see from outside. */
  readonly untested: readonly Exception[];
}

/** A requirement, with its cases. */
export function must(
  section: string,
  what: string,
  ...cases: readonly (Case | readonly Case[])[]
): Requirement {
  return { section, must: what, cases: cases.flat() };
}

/** An exception. */
export function but(section: string, what: string, why: string): Exception {
  return { section, must: what, why };
}
