import { readFileSync } from "node:fs";

import { DataIntegrityProof } from "@digitalbazaar/data-integrity";
import { createVerifyCryptosuite } from "@digitalbazaar/eddsa-jcs-2022-cryptosuite";
import { verify, verifyCredential } from "@digitalbazaar/vc";
import { didKeyDocument, WRIT_V1, type JsonObject } from "@writ/core";

const require = import.meta.resolve("@writ/core/contexts/writ-v1.jsonld");
const writContext = JSON.parse(readFileSync(new URL(require), "utf8")) as JsonObject;

/** Documents that the peer may load: the pinned context, and did:key documents and methods. */
function documentLoader(url: string): { documentUrl: string; document: object } {
  if (url === WRIT_V1) return { documentUrl: url, document: writContext };
  const [did = "", fragment] = url.split("#");
  const document = didKeyDocument(did);
  if (fragment === undefined) return { documentUrl: url, document };
  const method = { "@context": "https://w3id.org/security/multikey/v1", ...document.verificationMethod?.[0] };
  return { documentUrl: url, document: method };
}

const suite = new DataIntegrityProof({ cryptosuite: createVerifyCryptosuite() });
/** The library verifies signatures and dates; status and chains are left to its caller. */
const common = { suite, documentLoader, checkStatus: () => ({ verified: true }) };

/** The stock stack's verification of one credential. */
export async function peerVerifiesCredential(credential: string): Promise<boolean> {
  return (await verifyCredential({ ...common, credential: JSON.parse(credential) as object })).verified;
}

/** The stock stack's verification of a presentation with all its credentials. */
export async function peerVerifiesPresentation(
  presentation: string,
  challenge: string,
  domain: string,
): Promise<boolean> {
  const options = { ...common, presentation: JSON.parse(presentation) as object, challenge, domain };
  return (await verify(options)).verified;
}
