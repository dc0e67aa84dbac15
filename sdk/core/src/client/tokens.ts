import { type CredentialsResponse, credentialsResponse } from "../contract/credentials.ts";
import type { RotateRequestJson } from "../contract/rotate.ts";
import {
  type Token,
  type TokenInputJson,
  type TokenPatchJson,
  type TokensResponse,
  token,
  tokensResponse,
} from "../contract/token.ts";
import type { ChangeOptions } from "./registries.ts";
import { type CallOptions, segment, type Transport } from "./transport.ts";

/** How to list tokens. */
export interface TokenListOptions extends CallOptions {
  /** Tokens per request. */
  readonly pageSize?: number | undefined;
}

/** Calls about the tokens of a registry (contract, section 1; extensions). */
export class TokenCalls {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** All tokens of a registry, fetched page by page. */
  async *list(
    registryId: string,
    options: TokenListOptions = {},
  ): AsyncGenerator<Token, void, void> {
    let offset = 0;
    for (;;) {
      const page: TokensResponse = await this.#transport.ask(
        {
          method: "GET",
          path: pathOf(registryId),
          query: { offset, limit: options.pageSize },
          repeatability: "repeatable",
          signal: options.signal,
        },
        tokensResponse,
      );
      const items = page.items ?? [];
      yield* items;
      offset += items.length;
      if (items.length === 0 || offset >= page.total) return;
    }
  }

  /** One token, without its password; undefined where the registry or the token is not there. */
  async get(
    registryId: string,
    tokenId: string,
    options: CallOptions = {},
  ): Promise<Token | undefined> {
    return await this.#transport.find(
      {
        method: "GET",
        path: pathOf(registryId, tokenId),
        repeatability: "repeatable",
        ...options,
      },
      token,
    );
  }

  /** How a token logs in, `<password>` standing for its secret; undefined as in `get`. */
  async credentials(
    registryId: string,
    tokenId: string,
    options: CallOptions = {},
  ): Promise<CredentialsResponse | undefined> {
    return await this.#transport.find(
      {
        method: "GET",
        path: `/registries/${segment(registryId)}/credentials`,
        query: { tokenId },
        repeatability: "repeatable",
        ...options,
      },
      credentialsResponse,
    );
  }

  /** Creates a token. Only this answer holds its password. */
  async create(
    registryId: string,
    properties: TokenInputJson,
    options: CallOptions = {},
  ): Promise<Token> {
    return await this.#transport.ask(
      {
        method: "POST",
        path: pathOf(registryId),
        body: { properties },
        repeatability: "once",
        ...options,
      },
      token,
    );
  }

  /**
   * Creates a token under this id, or replaces its settings. Only an answer that creates holds a
   * password.
   */
  async put(
    registryId: string,
    tokenId: string,
    properties: TokenInputJson,
    options: ChangeOptions = {},
  ): Promise<Token> {
    // Once only, although PUT is idempotent: the lost answer may have been the one with the password.
    return await this.#transport.ask(
      {
        method: "PUT",
        path: pathOf(registryId, tokenId),
        body: { properties },
        repeatability: "once",
        ...options,
      },
      token,
    );
  }

  /** Changes the settings that are given and leaves the others as they are. */
  async patch(
    registryId: string,
    tokenId: string,
    changes: TokenPatchJson,
    options: ChangeOptions = {},
  ): Promise<Token> {
    return await this.#transport.ask(
      {
        method: "PATCH",
        path: pathOf(registryId, tokenId),
        body: changes,
        repeatability: "repeatable",
        ...options,
      },
      token,
    );
  }

  /** Deletes a token, which ends its use at once; false where there was none. */
  async delete(registryId: string, tokenId: string, options: ChangeOptions = {}): Promise<boolean> {
    return await this.#transport.remove({
      method: "DELETE",
      path: pathOf(registryId, tokenId),
      repeatability: "repeatable",
      ...options,
    });
  }

  /** Gives a token a new password, which only this answer holds (extensions, "Added paths"). */
  async rotate(
    registryId: string,
    tokenId: string,
    rotation: RotateRequestJson = {},
    options: CallOptions = {},
  ): Promise<Token> {
    return await this.#transport.ask(
      {
        method: "POST",
        path: `${pathOf(registryId, tokenId)}/rotate`,
        body: rotation,
        repeatability: "once",
        ...options,
      },
      token,
    );
  }
}

function pathOf(registryId: string, tokenId?: string): string {
  const tokens = `/registries/${segment(registryId)}/tokens`;
  return tokenId === undefined ? tokens : `${tokens}/${segment(tokenId)}`;
}
