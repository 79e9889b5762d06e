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

declare module "jsonld" {
  const jsonld: {
    fromRDF(dataset: readonly object[]): Promise<readonly object[]>;
    toRDF(document: object, options: object): Promise<readonly object[]>;
    canonize(
      document: object,
      options: {
        readonly algorithm: "RDFC-1.0";
        readonly format: "application/n-quads";
        readonly safe: boolean;
        readonly documentLoader: (url: string) => Promise<object>;
      },
    ): Promise<string>;
  };
  export default jsonld;
}

declare module "rdf-canonize" {
  interface Quad {
    readonly graph: { readonly termType: string; readonly value: string };
  }
  export const NQuads: { parse(text: string): readonly Quad[] };
  export function canonize(
    text: string,
    options: {
      readonly algorithm: "RDFC-1.0";
      readonly inputFormat: "application/n-quads";
      readonly messageDigestAlgorithm?: string;
      readonly maxWorkFactor?: number;
      readonly canonicalIdMap?: Map<string, string>;
    },
  ): Promise<string>;
}
