import { DataIntegrityProof } from "@digitalbazaar/data-integrity";
import { createVerifyCryptosuite } from "@digitalbazaar/eddsa-jcs-2022-cryptosuite";
import { cryptosuite as eddsaRdfc2022 } from "@digitalbazaar/eddsa-rdfc-2022-cryptosuite";
import { verify, verifyCredential } from "@digitalbazaar/vc";
import { didKeyDocument, loadContext } from "@writ/core";

/** Documents that the peer may load: the pinned contexts, and did:key documents and methods. */
function documentLoader(url: string): { documentUrl: string; document: object } {
  if (!url.startsWith("did:")) return { documentUrl: url, document: loadContext(url) };
  const [did = "", fragment] = url.split("#");
  const document = didKeyDocument(did);
  if (fragment === undefined) return { documentUrl: url, document };
  const method = { "@context": "https://w3id.org/security/multikey/v1", ...document.verificationMethod?.[0] };
  return { documentUrl: url, document: method };
}

const suite = [createVerifyCryptosuite(), eddsaRdfc2022].map(
  (cryptosuite) => new DataIntegrityProof({ cryptosuite }),
);
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
