import {
  type ScopeInputJson,
  type ScopeResponse,
  scopeResponse,
  scopesResponse,
} from "../contract/scope.ts";
import type { ChangeOptions } from "./registries.ts";
import { type CallOptions, segment, type Transport } from "./transport.ts";

/** Which token a scope belongs to. */
export interface TokenAddress {
  readonly registryId: string;
  readonly tokenId: string;
}

/** Calls about one scope at a time, each atomic (extensions, "Added paths"). */
export class ScopeCalls {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** All scopes of a token, in their order. */
  async list(token: TokenAddress, options: CallOptions = {}): Promise<ScopeResponse[]> {
    const answer = await this.#transport.ask(
      { method: "GET", path: pathOf(token), repeatability: "repeatable", ...options },
      scopesResponse,
    );
    return answer.items;
  }

  /** One scope, or undefined where the registry, the token or the scope is not there. */
  async get(
    token: TokenAddress,
    scopeId: string,
    options: CallOptions = {},
  ): Promise<ScopeResponse | undefined> {
    return await this.#transport.find(
      { method: "GET", path: pathOf(token, scopeId), repeatability: "repeatable", ...options },
      scopeResponse,
    );
  }

  /** Adds a scope to the end of a token's scopes. */
  async create(
    token: TokenAddress,
    properties: ScopeInputJson,
    options: CallOptions = {},
  ): Promise<ScopeResponse> {
    return await this.#transport.ask(
      {
        method: "POST",
        path: pathOf(token),
        body: { properties },
        repeatability: "once",
        ...options,
      },
      scopeResponse,
    );
  }

  /** Replaces a scope and keeps its place. */
  async put(
    token: TokenAddress,
    scopeId: string,
    properties: ScopeInputJson,
    options: ChangeOptions = {},
  ): Promise<ScopeResponse> {
    return await this.#transport.ask(
      {
        method: "PUT",
        path: pathOf(token, scopeId),
        body: { properties },
        repeatability: "repeatable",
        ...options,
      },
      scopeResponse,
    );
  }

  /** Takes a scope from a token; false where it was not there. */
  async delete(
    token: TokenAddress,
    scopeId: string,
    options: ChangeOptions = {},
  ): Promise<boolean> {
    return await this.#transport.remove({
      method: "DELETE",
      path: pathOf(token, scopeId),
      repeatability: "repeatable",
      ...options,
    });
  }
}

function pathOf({ registryId, tokenId }: TokenAddress, scopeId?: string): string {
  const scopes = `/registries/${segment(registryId)}/tokens/${segment(tokenId)}/scopes`;
  return scopeId === undefined ? scopes : `${scopes}/${segment(scopeId)}`;
}
