import type { RegistryId, RunId, ScopeId, TokenId, UserId } from "../../domain/ids.ts";

/** Where the resources of the management API are, absolute, whichever of its two prefixes a request came by. */
export class Hrefs {
  /** Where the client that asks reaches the server. */
  readonly publicUrl: string;
  readonly #base: string;

  constructor({ publicUrl }: { readonly publicUrl: string }) {
    this.publicUrl = publicUrl;
    this.#base = `${publicUrl}/containerregistries`;
  }

  locations(): string {
    return `${this.#base}/locations`;
  }

  organization(): string {
    return `${this.#base}/organization`;
  }

  users(): string {
    return `${this.#base}/users`;
  }

  user(id: UserId): string {
    return `${this.users()}/${id}`;
  }

  auditEvents(): string {
    return `${this.#base}/audit-events`;
  }

  collections(registryId: RegistryId): string {
    return `${this.registry(registryId)}/garbage-collections`;
  }

  collection(registryId: RegistryId, id: RunId): string {
    return `${this.collections(registryId)}/${id}`;
  }

  registries(): string {
    return `${this.#base}/registries`;
  }

  registry(id: RegistryId): string {
    return `${this.registries()}/${id}`;
  }

  repositories(registryId: RegistryId): string {
    return `${this.registry(registryId)}/repositories`;
  }

  repository(registryId: RegistryId, name: string): string {
    return `${this.repositories(registryId)}/${encodeURIComponent(name)}`;
  }

  /** Of one repository, or of all of the registry. */
  artifacts(registryId: RegistryId, repository?: string): string {
    const of =
      repository === undefined
        ? this.registry(registryId)
        : this.repository(registryId, repository);
    return `${of}/artifacts`;
  }

  artifact(registryId: RegistryId, repository: string, digest: string): string {
    return `${this.artifacts(registryId, repository)}/${encodeURIComponent(digest)}`;
  }

  tags(registryId: RegistryId, repository: string): string {
    return `${this.repository(registryId, repository)}/tags`;
  }

  tree(registryId: RegistryId): string {
    return `${this.registry(registryId)}/tree`;
  }

  tokens(registryId: RegistryId): string {
    return `${this.registry(registryId)}/tokens`;
  }

  token(registryId: RegistryId, id: TokenId): string {
    return `${this.tokens(registryId)}/${id}`;
  }

  scopes(registryId: RegistryId, tokenId: TokenId): string {
    return `${this.token(registryId, tokenId)}/scopes`;
  }

  scope(registryId: RegistryId, tokenId: TokenId, id: ScopeId): string {
    return `${this.scopes(registryId, tokenId)}/${id}`;
  }
}
