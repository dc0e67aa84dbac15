import {
  type Artifact,
  type ArtifactsResponse,
  artifact,
  artifactsResponse,
} from "../contract/artifact.ts";
import {
  type VulnerabilitiesResponse,
  type Vulnerability,
  vulnerabilitiesResponse,
} from "../contract/vulnerability.ts";
import { offsetPages } from "./pages.ts";
import { pathOfRepository } from "./repositories.ts";
import { type CallOptions, segment, type Transport } from "./transport.ts";

/** Which artifacts to list, and how. */
export interface ArtifactListOptions extends CallOptions {
  /** A field of the contract's list, with a leading `-` for descending: `-pullCount`. */
  readonly orderBy?: string | undefined;
  /** Artifacts per request. */
  readonly pageSize?: number | undefined;
}

/** Calls about the artifacts of a registry: the manifests in its repositories (contract, section 1). */
export class ArtifactCalls {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** All artifacts of a registry, the most pulled ones first, fetched page by page. */
  listAll(registryId: string, options: ArtifactListOptions = {}): AsyncGenerator<Artifact> {
    return this.#list(`/registries/${segment(registryId)}/artifacts`, options);
  }

  /** All artifacts of one repository, the last pushed ones first, fetched page by page. */
  list(
    registryId: string,
    repository: string,
    options: ArtifactListOptions = {},
  ): AsyncGenerator<Artifact> {
    return this.#list(pathOf(registryId, repository), options);
  }

  /** One artifact, or undefined where the registry, the repository or the artifact is not there. */
  async get(
    registryId: string,
    repository: string,
    digest: string,
    options: CallOptions = {},
  ): Promise<Artifact | undefined> {
    return await this.#transport.find(
      {
        method: "GET",
        path: pathOf(registryId, repository, digest),
        repeatability: "repeatable",
        ...options,
      },
      artifact,
    );
  }

  /** Deletes an artifact with the tags that point at it; false where there was none. */
  async delete(
    registryId: string,
    repository: string,
    digest: string,
    options: CallOptions = {},
  ): Promise<boolean> {
    return await this.#transport.remove({
      method: "DELETE",
      path: pathOf(registryId, repository, digest),
      repeatability: "repeatable",
      ...options,
    });
  }

  /** What scanning has found in an artifact, fetched page by page. */
  vulnerabilities(
    registryId: string,
    repository: string,
    digest: string,
    options: ArtifactListOptions = {},
  ): AsyncGenerator<Vulnerability> {
    const path = `${pathOf(registryId, repository, digest)}/vulnerabilities`;
    return offsetPages<Vulnerability, VulnerabilitiesResponse>((offset) =>
      this.#transport.ask(pageOf(path, offset, options), vulnerabilitiesResponse),
    );
  }

  #list(path: string, options: ArtifactListOptions): AsyncGenerator<Artifact> {
    return offsetPages<Artifact, ArtifactsResponse>((offset) =>
      this.#transport.ask(pageOf(path, offset, options), artifactsResponse),
    );
  }
}

function pageOf(path: string, offset: number, options: ArtifactListOptions) {
  const { orderBy, pageSize, signal } = options;
  const query = { offset, limit: pageSize, orderBy };
  return { method: "GET", path, query, repeatability: "repeatable", signal } as const;
}

function pathOf(registryId: string, repository: string, digest?: string): string {
  const artifacts = `${pathOfRepository(registryId, repository)}/artifacts`;
  return digest === undefined ? artifacts : `${artifacts}/${segment(digest)}`;
}
