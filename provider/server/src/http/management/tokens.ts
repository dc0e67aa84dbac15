import { offsetQuery } from "@moorage/core/contract/pages";
import { rotateRequest } from "@moorage/core/contract/rotate";
import { tokenPatch, tokenRequest } from "@moorage/core/contract/token";
import type { FastifyReply } from "fastify";
import { changeToken } from "../../app/change-token.ts";
import { deleteToken } from "../../app/delete-token.ts";
import type { TokenAddress } from "../../app/find-registry.ts";
import { getToken } from "../../app/get-token.ts";
import { issueToken } from "../../app/issue-token.ts";
import { listTokens } from "../../app/list-tokens.ts";
import { replaceToken } from "../../app/replace-token.ts";
import { rotateToken } from "../../app/rotate-token.ts";
import type { IssuedToken } from "../../app/token-draft.ts";
import type { RegistryId, TokenId } from "../../domain/ids.ts";
import { parseId, parseRequest } from "./parse-request.ts";
import type { RouteParts } from "./route-parts.ts";
import { tokenChangeOf, tokenDraftOf } from "./token-input.ts";
import { tokensView, tokenView } from "./token-view.ts";

interface AtTokens {
  readonly Params: { readonly registryId: string };
}

interface AtToken {
  readonly Params: { readonly registryId: string; readonly tokenId: string };
}

export function tokenRoutes({ instance, context, callerOf }: RouteParts): void {
  const sendCreated = (reply: FastifyReply, { token, secret }: IssuedToken) =>
    reply
      .code(201)
      .header("location", reply.request.hrefs.token(token.registryId, token.id))
      .send(tokenView(token, reply.request.hrefs, secret));

  instance.get<AtTokens>("/registries/:registryId/tokens", async (request) => {
    const registryId = parseId<RegistryId>(request.params.registryId);
    const query = parseRequest(offsetQuery, request.query);
    const page = await listTokens(context, callerOf(request), registryId, query);
    return tokensView(page, registryId, query, request.hrefs);
  });

  instance.post<AtTokens>("/registries/:registryId/tokens", async (request, reply) => {
    const registryId = parseId<RegistryId>(request.params.registryId);
    const draft = tokenDraftOf(parseRequest(tokenRequest, request.body).properties);
    return sendCreated(reply, await issueToken(context, callerOf(request), registryId, draft));
  });

  instance.get<AtToken>("/registries/:registryId/tokens/:tokenId", async (request) => {
    const address = tokenAddressOf(request.params);
    return tokenView(await getToken(context, callerOf(request), address), request.hrefs);
  });

  instance.put<AtToken>("/registries/:registryId/tokens/:tokenId", async (request, reply) => {
    const address = tokenAddressOf(request.params);
    const draft = tokenDraftOf(parseRequest(tokenRequest, request.body).properties);
    return sendCreated(reply, await replaceToken(context, callerOf(request), address, draft));
  });

  instance.patch<AtToken>("/registries/:registryId/tokens/:tokenId", async (request) => {
    const address = tokenAddressOf(request.params);
    const change = tokenChangeOf(parseRequest(tokenPatch, request.body));
    return tokenView(await changeToken(context, callerOf(request), address, change), request.hrefs);
  });

  instance.delete<AtToken>("/registries/:registryId/tokens/:tokenId", async (request, reply) => {
    await deleteToken(context, callerOf(request), tokenAddressOf(request.params));
    return reply.code(204).send();
  });

  instance.post<AtToken>("/registries/:registryId/tokens/:tokenId/rotate", async (request) => {
    const address = tokenAddressOf(request.params);
    const { gracePeriodSeconds } = parseRequest(rotateRequest, request.body ?? {});
    const caller = callerOf(request);
    const { token, secret } = await rotateToken(context, caller, address, gracePeriodSeconds);
    return tokenView(token, request.hrefs, secret);
  });
}

/** @throws RegistryError `input-invalid` */
export function tokenAddressOf(parameters: AtToken["Params"]): TokenAddress {
  return {
    registryId: parseId<RegistryId>(parameters.registryId),
    tokenId: parseId<TokenId>(parameters.tokenId),
  };
}
