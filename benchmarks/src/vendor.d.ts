/** Types of the peers, as far as the benchmarks use them. */
declare module "@digitalbazaar/vc" {
  interface Verification {
    readonly verified: boolean;
  }
  export function verifyCredential(options: object): Promise<Verification>;
  export function verify(options: object): Promise<Verification>;
}
declare module "@digitalbazaar/data-integrity" {
  export const DataIntegrityProof: new (options: object) => object;
}
declare module "@digitalbazaar/eddsa-jcs-2022-cryptosuite" {
  export function createVerifyCryptosuite(): object;
}
declare module "@digitalbazaar/eddsa-rdfc-2022-cryptosuite" {
  export const cryptosuite: object;
}
