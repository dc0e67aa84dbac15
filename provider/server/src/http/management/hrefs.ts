import type { ApplicationSettings } from "../../app/context.ts";
import type { RegistryId, RunId, ScopeId, TokenId } from "../../domain/ids.ts";

/** Where the resources of the management API are, absolute, whichever of its two prefixes a request came by. */
export class Hrefs {
  readonly #base: string;

  constructor(settings: Pick<ApplicationSettings, "publicUrl">) {
    this.#base = `${settings.publicUrl.replace(/\/+$/, "")}/containerregistries`;
  }

  locations(): string {
    return `${this.#base}/locations`;
  }

  organization(): string {
    return `${this.#base}/organization`;
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
