import {
  type RegistriesResponse,
  type Registry,
  type RegistryInputJson,
  type RegistryPatchJson,
  registriesResponse,
  registry,
} from "../contract/registry.ts";
import { keysetPages } from "./pages.ts";
import { type CallOptions, segment, type Transport } from "./transport.ts";

/** What a change takes besides its own arguments. */
export interface ChangeOptions extends CallOptions {
  /** `metadata.etag` of the state that the change is meant for; fails if it is no longer so. */
  readonly ifMatch?: string | undefined;
}

/** Which registries to list. */
export interface RegistryListOptions extends CallOptions {
  /** Only those whose name contains this text. */
  readonly name?: string | undefined;
  /** Registries per request. */
  readonly pageSize?: number | undefined;
}

/** Calls about registries (contract, section 1). */
export class RegistryCalls {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** All registries of the organization, fetched page by page. */
  list(options: RegistryListOptions = {}): AsyncGenerator<Registry, void, void> {
    return keysetPages<Registry, RegistriesResponse>(options.pageSize, (query) =>
      this.#transport.ask(
        {
          method: "GET",
          path: "/registries",
          query: { "filter.name": options.name, ...query },
          repeatability: "repeatable",
          signal: options.signal,
        },
        registriesResponse,
      ),
    );
  }

  /** One registry, or undefined where there is none of this id. */
  async get(id: string, options: CallOptions = {}): Promise<Registry | undefined> {
    return await this.#transport.find(
      { method: "GET", path: pathOf(id), repeatability: "repeatable", ...options },
      registry,
    );
  }

  /** Creates a registry under an id that the server chooses. */
  async create(properties: RegistryInputJson, options: CallOptions = {}): Promise<Registry> {
    return await this.#transport.ask(
      {
        method: "POST",
        path: "/registries",
        body: { properties },
        repeatability: "once",
        ...options,
      },
      registry,
    );
  }

  /** Creates a registry under this id, or replaces its settings. */
  async put(
    id: string,
    properties: RegistryInputJson,
    options: ChangeOptions = {},
  ): Promise<Registry> {
    return await this.#transport.ask(
      {
        method: "PUT",
        path: pathOf(id),
        body: { properties },
        repeatability: "repeatable",
        ...options,
      },
      registry,
    );
  }

  /** Changes the settings that are given and leaves the others as they are. */
  async patch(
    id: string,
    changes: RegistryPatchJson,
    options: ChangeOptions = {},
  ): Promise<Registry> {
    return await this.#transport.ask(
      { method: "PATCH", path: pathOf(id), body: changes, repeatability: "repeatable", ...options },
      registry,
    );
  }

  /** Deletes a registry and its content; false where there was none. */
  async delete(id: string, options: ChangeOptions = {}): Promise<boolean> {
    return await this.#transport.remove({
      method: "DELETE",
      path: pathOf(id),
      repeatability: "repeatable",
      ...options,
    });
  }
}

function pathOf(id: string): string {
  return `/registries/${segment(id)}`;
}
