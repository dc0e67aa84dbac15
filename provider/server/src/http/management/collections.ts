import {
  type GarbageCollectionRunsResponse,
  garbageCollectionRequest,
} from "@moorage/core/contract/garbage-collection";
import { getCollection, listCollections } from "../../app/get-collection.ts";
import { startCollection } from "../../app/start-collection.ts";
import type { RegistryId, RunId } from "../../domain/ids.ts";
import { collectionView } from "./collection-view.ts";
import { parseId, parseRequest } from "./parse-request.ts";
import type { RouteParts } from "./route-parts.ts";

interface AtRegistry {
  readonly Params: { readonly registryId: string };
}

interface AtRun {
  readonly Params: { readonly registryId: string; readonly runId: string };
}

/** Collections of a registry's garbage (extensions, "Added paths"). */
export function collectionRoutes({ instance, context, callerOf }: RouteParts): void {
  const path = "/registries/:registryId/garbage-collections";

  instance.get<AtRegistry>(path, async (request): Promise<GarbageCollectionRunsResponse> => {
    const registryId = parseId<RegistryId>(request.params.registryId);
    const runs = await listCollections(context, callerOf(request), registryId);
    return {
      id: "garbage-collections",
      type: "collection",
      href: request.hrefs.collections(registryId),
      items: runs.map((run) => collectionView(run, request.hrefs)),
    };
  });

  instance.post<AtRegistry>(path, async (request, reply) => {
    const registryId = parseId<RegistryId>(request.params.registryId);
    const { dryRun } = parseRequest(garbageCollectionRequest, request.body ?? {});
    const run = await startCollection(context, callerOf(request), registryId, dryRun);
    const href = request.hrefs.collection(registryId, run.id);
    return reply.code(202).header("location", href).send(collectionView(run, request.hrefs));
  });

  instance.get<AtRun>(`${path}/:runId`, async (request) => {
    const registryId = parseId<RegistryId>(request.params.registryId);
    const runId = parseId<RunId>(request.params.runId);
    return collectionView(
      await getCollection(context, callerOf(request), registryId, runId),
      request.hrefs,
    );
  });
}
