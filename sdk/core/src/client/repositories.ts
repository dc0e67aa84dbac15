import {
  type RepositoriesResponse,
  type Repository,
  type RepositoryOrder,
  repositoriesResponse,
  repository,
} from "../contract/repository.ts";
import {
  type TagEntry,
  type TagsResponse,
  type TreeEntry,
  type TreeResponse,
  tagsResponse,
  treeResponse,
} from "../contract/tree.ts";
import { keysetPages, offsetPages } from "./pages.ts";
import { type CallOptions, segment, type Transport } from "./transport.ts";

/** Which repositories to list, and how. */
export interface RepositoryListOptions extends CallOptions {
  /** Only those whose name contains this text. */
  readonly name?: string | undefined;
  readonly orderBy?: RepositoryOrder | undefined;
  /** Repositories per request. */
  readonly pageSize?: number | undefined;
}

/** How to list tags, or one folder. */
export interface BrowseOptions extends CallOptions {
  /** Entries per request. */
  readonly pageSize?: number | undefined;
}

/** Calls about the repositories of a registry (contract, section 1; extensions). */
export class RepositoryCalls {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** All repositories of a registry, fetched page by page. */
  list(
    registryId: string,
    options: RepositoryListOptions = {},
  ): AsyncGenerator<Repository, void, void> {
    return offsetPages<Repository, RepositoriesResponse>((offset) =>
      this.#transport.ask(
        {
          method: "GET",
          path: pathOfRepositories(registryId),
          query: {
            offset,
            limit: options.pageSize,
            "filter.name": options.name,
            orderBy: options.orderBy,
          },
          repeatability: "repeatable",
          signal: options.signal,
        },
        repositoriesResponse,
      ),
    );
  }

  /** One repository, or undefined where the registry or the repository is not there. */
  async get(
    registryId: string,
    name: string,
    options: CallOptions = {},
  ): Promise<Repository | undefined> {
    return await this.#transport.find(
      {
        method: "GET",
        path: pathOfRepository(registryId, name),
        repeatability: "repeatable",
        ...options,
      },
      repository,
    );
  }

  /** Deletes a repository with all that it holds; false where there was none. */
  async delete(registryId: string, name: string, options: CallOptions = {}): Promise<boolean> {
    return await this.#transport.remove({
      method: "DELETE",
      path: pathOfRepository(registryId, name),
      repeatability: "repeatable",
      ...options,
    });
  }

  /** All tags of a repository, by name, fetched page by page. */
  tags(
    registryId: string,
    name: string,
    options: BrowseOptions = {},
  ): AsyncGenerator<TagEntry, void, void> {
    return keysetPages<TagEntry, TagsResponse>(options.pageSize, (query) =>
      this.#transport.ask(
        {
          method: "GET",
          path: `${pathOfRepository(registryId, name)}/tags`,
          query,
          repeatability: "repeatable",
          signal: options.signal,
        },
        tagsResponse,
      ),
    );
  }

  /**
   * Folders and repositories one step below a folder, fetched page by page.
   * @param folder such as `team/`; empty for the registry's top
   */
  tree(
    registryId: string,
    folder = "",
    options: BrowseOptions = {},
  ): AsyncGenerator<TreeEntry, void, void> {
    return keysetPages<TreeEntry, TreeResponse>(options.pageSize, (query) =>
      this.#transport.ask(
        {
          method: "GET",
          path: `/registries/${segment(registryId)}/tree`,
          query: { path: folder, ...query },
          repeatability: "repeatable",
          signal: options.signal,
        },
        treeResponse,
      ),
    );
  }
}

/** Where a repository is; its name is one segment of the path. */
export function pathOfRepository(registryId: string, name: string): string {
  return `${pathOfRepositories(registryId)}/${segment(name)}`;
}

function pathOfRepositories(registryId: string): string {
  return `/registries/${segment(registryId)}/repositories`;
}
