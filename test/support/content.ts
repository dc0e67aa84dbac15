import { createHash, randomBytes } from "node:crypto";

export const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
export const OCI_INDEX = "application/vnd.oci.image.index.v1+json";
export const OCI_ARTIFACT = "application/vnd.oci.artifact.manifest.v1+json";
export const DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
export const DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";

export const CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";
export const LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar";

/** A digest of content that nobody has pushed. */
export const UNKNOWN_DIGEST = `sha256:${"0".repeat(64)}`;

export function digestOf(bytes: Uint8Array | string, algorithm = "sha256"): string {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest("hex")}`;
}

/** Content that no other call returns. */
export function someContent(bytes = 100): Buffer {
  return randomBytes(bytes);
}

export interface DescriptorDocument {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

export function descriptorOf(mediaType: string, bytes: Uint8Array | string): DescriptorDocument {
  return { mediaType, digest: digestOf(bytes), size: Buffer.byteLength(bytes) };
}

/** A manifest's document as bytes, spelled as no serializer of ours would: whoever writes it anew is found out. */
export function manifestBytes(document: object): Buffer {
  return Buffer.from(`${JSON.stringify(document, undefined, 3)}\n`);
}
