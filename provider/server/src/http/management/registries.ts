import { registriesQuery } from "@moorage/core/contract/pages";
import { registryPatch, registryRequest } from "@moorage/core/contract/registry";
import type { FastifyReply } from "fastify";
import { changeRegistry } from "../../app/change-registry.ts";
import { createRegistry } from "../../app/create-registry.ts";
import { deleteRegistry } from "../../app/delete-registry.ts";
import { getRegistry } from "../../app/get-registry.ts";
import { listRegistries } from "../../app/list-registries.ts";
import type { RegistryReport } from "../../app/registry-draft.ts";
import { replaceRegistry } from "../../app/replace-registry.ts";
import type { RegistryId } from "../../domain/ids.ts";
import { etagOf, parseIfMatch } from "../wire/etag.ts";
import { parseId, parseRequest } from "./parse-request.ts";
import { registryChangesOf, registryDraftOf } from "./registry-input.ts";
import { registriesView, registryView } from "./registry-view.ts";
import type { RouteParts } from "./route-parts.ts";

interface AtRegistry {
  readonly Params: { readonly registryId: string };
}

export function registryRoutes({ instance, context, callerOf }: RouteParts): void {
  const send = (reply: FastifyReply, report: RegistryReport) =>
    reply
      .header("etag", etagOf(report.registry.revision))
      .send(registryView(report, context.settings, reply.request.hrefs));
  const sendCreated = (reply: FastifyReply, report: RegistryReport) =>
    send(
      reply.code(201).header("location", reply.request.hrefs.registry(report.registry.id)),
      report,
    );

  instance.get("/registries", async (request) => {
    const { nameFilter, limit, pageToken } = parseRequest(registriesQuery, request.query);
    const query = { nameContains: nameFilter, limit, pageToken };
    const page = await listRegistries(context, callerOf(request), query);
    return registriesView(page, query, context.settings, request.hrefs);
  });

  instance.post("/registries", async (request, reply) => {
    const { properties } = parseRequest(registryRequest, request.body);
    const draft = registryDraftOf(properties);
    return sendCreated(reply, await createRegistry(context, callerOf(request), draft));
  });

  instance.get<AtRegistry>("/registries/:registryId", async (request, reply) => {
    const id = parseId<RegistryId>(request.params.registryId);
    return send(reply, await getRegistry(context, callerOf(request), id));
  });

  instance.put<AtRegistry>("/registries/:registryId", async (request, reply) => {
    const id = parseId<RegistryId>(request.params.registryId);
    const { properties } = parseRequest(registryRequest, request.body);
    const report = await replaceRegistry(
      context,
      callerOf(request),
      id,
      registryDraftOf(properties),
      parseIfMatch(request.headers["if-match"]),
    );
    return sendCreated(reply, report);
  });

  instance.patch<AtRegistry>("/registries/:registryId", async (request, reply) => {
    const id = parseId<RegistryId>(request.params.registryId);
    const report = await changeRegistry(
      context,
      callerOf(request),
      id,
      registryChangesOf(parseRequest(registryPatch, request.body)),
      parseIfMatch(request.headers["if-match"]),
    );
    return send(reply, report);
  });

  instance.delete<AtRegistry>("/registries/:registryId", async (request, reply) => {
    const id = parseId<RegistryId>(request.params.registryId);
    const expected = parseIfMatch(request.headers["if-match"]);
    await deleteRegistry(context, callerOf(request), id, expected);
    return reply.code(204).send();
  });
}
