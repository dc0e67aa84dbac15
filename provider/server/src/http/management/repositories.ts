import { repositoriesQuery } from "@moorage/core/contract/repository";
import { deleteRepository } from "../../app/delete-repository.ts";
import { findRepository, type RepositoryAddress } from "../../app/find-repository.ts";
import { listRepositories } from "../../app/list-repositories.ts";
import type { RegistryId } from "../../domain/ids.ts";
import { givenParameters, parseOrder } from "./content-order.ts";
import { repositoriesView, repositoryView } from "./content-view.ts";
import { parseId, parseRequest } from "./parse-request.ts";
import type { RouteParts } from "./route-parts.ts";

const REPOSITORIES = "/registries/:registryId/repositories";
export const REPOSITORY = `${REPOSITORIES}/:repository`;

export interface AtRepositories {
  readonly Params: { readonly registryId: string };
}

/** The router has decoded the name: its slashes are percent-encoded in the path (contract, section 0). */
export interface AtRepository {
  readonly Params: { readonly registryId: string; readonly repository: string };
}

export function repositoryRoutes({ instance, context, callerOf }: RouteParts): void {
  instance.get<AtRepositories>(REPOSITORIES, async (request) => {
    const registryId = parseId<RegistryId>(request.params.registryId);
    const query = parseRequest(repositoriesQuery, request.query);
    const { offset, limit, nameFilter, severityFilter } = query;
    const page = await listRepositories(context, callerOf(request), registryId, {
      ...parseOrder(query.orderBy),
      offset,
      limit,
      nameContains: nameFilter,
      severity: severityFilter,
    });
    const given = {
      "filter.name": nameFilter,
      "filter.vulnerabilitySeverity": severityFilter,
      orderBy: query.orderBy,
    };
    const more = givenParameters(given, { orderBy: "-lastPush" });
    return repositoriesView(page, { offset, limit, more }, registryId, request.hrefs);
  });

  instance.get<AtRepository>(REPOSITORY, async (request) => {
    const address = repositoryAddressOf(request.params);
    const repository = await findRepository(context, callerOf(request), address);
    return repositoryView(repository, address.registryId, request.hrefs);
  });

  instance.delete<AtRepository>(REPOSITORY, async (request, reply) => {
    await deleteRepository(context, callerOf(request), repositoryAddressOf(request.params));
    return reply.code(204).send();
  });
}

/** @throws RegistryError `input-invalid` */
export function repositoryAddressOf(parameters: AtRepository["Params"]): RepositoryAddress {
  return {
    registryId: parseId<RegistryId>(parameters.registryId),
    repository: parameters.repository,
  };
}
