import type { KeyType } from "./key-codec.js";
import { failure, type ResolutionFailure } from "./resolution-result.js";

/** A type of verification method: which keys it can hold, in which member, and the context of its terms. */
export interface PublicKeyFormat {
  readonly type: string;
  readonly holds: readonly KeyType[];
  readonly member: "publicKeyMultibase" | "publicKeyJwk" | "publicKeyBase58";
  readonly context: string;
}

interface KnownFormat extends PublicKeyFormat {
  readonly standing: "standard" | "experimental";
  /** For the key derived from an Ed25519 key, where the format itself cannot hold it. */
  readonly derived?: string;
}

const ALL: readonly KeyType[] = ["Ed25519", "X25519", "secp256k1", "P-256", "P-384"];
const SUITES = "https://w3id.org/security/suites";

const FORMATS: readonly KnownFormat[] = [
  {
    type: "Multikey",
    standing: "standard",
    holds: ALL,
    member: "publicKeyMultibase",
    context: "https://w3id.org/security/multikey/v1",
  },
  {
    type: "JsonWebKey",
    standing: "standard",
    holds: ALL,
    member: "publicKeyJwk",
    context: "https://w3id.org/security/jwk/v1",
  },
  {
    // Of did:key 0.7, in which it has the place of JsonWebKey.
    type: "JsonWebKey2020",
    standing: "standard",
    holds: ALL,
    member: "publicKeyJwk",
    context: `${SUITES}/jws-2020/v1`,
  },
  {
    type: "Ed25519VerificationKey2020",
    standing: "standard",
    holds: ["Ed25519"],
    member: "publicKeyMultibase",
    context: `${SUITES}/ed25519-2020/v1`,
    derived: "X25519KeyAgreementKey2020",
  },
  {
    type: "X25519KeyAgreementKey2020",
    standing: "standard",
    holds: ["X25519"],
    member: "publicKeyMultibase",
    context: `${SUITES}/x25519-2020/v1`,
  },
  {
    type: "Ed25519VerificationKey2018",
    standing: "experimental",
    holds: ["Ed25519"],
    member: "publicKeyBase58",
    context: `${SUITES}/ed25519-2018/v1`,
    derived: "X25519KeyAgreementKey2019",
  },
  {
    type: "X25519KeyAgreementKey2019",
    standing: "experimental",
    holds: ["X25519"],
    member: "publicKeyBase58",
    context: `${SUITES}/x25519-2019/v1`,
  },
  {
    type: "EcdsaSecp256k1VerificationKey2019",
    standing: "experimental",
    holds: ["secp256k1"],
    member: "publicKeyBase58",
    context: `${SUITES}/secp256k1-2019/v1`,
  },
];

/** Registered types of verification methods that are known by name and not made here. */
const NOT_MADE: ReadonlySet<string> = new Set([
  "Bls12381G1Key2020",
  "Bls12381G2Key2020",
  "EcdsaSecp256k1RecoveryMethod2020",
  "EcdsaSecp256r1VerificationKey2019",
  "PgpVerificationKey2021",
  "RsaVerificationKey2018",
  "VerifiableCondition2021",
]);

/** What is asked of {@link choosePublicKeyFormat}. */
export interface FormatDemand {
  readonly publicKeyFormat: string;
  readonly allowExperimental: boolean;
}

/**
 * The format for a key of a did:key (sections 3.1.2 and 3.1.5): `unsupportedPublicKeyType` where it is
 * not known or not made here, `invalidPublicKeyType` where it is experimental and not allowed, or
 * cannot hold such a key.
 */
export function choosePublicKeyFormat(
  keyType: KeyType,
  { publicKeyFormat, allowExperimental }: FormatDemand,
): PublicKeyFormat | ResolutionFailure {
  const format = FORMATS.find(({ type }) => type === publicKeyFormat);
  if (format === undefined && (allowExperimental || !NOT_MADE.has(publicKeyFormat))) {
    return failure("unsupportedPublicKeyType", "the format of public keys is not supported");
  }
  if (format === undefined || (format.standing === "experimental" && !allowExperimental)) {
    return failure("invalidPublicKeyType", "the format is experimental, which has not been enabled");
  }
  if (!format.holds.includes(keyType)) {
    return failure("invalidPublicKeyType", `the format cannot hold a key of type ${keyType}`);
  }
  return format;
}

/**
 * The format for the X25519 key that is derived from an Ed25519 key. The specification takes the one
 * that was asked for and refuses Ed25519VerificationKey2020 for it; where experimental types are
 * allowed, that one's counterpart stands in.
 */
export function chooseDerivedKeyFormat(demand: FormatDemand): PublicKeyFormat | ResolutionFailure {
  const { publicKeyFormat, allowExperimental } = demand;
  const counterpart = FORMATS.find(({ type }) => type === publicKeyFormat)?.derived;
  return choosePublicKeyFormat("X25519", {
    ...demand,
    publicKeyFormat: (allowExperimental ? counterpart : undefined) ?? publicKeyFormat,
  });
}
