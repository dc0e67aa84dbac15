import type { LocationsResponse } from "@moorage/core/contract/location";
import type { Organization as OrganizationJson } from "@moorage/core/contract/organization";
import { registryName } from "@moorage/core/contract/registry";
import { z } from "zod";
import { getOrganization } from "../../app/get-organization.ts";
import { isNameTaken } from "../../app/is-name-taken.ts";
import { listLocations } from "../../app/list-locations.ts";
import { parseRequest } from "./parse-request.ts";
import type { RouteParts } from "./route-parts.ts";

const nameInPath = z.object({ "*": registryName });

/** Locations, names and the caller's organization: what is looked up and never changed here. */
export function lookupRoutes({ instance, context, callerOf }: RouteParts): void {
  instance.get("/locations", async (request): Promise<LocationsResponse> => {
    const locations = await listLocations(context, callerOf(request));
    return {
      id: "locations",
      type: "collection",
      href: request.hrefs.locations(),
      items: locations.map((id) => ({ id })),
    };
  });

  // A wildcard, because the router answers 404 for a parameter that is too long, and 404 means "valid and free" here.
  instance.head<{ Params: { "*": string } }>("/names/*", async (request, reply) => {
    const { "*": name } = parseRequest(nameInPath, request.params);
    const isTaken = await isNameTaken(context, callerOf(request), name);
    return reply.code(isTaken ? 200 : 404).send();
  });

  instance.get("/organization", async (request): Promise<OrganizationJson> => {
    const { organization, usage } = await getOrganization(context, callerOf(request));
    const { id, name, contractNumber } = organization;
    return {
      id,
      type: "organization",
      href: request.hrefs.organization(),
      properties: { name, contractNumber, usage: [...usage] },
    };
  });
}
