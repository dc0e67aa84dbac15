import type { Digest } from "../domain/digest.ts";
import type { Instant, OrganizationId, RegistryId } from "../domain/ids.ts";
import type { ManifestMediaType } from "../domain/manifest.ts";
import type { Tag } from "../domain/reference.ts";
import type { RepositoryName } from "../domain/repository-name.ts";
import type { KeysetPage } from "./repository-store.ts";

/** How often something was pushed and pulled, and when last. */
export interface Usage {
  readonly pushCount: number;
  readonly pullCount: number;
  readonly lastPushedAt: Instant | undefined;
  readonly lastPulledAt: Instant | undefined;
}

export interface RepositorySummary extends Usage {
  readonly name: RepositoryName;
  readonly artifactCount: number;
  readonly createdAt: Instant;
}

/** A manifest of a repository, as people browse it. */
export interface ArtifactSummary extends Usage {
  readonly repository: RepositoryName;
  readonly digest: Digest;
  readonly mediaType: ManifestMediaType;
  /** By their bytes. */
  readonly tags: readonly Tag[];
  readonly createdAt: Instant;
}

export interface TagSummary {
  readonly tag: Tag;
  readonly digest: Digest;
  readonly mediaType: ManifestMediaType;
  /** Of the manifest and all that it leads to, each blob and each child counted once. */
  readonly bytes: number;
  /** When the tag was last pushed. */
  readonly pushedAt: Instant;
  /** When what it points at was last pulled. */
  readonly pulledAt: Instant | undefined;
}

/** One step below a folder: a repository, or a folder, whose path ends with a slash. A name can be both. */
export interface TreeNode {
  readonly kind: "folder" | "repository";
  readonly path: string;
  readonly tagCount: number;
  /** Of each repository's manifests, and of the blobs that it sees. */
  readonly bytes: number;
}

export interface RegistryBytes {
  readonly registryId: RegistryId;
  readonly registryName: string;
  readonly bytes: number;
}

export type RepositoryField =
  | "name"
  | "lastPush"
  | "lastPull"
  | "artifactCount"
  | "pullCount"
  | "pushCount";
export type ArtifactField = "lastPush" | "lastPull" | "pullCount" | "pushCount";

/** A page of a list in some order. What is equal keeps an order of its own, so that pages neither repeat nor skip anything. */
export interface OrderedPage<Field extends string> {
  readonly orderBy: Field;
  readonly isDescending: boolean;
  readonly offset: number;
  readonly limit: number;
}

/**
 * What people look at: repositories that hold a manifest, and what is in them. In the order by `lastPush` (repositories, and the artifacts of
 * one), by `name` (repositories) and by `pullCount` (artifacts of a registry) a page is read along an index; other orders sort all of the list.
 * Of a registry or a repository that is not there, every list is empty.
 */
export interface ContentBrowser {
  /** `nameContains`: text that the name must contain, without regard to case. */
  repositories(
    registryId: RegistryId,
    page: OrderedPage<RepositoryField>,
    nameContains?: string,
  ): Promise<readonly RepositorySummary[]>;

  repository(registryId: RegistryId, name: RepositoryName): Promise<RepositorySummary | undefined>;

  /** How many repositories are listed; no more than `max` are counted. */
  repositoryCount(registryId: RegistryId, max: number): Promise<number>;

  /** The artifacts of a registry; one that several repositories hold appears once for each. */
  artifacts(
    registryId: RegistryId,
    page: OrderedPage<ArtifactField>,
  ): Promise<readonly ArtifactSummary[]>;

  artifactsOf(
    registryId: RegistryId,
    repository: RepositoryName,
    page: OrderedPage<ArtifactField>,
  ): Promise<readonly ArtifactSummary[]>;

  artifact(
    registryId: RegistryId,
    repository: RepositoryName,
    digest: Digest,
  ): Promise<ArtifactSummary | undefined>;

  /** How many artifacts a registry, or one repository of it, holds; no more than `max` are counted. */
  artifactCount(
    registryId: RegistryId,
    repository: RepositoryName | undefined,
    max: number,
  ): Promise<number>;

  /** Tags by their bytes. */
  tags(
    registryId: RegistryId,
    repository: RepositoryName,
    page: KeysetPage<Tag>,
  ): Promise<readonly TagSummary[]>;

  /** What lies one step below `folder` (empty, or ending with a slash), by the paths' bytes; `after` is the path of a node. */
  tree(
    registryId: RegistryId,
    folder: string,
    page: KeysetPage<string>,
  ): Promise<readonly TreeNode[]>;

  /** What each registry of an organization stores, by name, the first `limit` of them. */
  bytesByRegistry(organizationId: OrganizationId, limit: number): Promise<readonly RegistryBytes[]>;
}
