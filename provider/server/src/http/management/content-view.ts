import type { Artifact as ArtifactJson, ArtifactsResponse } from "@moorage/core/contract/artifact";
import type {
  RepositoriesResponse,
  Repository as RepositoryJson,
} from "@moorage/core/contract/repository";
import type { ArtifactReport, RepositoryReport } from "../../app/find-repository.ts";
import type { Page } from "../../app/list-tags.ts";
import type { Instant, RegistryId } from "../../domain/ids.ts";
import { contentLinks } from "../wire/page-links.ts";
import type { Hrefs } from "./hrefs.ts";
import { timeView } from "./signature-view.ts";

/** Nothing is scanned (contract, section 2, "Severity words"). */
const UNSCANNED = "unknown";

/** What a page of content was asked by; `more` are the other parameters that were given. */
export interface AskedPage {
  readonly offset: number;
  readonly limit: number;
  readonly more: Readonly<Record<string, string>>;
}

/** A repository as answers show it (contract, section 2, "RepositoryRead"). */
export function repositoryView(
  repository: RepositoryReport,
  registryId: RegistryId,
  hrefs: Hrefs,
): RepositoryJson {
  const { name } = repository;
  return {
    id: name,
    type: "repository",
    href: hrefs.repository(registryId, name),
    metadata: {
      createdDate: timeView(repository.createdAt),
      artifactCount: repository.artifactCount,
      pullCount: repository.pullCount,
      pushCount: repository.pushCount,
      lastPulledAt: timeOrNull(repository.lastPulledAt),
      lastPushedAt: timeOrNull(repository.lastPushedAt),
      lastSeverity: UNSCANNED,
    },
    properties: { name },
  };
}

export function repositoriesView(
  page: Page<RepositoryReport>,
  asked: AskedPage,
  registryId: RegistryId,
  hrefs: Hrefs,
): RepositoriesResponse {
  return listView("repositories", hrefs.repositories(registryId), asked, {
    items: page.entries.map((entry) => repositoryView(entry, registryId, hrefs)),
    hasMore: page.hasMore,
  });
}

/** An artifact as answers show it (contract, section 2, "ArtifactRead"). */
export function artifactView(
  artifact: ArtifactReport,
  registryId: RegistryId,
  hrefs: Hrefs,
): ArtifactJson {
  const { repository, digest } = artifact;
  return {
    id: digest,
    type: "artifact",
    href: hrefs.artifact(registryId, repository, digest),
    metadata: {
      createdDate: timeView(artifact.createdAt),
      lastPushedAt: timeView(artifact.lastPushedAt ?? artifact.createdAt),
      lastPulledAt: timeOrNull(artifact.lastPulledAt),
      lastScannedAt: null,
      pushCount: artifact.pushCount,
      pullCount: artifact.pullCount,
      vulnMaxSeverity: UNSCANNED,
      vulnTotalScore: 0,
      vulnTotalCount: 0,
      vulnFixableCount: 0,
    },
    properties: {
      repositoryName: repository,
      digest,
      tags: [...artifact.tags],
      mediaType: artifact.mediaType,
    },
  };
}

/** `href`: of the registry's artifacts, or of one repository's. */
export function artifactsView(
  page: Page<ArtifactReport>,
  asked: AskedPage,
  registryId: RegistryId,
  href: string,
  hrefs: Hrefs,
): ArtifactsResponse {
  return listView("artifacts", href, asked, {
    items: page.entries.map((entry) => artifactView(entry, registryId, hrefs)),
    hasMore: page.hasMore,
  });
}

/** A list of content (contract, section 2, "Lists of repositories / artifacts / vulnerabilities"). */
export function listView<Item>(
  id: string,
  href: string,
  { offset, limit, more }: AskedPage,
  { items, hasMore }: { readonly items: Item[]; readonly hasMore: boolean },
) {
  const _links = contentLinks(href, { offset, limit }, hasMore, more);
  return { id, type: "collection", href, items, offset, limit, _links };
}

function timeOrNull(at: Instant | undefined): string | null {
  return at === undefined ? null : timeView(at);
}
