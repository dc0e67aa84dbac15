import type { OffsetQuery } from "@moorage/core/contract/pages";
import type { Token as TokenJson, TokensResponse } from "@moorage/core/contract/token";
import type { TokenPage } from "../../app/list-tokens.ts";
import type { RegistryId } from "../../domain/ids.ts";
import type { Token } from "../../domain/token.ts";
import { offsetLinks } from "../wire/page-links.ts";
import type { Hrefs } from "./hrefs.ts";
import { scopeLineView } from "./scope-view.ts";
import { signatureView, timeView } from "./signature-view.ts";

/**
 * A token as answers show it (contract, section 2, "Token"; extensions). `secret` is known only to the answer that made it; in all
 * others the password is empty, and its key stays.
 */
export function tokenView(token: Token, hrefs: Hrefs, secret = ""): TokenJson {
  const { expiresAt, lastUsedAt } = token;
  return {
    id: token.id,
    type: "token",
    href: hrefs.token(token.registryId, token.id),
    metadata: { ...signatureView(token.created, token.modified), state: token.status },
    properties: {
      name: token.name,
      description: token.description ?? "",
      status: token.status,
      expiryDate: expiresAt === undefined ? null : timeView(expiresAt),
      scopes: token.scopes.map(scopeLineView),
      oneTime: token.isOneTime,
      lastUsedAt: lastUsedAt === undefined ? null : timeView(lastUsedAt),
      credentials: { username: token.name, password: secret },
    },
  };
}

/** Answer of GET …/tokens (contract, section 2, "TokensResponse"). */
export function tokensView(
  page: TokenPage,
  registryId: RegistryId,
  query: OffsetQuery,
  hrefs: Hrefs,
): TokensResponse {
  const href = hrefs.tokens(registryId);
  return {
    id: "tokens",
    type: "collection",
    href,
    items: page.tokens.map((token) => tokenView(token, hrefs)),
    count: page.tokens.length,
    total: page.total,
    offset: query.offset,
    limit: query.limit,
    _links: offsetLinks(href, query, page.total),
  };
}
