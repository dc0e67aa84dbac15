// Where a resource or a query is made known: the faces, the schema and the SDKs follow from these lists.
import { gcSchedule } from "./gc-schedule.ts";
import { generatedKeys } from "./generated-keys.ts";
import { getCredentials } from "./get-credentials.ts";
import { getLocations } from "./get-locations.ts";
import { getRegistry } from "./get-registry.ts";
import { getRepository } from "./get-repository.ts";
import { getToken } from "./get-token.ts";
import { getUser } from "./get-user.ts";
import { isNameAvailable } from "./is-name-available.ts";
import type { Query } from "./query.ts";
import { registry } from "./registry.ts";
import { repository } from "./repository.ts";
import type { Resource } from "./resource.ts";
import { scope } from "./scope.ts";
import { token } from "./token.ts";
import { user } from "./user.ts";

/** Every resource, by its type. */
export const RESOURCES: ReadonlyMap<string, Resource> = new Map(
  [registry, token, scope, gcSchedule, repository, user, generatedKeys].map((each) => [
    each.type,
    each,
  ]),
);

/** Every query, by its name. */
export const QUERIES: ReadonlyMap<string, Query> = new Map(
  [
    getRegistry,
    getToken,
    getRepository,
    getUser,
    getLocations,
    isNameAvailable,
    getCredentials,
  ].map((each) => [each.name, each]),
);
