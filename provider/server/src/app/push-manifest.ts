import { createHash } from "node:crypto";
import type { Principal } from "../domain/access.ts";
import type { AuditEvent } from "../domain/audit.ts";
import { algorithmOf, type Digest, digestOf } from "../domain/digest.ts";
import { RegistryError } from "../domain/errors.ts";
import { ARTIFACT_TYPE_LENGTH_MAX, TAGS_PER_PUSH_MAX } from "../domain/limits.ts";
import { type Manifest, parseManifest } from "../domain/manifest.ts";
import { parseReference, parseTag, type Tag } from "../domain/reference.ts";
import type { Registry } from "../domain/registry.ts";
import { admit, type Target } from "./admit.ts";
import { actorOf, auditEvent } from "./audit-event.ts";
import { awaitWritable } from "./await-writable.ts";
import type { Context } from "./context.ts";

export interface PushedManifest {
  readonly digest: Digest;
  /** The tags that now point at it. */
  readonly tags: readonly Tag[];
  /** The digest of the manifest's subject, if it names one: the answer tells the client that the registry took note of it. */
  readonly subject: Digest | undefined;
}

/** A manifest as a request brings it. */
export interface ManifestToPush {
  /** A tag or a digest. */
  readonly reference: string;
  /** Tags beside the reference. */
  readonly tags: readonly string[];
  /** The declared media type, without parameters. */
  readonly contentType: string | undefined;
  readonly bytes: Uint8Array;
}

/**
 * Stores a manifest, byte for byte, under its digest and the tags that the request names (distribution-spec 1.1, "Pushing Manifests"; more
 * than one tag: the draft of 1.2).
 * @throws RegistryError `manifest-invalid`, `manifest-reference-unknown`, `digest-mismatch`, `tag-invalid`, and what `admit` and `awaitWritable` throw
 */
export async function pushManifest(
  context: Pick<Context, "metadata" | "sealer" | "clock" | "ids" | "settings">,
  principal: Principal,
  target: Target,
  { reference, tags: otherTags, contentType, bytes }: ManifestToPush,
): Promise<PushedManifest> {
  const { registry, registryId, repository } = await admit(context, principal, target, "push");
  const named = parseReference(reference);
  if (otherTags.length > TAGS_PER_PUSH_MAX) {
    throw new RegistryError("tags-exhausted", { tagsMax: TAGS_PER_PUSH_MAX });
  }
  const ownTags = named.kind === "tag" ? [named.tag] : [];
  const tags = [...new Set([...ownTags, ...otherTags.map(parseTag)])];
  const manifest = parseManifest(bytes, contentType);
  expectListable(manifest);
  const algorithm = named.kind === "digest" ? algorithmOf(named.digest) : "sha256";
  const digest = digestOf(algorithm, createHash(algorithm).update(bytes).digest("hex"));
  if (named.kind === "digest" && named.digest !== digest) {
    throw new RegistryError("digest-mismatch", { expected: named.digest, actual: digest });
  }
  await awaitWritable(context, registry);
  const sealed = await context.sealer.seal(registryId, manifestContext(digest), bytes);
  const spent = tokenToSpend(principal, tags);
  await context.metadata.manifests.put(
    registryId,
    repository,
    { digest, mediaType: manifest.mediaType, size: bytes.byteLength, sealed },
    // What people wrote into it is content, and lies nowhere but under seal.
    { ...manifest, annotations: undefined },
    tags,
    context.clock.now(),
    spent,
    spent === undefined ? undefined : spending(context, principal, registry),
  );
  return { digest, tags, subject: manifest.subject?.digest };
}

/** It stands in lists, which have to stay short. */
function expectListable({ artifactType }: Manifest): void {
  if (artifactType !== undefined && artifactType.length > ARTIFACT_TYPE_LENGTH_MAX) {
    const problem = `its artifactType has more than ${ARTIFACT_TYPE_LENGTH_MAX} characters`;
    throw new RegistryError("manifest-invalid", { problem });
  }
}

/** What a manifest's bytes are sealed as. */
export function manifestContext(digest: Digest): string {
  return `manifest:${digest}`;
}

/** A one-time token is gone once it has pushed a tagged manifest; what that manifest refers to it may push before. */
function tokenToSpend(principal: Principal, tags: readonly Tag[]) {
  const isSpent = principal.kind === "token" && principal.isOneTime && tags.length > 0;
  return isSpent ? principal.tokenId : undefined;
}

function spending(
  context: Pick<Context, "clock" | "ids">,
  principal: Principal,
  registry: Registry,
): AuditEvent {
  const { id, name } = actorOf(principal);
  return auditEvent(context, principal, {
    action: "token.spend",
    registry,
    resource: { type: "token", id, name },
  });
}
