import type { Grant, Signer } from "@writ/core";

import {
  addCredentials,
  delegateAuthority,
  explainRequest,
  respond,
  type RespondOptions,
} from "../../src/index.js";
import { openHolder } from "../approvals.js";
import { identityOf, openWorld, REFUNDS, signerOf, type Overrides, type WalletWorld } from "../world.js";

export const DOMAIN = "https://shop.example";
export const CHALLENGE = "n-0S6_WzA2Mj";
export const VC = "https://www.w3.org/2018/credentials#VerifiableCredential";
export const IDENTITY = "https://w3id.org/writ#AgentIdentityCredential";
export const READ: Grant = { id: "read", actions: ["order.read"] };
export const STRANGER: Signer = signerOf("stranger");
export const AUTHORITY = "https://w3id.org/writ#DelegatedAuthorityCredential";

/** A credential query of DCQL for a type. */
export const asking = (id: string, type: string, members: object = {}): object => ({
  id,
  format: "ldp_vc",
  meta: { type_values: [[type]] },
  ...members,
});

/** A request of OpenID4VP. */
export const dcql = (credentials: readonly object[], members: object = {}, query: object = {}): object => ({
  response_type: "vp_token",
  client_id: DOMAIN,
  nonce: CHALLENGE,
  dcql_query: { credentials, ...query },
  ...members,
});

/** A credential query by example. */
export const example = (type: string, members: object = {}, query: object = {}): object => ({
  reason: "to see who you are",
  example: { "@context": ["https://www.w3.org/ns/credentials/v2"], type, ...members },
  ...query,
});

export const byExample = (...credentialQuery: readonly object[]): object => ({
  type: "QueryByExample",
  credentialQuery,
});

export const authentication = (members: object = {}): object => ({ type: "DIDAuthentication", ...members });

/** A Verifiable Presentation Request. */
export const vpr = (query: object | readonly object[], members: object = {}): object => ({
  query,
  challenge: CHALLENGE,
  domain: DOMAIN,
  ...members,
});

/** A wallet with an identity, and an authority for each list of grants. */
export const openAgent = openHolder;

/** An agent whose authority was handed on by another, whose credentials it holds as evidence. */
export async function openDelegate(overrides: Overrides = {}) {
  const lead = await openAgent([REFUNDS]);
  const sub = await openWorld("sub");
  const { credential, bundle } = await delegateAuthority(lead.wallet, {
    to: sub.wallet.did,
    grants: [{ ...REFUNDS, id: "eu", within: "refunds" }],
  });
  const identity = await identityOf(sub.wallet.did, overrides);
  await addCredentials(sub.wallet, [identity, ...bundle]);
  return { ...sub, identity, credential, bundle, lead };
}

type Asked = Partial<RespondOptions>;

export const answer = (
  { wallet }: Pick<WalletWorld, "wallet">,
  request: string | object,
  options: Asked = {},
) => respond(wallet, request, { expectedDomain: DOMAIN, ...options });

export const explain = ({ wallet }: Pick<WalletWorld, "wallet">, request: object, options: Asked = {}) =>
  explainRequest(wallet, request, { expectedDomain: DOMAIN, ...options });

/** The ids of what leaves, for each query of DCQL. */
export async function vpToken(
  world: Pick<WalletWorld, "wallet">,
  request: object,
  options: Asked = {},
): Promise<Record<string, readonly (readonly unknown[])[]>> {
  const answered = await answer(world, request, options);
  if (answered.language !== "dcql") throw new Error("not in DCQL");
  return Object.fromEntries(
    Object.entries(answered.vpToken).map(([id, presentations]) => [id, presentations.map(idsIn)]),
  );
}

/** The ids of what leaves in answer to a Verifiable Presentation Request. */
export async function presented(
  world: Pick<WalletWorld, "wallet">,
  request: object,
  options: Asked = {},
): Promise<readonly unknown[]> {
  const answered = await answer(world, request, options);
  if (answered.language !== "vpr") throw new Error("not a presentation request");
  return idsIn(answered.presentation);
}

/** The ids of the credentials in a presentation. */
export function idsIn({
  verifiableCredential = [],
}: {
  readonly verifiableCredential?: object;
}): readonly unknown[] {
  return [verifiableCredential].flat().map((credential) => (credential as { readonly id?: unknown }).id);
}
