import { scopeRequest } from "@moorage/core/contract/scope";
import {
  addScope,
  getScope,
  listScopes,
  removeScope,
  replaceScope,
} from "../../app/change-scopes.ts";
import type { ScopeId } from "../../domain/ids.ts";
import { parseId, parseRequest } from "./parse-request.ts";
import type { RouteParts } from "./route-parts.ts";
import { scopeDraftOf, scopesView, scopeView } from "./scope-view.ts";
import { tokenAddressOf } from "./tokens.ts";

const SCOPES = "/registries/:registryId/tokens/:tokenId/scopes";
const SCOPE = `${SCOPES}/:scopeId`;

interface AtScopes {
  readonly Params: { readonly registryId: string; readonly tokenId: string };
}

interface AtScope {
  readonly Params: AtScopes["Params"] & { readonly scopeId: string };
}

/** Single scopes of a token (extensions, "Added paths"). */
export function scopeRoutes({ instance, context, callerOf }: RouteParts): void {
  instance.get<AtScopes>(SCOPES, async (request) => {
    const address = tokenAddressOf(request.params);
    return scopesView(
      await listScopes(context, callerOf(request), address),
      address,
      request.hrefs,
    );
  });

  instance.post<AtScopes>(SCOPES, async (request, reply) => {
    const address = tokenAddressOf(request.params);
    const draft = scopeDraftOf(parseRequest(scopeRequest, request.body).properties);
    const scope = await addScope(context, callerOf(request), address, draft);
    const view = scopeView(scope, address, request.hrefs);
    return reply.code(201).header("location", view.href).send(view);
  });

  instance.get<AtScope>(SCOPE, async (request) => {
    const address = tokenAddressOf(request.params);
    const id = parseId<ScopeId>(request.params.scopeId);
    return scopeView(
      await getScope(context, callerOf(request), address, id),
      address,
      request.hrefs,
    );
  });

  instance.put<AtScope>(SCOPE, async (request) => {
    const address = tokenAddressOf(request.params);
    const id = parseId<ScopeId>(request.params.scopeId);
    const draft = scopeDraftOf(parseRequest(scopeRequest, request.body).properties);
    const scope = await replaceScope(context, callerOf(request), address, { ...draft, id });
    return scopeView(scope, address, request.hrefs);
  });

  instance.delete<AtScope>(SCOPE, async (request, reply) => {
    const address = tokenAddressOf(request.params);
    const id = parseId<ScopeId>(request.params.scopeId);
    await removeScope(context, callerOf(request), address, id);
    return reply.code(204).send();
  });
}
