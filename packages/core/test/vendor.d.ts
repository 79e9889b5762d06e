/** Types of libraries that ship none, as far as the tests use them. */

declare module "@digitalbazaar/eddsa-jcs-2022-cryptosuite" {
  export function createSignCryptosuite(): object;
  export function createVerifyCryptosuite(): object;
}

declare module "@digitalbazaar/ed25519-multikey" {
  export function generate(options: { seed: Uint8Array; controller: string }): Promise<{ signer(): object }>;
}

declare module "@digitalbazaar/vc-bitstring-status-list" {
  export class BitstringStatusList {
    constructor(options: { length: number } | { buffer: Uint8Array });
    readonly length: number;
    setStatus(index: number, status: boolean): void;
    getStatus(index: number): boolean;
    encode(): Promise<string>;
  }
}
