/** W3C Verifiable Credentials Data Model 1.1. */
export const CREDENTIALS_V1 = "https://www.w3.org/2018/credentials/v1";

/** W3C Verifiable Credentials Data Model 2.0. */
export const CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2";

/** Terms of the examples in VC Data Model 2.0: any name is one. For trials only. */
export const CREDENTIALS_EXAMPLES_V2 = "https://www.w3.org/ns/credentials/examples/v2";

/** Terms of Data Integrity proofs, without those of chains. */
export const DATA_INTEGRITY_V1 = "https://w3id.org/security/data-integrity/v1";

/** Terms of Data Integrity proofs, for documents whose own contexts have none. */
export const DATA_INTEGRITY_V2 = "https://w3id.org/security/data-integrity/v2";

/** The terms of Ed25519Signature2020: the last context of what has such a proof, and of nothing else. */
export const ED25519_2020_V1 = "https://w3id.org/security/suites/ed25519-2020/v1";

/** Terms of verification methods. */
export const MULTIKEY_V1 = "https://w3id.org/security/multikey/v1";

/** Writ's own terms. */
export const WRIT_V1 = "https://w3id.org/writ/v1";
