import { DataIntegrityProof } from "@digitalbazaar/data-integrity";
import { generate } from "@digitalbazaar/ed25519-multikey";
import { Ed25519Signature2020 } from "@digitalbazaar/ed25519-signature-2020";
import { createSignCryptosuite, createVerifyCryptosuite } from "@digitalbazaar/eddsa-jcs-2022-cryptosuite";
import { cryptosuite as rdfc } from "@digitalbazaar/eddsa-rdfc-2022-cryptosuite";
import * as vc from "@digitalbazaar/vc";
import { seededRandom } from "@writ/testkit";

import { didKeyDocument } from "../../src/did/did-key.js";
import type { JsonObject } from "../../src/json/json-value.js";
import { DATA_INTEGRITY_V1 } from "../../src/jsonld/context-addresses.js";
import { loadContext } from "../../src/jsonld/pinned-contexts.js";
import type { SuiteName } from "../../src/proofs/suites.js";
import { NOW, signerOf } from "../fixtures.js";

const MULTIKEY_V1 = "https://w3id.org/security/multikey/v1";

/** What the tests' presentations answer. */
export const ASKED = { challenge: "c-1", domain: "https://service.example" } as const;

function documentLoader(url: string): Promise<object> {
  return Promise.resolve().then(() => ({
    contextUrl: null,
    documentUrl: url,
    document: didKeyPart(url) ?? loadContext(url),
  }));
}

/** A did:key document, or its method with the context that their library asks for. */
function didKeyPart(url: string): object | undefined {
  if (!url.startsWith("did:key:")) return undefined;
  const [did = "", fragment] = url.split("#");
  const document = didKeyDocument(did);
  return fragment === undefined ? document : { "@context": MULTIKEY_V1, ...document.verificationMethod?.[0] };
}

function isPresentation({ type }: JsonObject): boolean {
  return [type].flat().includes("VerifiablePresentation");
}

/** Their suites read proofs by one version of the terms or by the other, as they are told. */
function isLegacy({ "@context": context = [] }: JsonObject): boolean {
  return [context].flat().includes(DATA_INTEGRITY_V1);
}

const now = new Date(NOW + 60_000);

/** Whether `@digitalbazaar/vc` verifies a signed credential or presentation, of any suite. */
export async function theyVerify(document: object, challenge: string = ASKED.challenge): Promise<boolean> {
  // Their library writes into what it is given.
  const copy = structuredClone(document) as JsonObject;
  const options = {
    suite: [
      new DataIntegrityProof({ cryptosuite: createVerifyCryptosuite() }),
      new DataIntegrityProof({ cryptosuite: rdfc, legacyContext: isLegacy(copy) }),
      new Ed25519Signature2020({}),
    ],
    documentLoader,
    // Their check of bitstring lists is not what is tried here.
    checkStatus: () => Promise.resolve({ verified: true }),
    now,
  };
  const { verified } = isPresentation(copy)
    ? await vc.verify({ ...options, ...ASKED, challenge, presentation: copy })
    : await vc.verifyCredential({ ...options, credential: copy });
  return verified;
}

/** What they make of an unsigned credential or presentation, with the key of a name. */
export async function theySign(document: JsonObject, suite: SuiteName, name: string): Promise<JsonObject> {
  const copy = structuredClone(document);
  const options = { suite: await theirSuite(suite, name, isLegacy(copy)), documentLoader, now };
  const signed = isPresentation(copy)
    ? await vc.signPresentation({ ...options, ...ASKED, presentation: copy })
    : await vc.issue({ ...options, credential: copy });
  return signed as JsonObject;
}

async function theirSuite(suite: SuiteName, name: string, legacyContext: boolean): Promise<object> {
  const key = await generate({ seed: seededRandom(`signer ${name}`)(32), controller: signerOf(name).did });
  const common = { signer: key.signer(), date: "2026-11-23T08:00:00Z" };
  switch (suite) {
    case "eddsa-jcs-2022":
      return new DataIntegrityProof({ ...common, cryptosuite: createSignCryptosuite(), legacyContext });
    case "eddsa-rdfc-2022":
      return new DataIntegrityProof({ ...common, cryptosuite: rdfc, legacyContext });
    case "Ed25519Signature2020":
      return new Ed25519Signature2020(common);
  }
}
