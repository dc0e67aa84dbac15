import type { Digest } from "../../domain/digest.ts";
import type { OrganizationId, RegistryId } from "../../domain/ids.ts";
import type { Tag } from "../../domain/reference.ts";
import type { RepositoryName } from "../../domain/repository-name.ts";
import type {
  ArtifactField,
  ArtifactSummary,
  ContentBrowser,
  OrderedPage,
  RegistryBytes,
  RepositoryField,
  RepositorySummary,
  TagSummary,
  TreeNode,
} from "../../ports/content-browser.ts";
import type { KeysetPage } from "../../ports/repository-store.ts";
import { ArtifactPages } from "./artifact-pages.ts";
import { type BrowsingQueries, prepareBrowsingQueries } from "./browsing-queries.ts";
import { toRepositorySummary, toTagSummary } from "./browsing-rows.ts";
import { ContentTree } from "./content-tree.ts";
import { execute } from "./prepared-query.ts";
import { repositoryPageQuery } from "./repository-pages.ts";
import type { SqlDatabase } from "./sql-database.ts";
import { stored } from "./stored-values.ts";

export class SqlContentBrowser implements ContentBrowser {
  readonly #database: SqlDatabase;
  readonly #queries: BrowsingQueries;
  readonly #artifacts: ArtifactPages;
  readonly #tree: ContentTree;

  constructor(database: SqlDatabase) {
    this.#database = database;
    this.#queries = prepareBrowsingQueries(database.builder);
    this.#artifacts = new ArtifactPages(database);
    this.#tree = new ContentTree(database);
  }

  async repositories(
    registryId: RegistryId,
    page: OrderedPage<RepositoryField>,
    nameContains = "",
  ): Promise<readonly RepositorySummary[]> {
    const { reader, builder } = this.#database;
    const query = repositoryPageQuery(builder, registryId, page, nameContains);
    return (await execute(reader, query)).rows.map(toRepositorySummary);
  }

  async repository(
    registryId: RegistryId,
    name: RepositoryName,
  ): Promise<RepositorySummary | undefined> {
    const row = await this.#queries.repository.first(this.#database.reader, { registryId, name });
    return row && toRepositorySummary(row);
  }

  async repositoryCount(registryId: RegistryId, max: number): Promise<number> {
    const values = { registryId, max };
    return (await this.#queries.countRepositories.first(this.#database.reader, values))?.count ?? 0;
  }

  async artifacts(
    registryId: RegistryId,
    page: OrderedPage<ArtifactField>,
  ): Promise<readonly ArtifactSummary[]> {
    return this.#artifacts.page(registryId, undefined, page);
  }

  async artifactsOf(
    registryId: RegistryId,
    repository: RepositoryName,
    page: OrderedPage<ArtifactField>,
  ): Promise<readonly ArtifactSummary[]> {
    return this.#artifacts.page(registryId, repository, page);
  }

  async artifact(
    registryId: RegistryId,
    repository: RepositoryName,
    digest: Digest,
  ): Promise<ArtifactSummary | undefined> {
    return this.#artifacts.find(registryId, repository, digest);
  }

  async artifactCount(
    registryId: RegistryId,
    repository: RepositoryName | undefined,
    max: number,
  ): Promise<number> {
    const { reader } = this.#database;
    const row =
      repository === undefined
        ? await this.#queries.countOfRegistry.first(reader, { registryId, max })
        : await this.#queries.countOfRepository.first(reader, { registryId, repository, max });
    return row?.count ?? 0;
  }

  async tags(
    registryId: RegistryId,
    repository: RepositoryName,
    { after = "", limit }: KeysetPage<Tag>,
  ): Promise<readonly TagSummary[]> {
    const { reader } = this.#database;
    const rows = await this.#queries.tags.rows(reader, { registryId, repository, after, limit });
    const bytes = new Map<number, number>();
    for (const key of new Set(rows.map((row) => row.manifest_key))) {
      const row = await this.#queries.bytes.first(reader, { key });
      bytes.set(key, row?.bytes ?? 0);
    }
    return rows.map((row) => toTagSummary(row, bytes.get(row.manifest_key) ?? 0));
  }

  async tree(
    registryId: RegistryId,
    folder: string,
    page: KeysetPage<string>,
  ): Promise<readonly TreeNode[]> {
    return this.#tree.page(registryId, folder, page);
  }

  async bytesByRegistry(
    organizationId: OrganizationId,
    limit: number,
  ): Promise<readonly RegistryBytes[]> {
    const values = { organizationId, limit };
    const rows = await this.#queries.bytesByRegistry.rows(this.#database.reader, values);
    return rows.map(({ id, name, bytes }) => ({
      registryId: stored.registryId(id),
      registryName: name,
      bytes,
    }));
  }
}
