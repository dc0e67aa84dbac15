import { type CredentialsResponse, credentialsQuery } from "@moorage/core/contract/credentials";
import {
  type TagsResponse,
  type TreeResponse,
  tagsQuery,
  treeQuery,
} from "@moorage/core/contract/tree";
import { browseTags } from "../../app/browse-tags.ts";
import { browseTree, type TreeStep } from "../../app/browse-tree.ts";
import { getCredentials } from "../../app/get-credentials.ts";
import type { RegistryId, TokenId } from "../../domain/ids.ts";
import { parseId, parseRequest } from "./parse-request.ts";
import {
  type AtRepositories,
  type AtRepository,
  REPOSITORY,
  repositoryAddressOf,
} from "./repositories.ts";
import type { RouteParts } from "./route-parts.ts";
import { timeView } from "./signature-view.ts";

/** What people look at beside the contract: tags, folders, how to log in (extensions, "Added paths"). */
export function browsingRoutes({ instance, context, callerOf }: RouteParts): void {
  instance.get<AtRepository>(`${REPOSITORY}/tags`, async (request): Promise<TagsResponse> => {
    const address = repositoryAddressOf(request.params);
    const query = parseRequest(tagsQuery, request.query);
    const page = await browseTags(context, callerOf(request), address, query);
    return {
      id: "tags",
      type: "collection",
      href: request.hrefs.tags(address.registryId, address.repository),
      items: page.entries.map(({ pushedAt, pulledAt, platforms, ...tag }) => ({
        ...tag,
        platforms: [...platforms],
        pushedAt: timeView(pushedAt),
        pulledAt: pulledAt === undefined ? null : timeView(pulledAt),
      })),
      pagination: { limit: query.limit, token: page.nextPageToken },
    };
  });

  instance.get<AtRepositories>(
    "/registries/:registryId/tree",
    async (request): Promise<TreeResponse> => {
      const registryId = parseId<RegistryId>(request.params.registryId);
      const { path: folder, ...query } = parseRequest(treeQuery, request.query);
      const asked = { ...query, folder };
      const page = await browseTree(context, callerOf(request), registryId, asked);
      return {
        id: "tree",
        type: "collection",
        href: request.hrefs.tree(registryId),
        items: page.entries.map((node) => treeEntryView(node, folder)),
        pagination: { limit: query.limit, token: page.nextPageToken },
      };
    },
  );

  instance.get<AtRepositories>(
    "/registries/:registryId/credentials",
    async (request): Promise<CredentialsResponse> => {
      const registryId = parseId<RegistryId>(request.params.registryId);
      const tokenId = parseId<TokenId>(parseRequest(credentialsQuery, request.query).tokenId);
      const address = { registryId, tokenId };
      const { dockerConfigJson, ...login } = await getCredentials(
        context,
        callerOf(request),
        address,
        request.hrefs.publicUrl,
      );
      return { ...login, dockerconfigjson: dockerConfigJson };
    },
  );
}

/** `name` is the last step of the path. */
function treeEntryView({ kind, path, tagCount, bytes }: TreeStep, folder: string) {
  const name = path.slice(folder.length).replace("/", "");
  return { type: kind, name, path, tagCount, bytes };
}
