import { type Digest, parseDigest } from "./digest.ts";
import { RegistryError } from "./errors.ts";
import { TAG_LENGTH_MAX } from "./limits.ts";

declare const brand: unique symbol;

/** A tag (OCI distribution 1.1, "Pulling manifests"). */
export type Tag = string & { readonly [brand]: "Tag" };

/** What names a manifest in a repository. */
export type Reference =
  | { readonly kind: "tag"; readonly tag: Tag }
  | { readonly kind: "digest"; readonly digest: Digest };

const TAG = new RegExp(`^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,${TAG_LENGTH_MAX - 1}}$`);

/** @throws RegistryError `tag-invalid` */
export function parseTag(text: string): Tag {
  if (!isTag(text)) {
    throw new RegistryError("tag-invalid", { tag: text });
  }
  return text;
}

export function isTag(text: string): text is Tag {
  return TAG.test(text);
}

/**
 * Tells a digest from a tag by the colon, which no tag may hold.
 * @throws RegistryError `digest-invalid` or `tag-invalid`
 */
export function parseReference(text: string): Reference {
  if (text.includes(":")) {
    return { kind: "digest", digest: parseDigest(text) };
  }
  return { kind: "tag", tag: parseTag(text) };
}

/**
 * The same for what a request expects to be there: what cannot be a tag names no manifest.
 * @throws RegistryError `digest-invalid` or `manifest-unknown`
 */
export function parseExistingReference(text: string): Reference {
  if (!text.includes(":") && !isTag(text)) {
    throw new RegistryError("manifest-unknown", { reference: text });
  }
  return parseReference(text);
}

export function formatReference(reference: Reference): string {
  return reference.kind === "tag" ? reference.tag : reference.digest;
}
