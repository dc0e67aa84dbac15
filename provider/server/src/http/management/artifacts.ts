import { registryArtifactsQuery, repositoryArtifactsQuery } from "@moorage/core/contract/artifact";
import {
  type VulnerabilitiesResponse,
  vulnerabilitiesQuery,
} from "@moorage/core/contract/vulnerability";
import { deleteArtifact } from "../../app/delete-artifact.ts";
import { type ArtifactAddress, findArtifact } from "../../app/find-repository.ts";
import { getVulnerability } from "../../app/get-vulnerability.ts";
import { listRegistryArtifacts, listRepositoryArtifacts } from "../../app/list-artifacts.ts";
import type { RegistryId } from "../../domain/ids.ts";
import { givenParameters, parseOrder } from "./content-order.ts";
import { artifactsView, artifactView, listView } from "./content-view.ts";
import { parseId, parseRequest } from "./parse-request.ts";
import {
  type AtRepositories,
  type AtRepository,
  REPOSITORY,
  repositoryAddressOf,
} from "./repositories.ts";
import type { RouteParts } from "./route-parts.ts";

const ARTIFACT = `${REPOSITORY}/artifacts/:digest`;

interface AtArtifact {
  readonly Params: AtRepository["Params"] & { readonly digest: string };
}

interface AtVulnerability {
  readonly Params: { readonly vulnerabilityId: string };
}

export function artifactRoutes(parts: RouteParts): void {
  listRoutes(parts);
  const { instance, context, callerOf } = parts;

  instance.get<AtArtifact>(ARTIFACT, async (request) => {
    const address = artifactAddressOf(request.params);
    const artifact = await findArtifact(context, callerOf(request), address);
    return artifactView(artifact, address.registryId, request.hrefs);
  });

  instance.delete<AtArtifact>(ARTIFACT, async (request, reply) => {
    await deleteArtifact(context, callerOf(request), artifactAddressOf(request.params));
    return reply.code(204).send();
  });

  instance.get<AtArtifact>(
    `${ARTIFACT}/vulnerabilities`,
    async (request): Promise<VulnerabilitiesResponse> => {
      const address = artifactAddressOf(request.params);
      const query = parseRequest(vulnerabilitiesQuery, request.query);
      const { repository, digest } = await findArtifact(context, callerOf(request), address);
      const fixable = query.fixableFilter === undefined ? "" : String(query.fixableFilter);
      const given = {
        "filter.severity": query.severityFilter,
        "filter.fixable": fixable,
        orderBy: query.orderBy,
      };
      const more = givenParameters(given, { orderBy: "-score" });
      const href = `${request.hrefs.artifact(address.registryId, repository, digest)}/vulnerabilities`;
      // Nothing is scanned.
      return listView("vulnerabilities", href, { ...query, more }, { items: [], hasMore: false });
    },
  );

  instance.get<AtVulnerability>("/vulnerabilities/:vulnerabilityId", async (request) =>
    getVulnerability(callerOf(request), request.params.vulnerabilityId),
  );
}

function listRoutes({ instance, context, callerOf }: RouteParts): void {
  instance.get<AtRepositories>("/registries/:registryId/artifacts", async (request) => {
    const registryId = parseId<RegistryId>(request.params.registryId);
    const query = parseRequest(registryArtifactsQuery, request.query);
    const { offset, limit, vulnerabilityFilter } = query;
    const page = await listRegistryArtifacts(context, callerOf(request), registryId, {
      ...parseOrder(query.orderBy),
      offset,
      limit,
      vulnerability: vulnerabilityFilter,
    });
    const given = { "filter.vulnerabilityId": vulnerabilityFilter, orderBy: query.orderBy };
    const more = givenParameters(given, { orderBy: "-pullCount" });
    const href = request.hrefs.artifacts(registryId);
    return artifactsView(page, { offset, limit, more }, registryId, href, request.hrefs);
  });

  instance.get<AtRepository>(`${REPOSITORY}/artifacts`, async (request) => {
    const address = repositoryAddressOf(request.params);
    const { offset, limit, orderBy } = parseRequest(repositoryArtifactsQuery, request.query);
    const page = await listRepositoryArtifacts(context, callerOf(request), address, {
      ...parseOrder(orderBy),
      offset,
      limit,
    });
    const { registryId, repository } = address;
    const more = givenParameters({ orderBy }, { orderBy: "-lastPush" });
    const href = request.hrefs.artifacts(registryId, repository);
    return artifactsView(page, { offset, limit, more }, registryId, href, request.hrefs);
  });
}

/** @throws RegistryError `input-invalid` */
function artifactAddressOf(parameters: AtArtifact["Params"]): ArtifactAddress {
  return { ...repositoryAddressOf(parameters), digest: parameters.digest };
}
