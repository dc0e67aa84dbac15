import { createHash } from "node:crypto";
import type { Principal } from "../domain/access.ts";
import { algorithmOf, type Digest, digestOf } from "../domain/digest.ts";
import { RegistryError } from "../domain/errors.ts";
import { parseManifest } from "../domain/manifest.ts";
import { parseReference } from "../domain/reference.ts";
import { admit, type Target } from "./admit.ts";
import type { Context } from "./context.ts";

export interface PushedManifest {
  readonly digest: Digest;
  /** The digest of the manifest's subject, if it names one: the answer tells the client that the registry took note of it. */
  readonly subject: Digest | undefined;
}

/**
 * Stores a manifest, byte for byte, under its digest and, where the reference is one, a tag (distribution-spec 1.1, "Pushing Manifests").
 * @throws RegistryError `manifest-invalid`, `manifest-reference-unknown`, `digest-mismatch`, `tag-invalid`, and what `admit` throws
 */
export async function pushManifest(
  context: Pick<Context, "metadata" | "sealer" | "clock">,
  principal: Principal,
  target: Target,
  reference: string,
  contentType: string | undefined,
  bytes: Uint8Array,
): Promise<PushedManifest> {
  const { registryId, repository } = await admit(context, principal, target, "push");
  const named = parseReference(reference);
  const manifest = parseManifest(bytes, contentType);
  const algorithm = named.kind === "digest" ? algorithmOf(named.digest) : "sha256";
  const digest = digestOf(algorithm, createHash(algorithm).update(bytes).digest("hex"));
  if (named.kind === "digest" && named.digest !== digest) {
    throw new RegistryError("digest-mismatch", { expected: named.digest, actual: digest });
  }
  const sealed = await context.sealer.seal(registryId, manifestContext(digest), bytes);
  await context.metadata.manifests.put(
    registryId,
    repository,
    { digest, mediaType: manifest.mediaType, size: bytes.byteLength, sealed },
    manifest,
    named.kind === "tag" ? [named.tag] : [],
    context.clock.now(),
    tokenToSpend(principal, named.kind),
  );
  return { digest, subject: manifest.subject?.digest };
}

/** What a manifest's bytes are sealed as. */
export function manifestContext(digest: Digest): string {
  return `manifest:${digest}`;
}

/** A one-time token is gone once it has pushed a tagged manifest; what that manifest refers to it may push before. */
function tokenToSpend(principal: Principal, kind: "tag" | "digest") {
  const isSpent = principal.kind === "token" && principal.isOneTime && kind === "tag";
  return isSpent ? principal.tokenId : undefined;
}
