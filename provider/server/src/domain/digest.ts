import { RegistryError } from "./errors.ts";

declare const brand: unique symbol;

/** A content digest, `algorithm:hex` (OCI image-spec 1.1, "Digests"): of a registered algorithm, lower case, complete. */
export type Digest = string & { readonly [brand]: "Digest" };

/** The registered algorithms, with the length of their hexadecimal form. */
const DIGEST_ALGORITHMS = { sha256: 64, sha512: 128 } as const;
export type DigestAlgorithm = keyof typeof DIGEST_ALGORITHMS;

const FORM = /^(sha256):([0-9a-f]{64})$|^(sha512):([0-9a-f]{128})$/;

/** @throws RegistryError `digest-invalid` */
export function parseDigest(text: string): Digest {
  if (!isDigest(text)) {
    throw new RegistryError("digest-invalid", { digest: text });
  }
  return text;
}

export function isDigest(text: string): text is Digest {
  return FORM.test(text);
}

export function algorithmOf(digest: Digest): DigestAlgorithm {
  return digest.startsWith("sha512:") ? "sha512" : "sha256";
}

/** Joins what a hash function computed to a digest. */
export function digestOf(algorithm: DigestAlgorithm, hex: string): Digest {
  return parseDigest(`${algorithm}:${hex}`);
}
