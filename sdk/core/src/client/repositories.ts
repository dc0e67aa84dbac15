import {
  type RepositoriesResponse,
  type Repository,
  type RepositoryOrder,
  repositoriesResponse,
  repository,
} from "../contract/repository.ts";
import { type CallOptions, segment, type Transport } from "./transport.ts";

/** Which repositories to list, and how. */
export interface RepositoryListOptions extends CallOptions {
  /** Only those whose name contains this text. */
  readonly name?: string | undefined;
  readonly orderBy?: RepositoryOrder | undefined;
  /** Repositories per request. */
  readonly pageSize?: number | undefined;
}

/** Calls about the repositories of a registry (contract, section 1). */
export class RepositoryCalls {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** All repositories of a registry, fetched page by page. */
  async *list(
    registryId: string,
    options: RepositoryListOptions = {},
  ): AsyncGenerator<Repository, void, void> {
    let offset = 0;
    for (;;) {
      const page: RepositoriesResponse = await this.#transport.ask(
        {
          method: "GET",
          path: pathOf(registryId),
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
      );
      const items = page.items ?? [];
      yield* items;
      offset += items.length;
      if (items.length === 0 || !page._links.next) return;
    }
  }

  /** One repository, or undefined where the registry or the repository is not there. */
  async get(
    registryId: string,
    name: string,
    options: CallOptions = {},
  ): Promise<Repository | undefined> {
    return await this.#transport.find(
      { method: "GET", path: pathOf(registryId, name), repeatability: "repeatable", ...options },
      repository,
    );
  }

  /** Deletes a repository with all that it holds; false where there was none. */
  async delete(registryId: string, name: string, options: CallOptions = {}): Promise<boolean> {
    return await this.#transport.remove({
      method: "DELETE",
      path: pathOf(registryId, name),
      repeatability: "repeatable",
      ...options,
    });
  }
}

function pathOf(registryId: string, name?: string): string {
  const repositories = `/registries/${segment(registryId)}/repositories`;
  return name === undefined ? repositories : `${repositories}/${segment(name)}`;
}
