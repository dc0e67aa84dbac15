/**
 * What the tests of roles and of organizations know of each route of the management API. A new route gets a row here, with what a caller
 * needs and a request that would work, and is tested by both.
 */
export const MANAGEMENT_ROUTES: Readonly<Record<string, ManagementRoute>> = {
  "GET /locations": { needs: "browse", answers: 200 },
  "HEAD /names/*": { needs: "browse", answers: 200 },
  "GET /organization": { needs: "browse", answers: 200 },
  "GET /audit-events": { needs: "manage-people", answers: 200 },

  "GET /users": { needs: "manage-people", answers: 200 },
  "POST /users": {
    needs: "manage-people",
    answers: 201,
    body: (word) => ({ properties: { email: `${word}@moorage.example`, role: "reader" } }),
  },
  "GET /users/me": { needs: "browse", answers: 200 },
  // The right one would end what the tests go on with.
  "PUT /users/me/password": {
    needs: "browse",
    answers: 403,
    body: (word) => ({ currentPassword: "is another one", newPassword: `${word} is long enough` }),
  },
  "GET /users/:userId": { needs: "manage-people", answers: 200 },
  "PATCH /users/:userId": { needs: "manage-people", answers: 200, body: () => ({}) },
  "DELETE /users/:userId": { needs: "manage-people", answers: 204 },

  "GET /registries": { needs: "browse", answers: 200 },
  "POST /registries": {
    needs: "manage-registries",
    answers: 201,
    body: (word) => ({ properties: { name: word, location: "de/fra" } }),
  },
  "GET /registries/:registryId": { needs: "browse", answers: 200 },
  "PATCH /registries/:registryId": { needs: "manage-registries", answers: 200, body: () => ({}) },
  "PUT /registries/:registryId": {
    needs: "manage-registries",
    answers: 201,
    createsUnderId: "registryId",
    body: (word) => ({ properties: { name: word, location: "de/fra" } }),
  },
  "DELETE /registries/:registryId": { needs: "manage-registries", answers: 204 },

  "GET /registries/:registryId/garbage-collections": { needs: "browse", answers: 200 },
  "POST /registries/:registryId/garbage-collections": {
    needs: "manage-registries",
    answers: 202,
    body: () => ({ dryRun: true }),
  },
  "GET /registries/:registryId/garbage-collections/:runId": { needs: "browse", answers: 200 },

  "GET /registries/:registryId/tokens": { needs: "browse", answers: 200 },
  "POST /registries/:registryId/tokens": {
    needs: "manage-registries",
    answers: 201,
    body: (word) => ({ properties: { name: word } }),
  },
  "GET /registries/:registryId/tokens/:tokenId": { needs: "browse", answers: 200 },
  "PATCH /registries/:registryId/tokens/:tokenId": {
    needs: "manage-registries",
    answers: 200,
    body: () => ({}),
  },
  "PUT /registries/:registryId/tokens/:tokenId": {
    needs: "manage-registries",
    answers: 201,
    createsUnderId: "tokenId",
    body: (word) => ({ properties: { name: word, scopes: [SCOPE] } }),
  },
  "DELETE /registries/:registryId/tokens/:tokenId": { needs: "manage-registries", answers: 204 },
  "POST /registries/:registryId/tokens/:tokenId/rotate": {
    needs: "manage-registries",
    answers: 200,
    body: () => ({}),
  },
  "GET /registries/:registryId/credentials": {
    needs: "browse",
    answers: 200,
    query: "?tokenId=:tokenId",
  },

  "GET /registries/:registryId/tokens/:tokenId/scopes": { needs: "browse", answers: 200 },
  "POST /registries/:registryId/tokens/:tokenId/scopes": {
    needs: "manage-registries",
    answers: 201,
    body: (word) => ({ properties: { type: "repository", name: word, actions: ["pull"] } }),
  },
  "GET /registries/:registryId/tokens/:tokenId/scopes/:scopeId": { needs: "browse", answers: 200 },
  "PUT /registries/:registryId/tokens/:tokenId/scopes/:scopeId": {
    needs: "manage-registries",
    answers: 200,
    body: () => ({ properties: SCOPE }),
  },
  "DELETE /registries/:registryId/tokens/:tokenId/scopes/:scopeId": {
    needs: "manage-registries",
    answers: 204,
  },

  "GET /registries/:registryId/repositories": { needs: "browse", answers: 200 },
  "GET /registries/:registryId/repositories/:repository": { needs: "browse", answers: 200 },
  "DELETE /registries/:registryId/repositories/:repository": {
    needs: "delete-content",
    answers: 204,
  },
  "GET /registries/:registryId/repositories/:repository/tags": { needs: "browse", answers: 200 },
  "GET /registries/:registryId/repositories/:repository/artifacts": {
    needs: "browse",
    answers: 200,
  },
  "GET /registries/:registryId/repositories/:repository/artifacts/:digest": {
    needs: "browse",
    answers: 200,
  },
  "DELETE /registries/:registryId/repositories/:repository/artifacts/:digest": {
    needs: "delete-content",
    answers: 204,
  },
  "GET /registries/:registryId/repositories/:repository/artifacts/:digest/vulnerabilities": {
    needs: "browse",
    answers: 200,
  },
  "GET /registries/:registryId/artifacts": { needs: "browse", answers: 200 },
  "GET /registries/:registryId/tree": { needs: "browse", answers: 200 },
  "GET /vulnerabilities/:vulnerabilityId": { needs: "browse", answers: 404 },
};

export interface ManagementRoute {
  /** As `design/architecture.md` tells rights apart ("Who may do what"). */
  readonly needs: "browse" | "manage-registries" | "manage-people" | "delete-content";
  /** The status for whoever may, when all that the request names exists. */
  readonly answers: number;
  /** Where it names something of an organization. Parameters are spelled as in paths. */
  readonly query?: string;
  /** Set where the client chooses the id of what it creates. */
  readonly createsUnderId?: keyof Things;
  /** A body that is right; `word` is another one for each call. */
  readonly body?: (word: string) => unknown;
}

const SCOPE = { type: "repository", name: "team/*", actions: ["pull"] } as const;

/** One thing of each kind that a path can name, by the parameter that stands for it. */
export interface Things {
  readonly registryId: string;
  /** The registry's name. */
  readonly "*": string;
  readonly tokenId: string;
  readonly scopeId: string;
  readonly runId: string;
  readonly userId: string;
  readonly repository: string;
  readonly digest: string;
  readonly vulnerabilityId: string;
}

/** The parameters that a route has, in the order in which they stand. */
export function parametersOf(route: string): readonly (keyof Things)[] {
  const { query = "" } = MANAGEMENT_ROUTES[route] ?? {};
  return [...`${route}${query}`.matchAll(/:([A-Za-z]+)|\*/g)].map(
    ([whole, name = whole]) => name as keyof Things,
  );
}

/** A route's path with these things in it. */
export function pathTo(route: string, things: Things): string {
  const { query = "" } = MANAGEMENT_ROUTES[route] ?? {};
  return `${route.slice(route.indexOf(" ") + 1)}${query}`.replace(
    /:([A-Za-z]+)|\*/g,
    (whole, name: string = whole) => {
      const thing = things[name as keyof Things];
      if (thing === undefined) {
        throw new Error(`${route}: no test knows what to put for ${name}`);
      }
      return encodeURIComponent(thing);
    },
  );
}
