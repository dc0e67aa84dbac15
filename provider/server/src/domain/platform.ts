import { type Digest, isDigest } from "./digest.ts";
import { PLATFORMS_PER_TAG_MAX } from "./limits.ts";

/**
 * Where an image runs (OCI image-spec 1.1, "platform"): `os/architecture`, with `/variant` where there is one. All of it is what a client
 * has pushed: whatever is not of the expected form is left out.
 */

const CONFIG_TYPES = [
  "application/vnd.oci.image.config.v1+json",
  "application/vnd.docker.container.image.v1+json",
];
const PART = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** A document that was pushed; `undefined` where it is not JSON. */
export function readJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

/** The digest of an image's config; `undefined` where the manifest is not that of an image. */
export function configOfImage(manifest: unknown): Digest | undefined {
  const config = fieldOf(manifest, "config");
  const digest = fieldOf(config, "digest");
  const isImage = CONFIG_TYPES.some((type) => type === fieldOf(config, "mediaType"));
  return isImage && typeof digest === "string" && isDigest(digest) ? digest : undefined;
}

export function platformsOfIndex(manifest: unknown): readonly string[] {
  const children = fieldOf(manifest, "manifests");
  const platforms = new Set<string>();
  for (const child of Array.isArray(children) ? children : []) {
    const platform = formatPlatform(fieldOf(child, "platform"));
    if (platform !== undefined && platforms.size < PLATFORMS_PER_TAG_MAX) {
      platforms.add(platform);
    }
  }
  return [...platforms];
}

export function platformOfConfig(config: unknown): readonly string[] {
  const platform = formatPlatform(config);
  return platform === undefined ? [] : [platform];
}

function formatPlatform(value: unknown): string | undefined {
  const parts = ["os", "architecture", "variant"].map((name) => fieldOf(value, name));
  const [os, architecture, variant] = parts.map((part) =>
    typeof part === "string" && PART.test(part) ? part : undefined,
  );
  // Attestations beside images are `unknown/unknown`.
  if (os === undefined || architecture === undefined || os === "unknown") {
    return undefined;
  }
  return variant === undefined ? `${os}/${architecture}` : `${os}/${architecture}/${variant}`;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.getOwnPropertyDescriptor(value, name)?.value
    : undefined;
}
