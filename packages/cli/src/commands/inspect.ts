import {
  digestMultibase,
  enrolmentRequest,
  isAgentIdentity,
  isAuthority,
  isIdentity,
  isJsonArray,
  isJsonObject,
  parseDocument,
  parseStrictJson,
  presentation as presentationShape,
  statusListCredential,
  systemClock,
  typeOf,
  writCredential,
  WritError,
  type AuthorityCredential,
  type EnrolmentRequest,
  type IdentityCredential,
  type JsonValue,
  type Presentation,
  type Shape,
  type StatusListCredential,
  type WritCredential,
} from "@writ/core";
import type { Command } from "commander";

import { command } from "../command.js";
import { readInput } from "../environment/files.js";
import type { Answer } from "../terminal/output.js";
import { chainTree, givenBy, namesIn, type Branch } from "../terminal/chain-tree.js";
import { bold, dim, indent, lines, show, type SafeText } from "../terminal/safe-text.js";

export function inspectCommand(): Command {
  return command(
    "inspect <file>",
    "Draw a document of Writ's for a person: credentials, presentations, requests, lists; verifies nothing",
    "writ inspect presentation.json",
    async (_options, file = "") => inspect(parseStrictJson(await readInput(file))),
  );
}

/** What a file says, once it has the form of one of Writ's documents. */
interface Contents {
  readonly presentation?: Presentation;
  readonly credentials: readonly WritCredential[];
}

const UNVERIFIED = dim("Nothing here has been verified: see `writ verify`.");

function inspect(json: JsonValue): Answer {
  if (typeOf(json) === "EnrolmentRequest") return inspectRequest(parseAs(json, enrolmentRequest));
  if (typeOf(json) === "BitstringStatusListCredential") {
    return inspectList(parseAs(json, statusListCredential));
  }
  const { presentation, credentials } = readContents(json);
  const authorities = credentials.filter(isAuthority);
  return {
    json: {
      verified: false,
      ...(presentation === undefined
        ? {}
        : { holder: presentation.holder, invocation: presentation.invocation }),
      credentials,
    },
    text: lines(
      UNVERIFIED,
      ...(presentation === undefined ? [] : [drawPresentation(presentation)]),
      ...credentials.filter(isIdentity).map(drawIdentity),
      ...credentials
        .filter((credential) => !isIdentity(credential) && !isAuthority(credential))
        .map(drawOther),
      ...drawChains(authorities, credentials, systemClock()),
    ),
  };
}

function inspectRequest(request: EnrolmentRequest): Answer {
  const { holder, proof } = request;
  const first = [proof ?? []].flat()[0];
  return {
    json: { verified: false, request },
    text: lines(
      UNVERIFIED,
      bold("enrolment request"),
      show`  by         ${holder}`,
      show`  usable     ${first?.created ?? "?"} to ${first?.expires ?? "?"}`,
    ),
  };
}

function inspectList(list: StatusListCredential): Answer {
  const { id, issuer, validFrom, validUntil, credentialSubject } = list;
  return {
    json: { verified: false, list },
    text: lines(
      UNVERIFIED,
      show`${bold("status list")} for ${credentialSubject.statusPurpose}`,
      show`  at         ${id}`,
      show`  by         ${issuer}`,
      show`  valid      ${validFrom} to ${validUntil}`,
    ),
  };
}

function parseAs<T>(json: JsonValue, shape: Shape<T>): T {
  if (!isJsonObject(json)) throw new WritError("JSON_NOT_OBJECT", "the file holds no document");
  return parseDocument(json, shape);
}

function readContents(json: JsonValue): Contents {
  if (isJsonArray(json)) return { credentials: json.map((item) => parseAs(item, writCredential)) };
  if (typeOf(json) !== "VerifiablePresentation") return { credentials: [parseAs(json, writCredential)] };
  const presentation = parseAs(json, presentationShape);
  return { presentation, credentials: presentation.verifiableCredential };
}

function drawPresentation({ holder, invocation, proof }: Presentation): SafeText {
  const first = [proof ?? []].flat()[0];
  return lines(
    bold("presentation"),
    show`  by         ${holder}`,
    show`  for        ${first?.domain ?? "?"}, challenge ${first?.challenge ?? "?"}`,
    show`  usable     ${first?.created ?? "?"} to ${first?.expires ?? "?"}`,
    ...(invocation === undefined
      ? []
      : [
          show`  asks for   ${bold(invocation.action)} on ${invocation.resource ?? "no resource"}, under the grant ${invocation.authority.grant}`,
          show`  with       ${JSON.stringify(invocation.args ?? {})}`,
        ]),
  );
}

function drawIdentity(credential: IdentityCredential): SafeText {
  const { id, issuer, validFrom, validUntil, credentialSubject } = credential;
  const { name, type } = credentialSubject;
  const agent = isAgentIdentity(credential) ? credential.credentialSubject : undefined;
  return lines(
    show`${bold(`identity of ${name}`)} (${type})`,
    show`  id         ${id}`,
    show`  subject    ${credentialSubject.id}`,
    show`  issuer     ${issuer}`,
    agent?.roles && show`  roles      ${agent.roles.join(", ")}`,
    agent && show`  owner      ${agent.owner}`,
    show`  valid      ${validFrom} to ${validUntil}`,
  );
}

function drawOther({ id, type, issuer, credentialSubject }: WritCredential): SafeText {
  return show`${bold(type[1])} ${id} by ${issuer} for ${credentialSubject.id}`;
}

/** Each chain as a tree, from its root, or from the first link whose parent is not here. */
function drawChains(
  authorities: readonly AuthorityCredential[],
  credentials: readonly WritCredential[],
  now: number,
): readonly SafeText[] {
  const nameOf = namesIn(credentials);
  const byDigest = new Map(authorities.map((authority) => [digestMultibase(authority), authority]));
  const parentOf = ({
    credentialSubject: { parent },
  }: AuthorityCredential): AuthorityCredential | undefined =>
    parent === undefined ? undefined : byDigest.get(parent.digestMultibase);
  const branchOf = (authority: AuthorityCredential): Branch => ({
    to: nameOf(authority.credentialSubject.id),
    about: [show`${dim("as")} ${authority.id}`, ...givenBy(authority, now), ...limitLines(authority)],
    below: authorities.filter((child) => parentOf(child) === authority).map(branchOf),
  });
  return authorities
    .filter((authority) => parentOf(authority) === undefined)
    .map((first) => {
      const { principal, parent } = first.credentialSubject;
      return lines(
        show`${bold("authority")} on behalf of ${nameOf(principal)}`,
        parent && show`  handed on from ${parent.id}, which is not here`,
        indent(chainTree(nameOf(first.issuer), [branchOf(first)])),
      );
    });
}

/** What limits each grant, as it is written. */
function limitLines({ credentialSubject: { grants } }: AuthorityCredential): readonly SafeText[] {
  return grants.flatMap(({ id, within: _, actions: __, ...limits }) =>
    Object.entries(limits).map(
      ([name, limit]) =>
        show`${dim(`${grants.length === 1 ? "" : `${id} `}${name}`)} ${JSON.stringify(limit)}`,
    ),
  );
}
