/** Types of the reference libraries, which ship none, as far as they are used here. */

declare module "@digitalbazaar/eddsa-rdfc-2022-cryptosuite" {
  interface CanonizeOptions {
    readonly documentLoader: (url: string) => Promise<object>;
    readonly contextResolver: object;
    readonly maxWorkFactor?: number;
    readonly signal?: AbortSignal;
  }
  export const cryptosuite: {
    canonize(document: object, options: CanonizeOptions): Promise<string>;
  };
}

declare module "jsonld/lib/ContextResolver.js" {
  interface Cache {
    get(key: string): unknown;
    set(key: string, value: unknown): void;
  }
  const ContextResolver: new (options: { readonly sharedCache: Cache }) => object;
  export default ContextResolver;
}

declare module "@digitalbazaar/data-integrity" {
  export class DataIntegrityProof {
    constructor(options: { cryptosuite: object; signer?: object; date?: string; legacyContext?: boolean });
    /** Members of the proofs that it makes. */
    proof?: object;
    readonly cryptosuite: string;
  }
}

declare module "@digitalbazaar/ed25519-signature-2020" {
  export class Ed25519Signature2020 {
    constructor(options: { signer?: object; date?: string; proof?: object; canonizeOptions?: object });
    canonize(document: object, options: { readonly documentLoader: object }): Promise<string>;
  }
}

declare module "@digitalbazaar/vc" {
  interface Result {
    readonly verified: boolean;
    readonly error?: unknown;
  }
  type Options = Readonly<Record<string, unknown>>;
  export function issue(options: Options): Promise<object>;
  export function signPresentation(options: Options): Promise<object>;
  export function verifyCredential(options: Options): Promise<Result>;
  export function verify(options: Options): Promise<Result>;
}
