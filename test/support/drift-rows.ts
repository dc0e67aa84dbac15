// What can happen to resources behind a stack's back, property by property. A new property of a resource needs a line here.

/** What becomes of one property: another value, or why nobody can change it there. */
export type Fate = { readonly to: unknown } | { readonly not: string };

const PULL = { type: "repository", name: "*", actions: ["pull"] };
const OTHERS = "belongs to another resource, and cannot be moved on the server";
const FIXED = "the server never changes it";
const OURS = "the server does not know it: it is the provider's";

export const FATES: Readonly<Record<string, Readonly<Record<string, Fate>>>> = {
  Registry: {
    name: { not: FIXED },
    location: { not: FIXED },
    visibility: { to: "public" },
    vulnerabilityScanning: { not: "once on, it cannot be switched off again" },
    apiSubnetAllowList: { to: ["192.0.2.0/24"] },
    deletionProtection: { to: true },
    forceDestroy: { not: OURS },
  },
  Token: {
    registryId: { not: OTHERS },
    name: { not: FIXED },
    scopes: { to: [] },
    expiryDate: { to: "2041-01-01T00:00:00Z" },
    expiresIn: { not: OURS },
    rotateBefore: { not: OURS },
    rotation: { not: OURS },
    gracePeriod: { not: OURS },
    status: { to: "disabled" },
    oneTime: { to: true },
    description: { to: "somebody else's" },
    triggers: { not: OURS },
  },
  Scope: {
    registryId: { not: OTHERS },
    tokenId: { not: OTHERS },
    type: { to: "namespace" },
    name: { to: "elsewhere/*" },
    actions: { to: ["pull", "push"] },
  },
  GCSchedule: {
    registryId: { not: OTHERS },
    days: { to: ["Monday"] },
    time: { to: "19:30" },
    deleteUntagged: { to: true },
  },
  Repository: {
    registryId: { not: OTHERS },
    name: { not: FIXED },
    forceDestroy: { not: OURS },
  },
  User: {
    email: { not: FIXED },
    role: { to: "developer" },
    displayName: { to: "somebody else's" },
    password: { not: "nobody can read it" },
  },
};

/** Stands for an output of another resource of the program. */
export interface Reference {
  readonly resource: string;
  readonly output: string;
}

/** A resource of the program. */
export interface Declared {
  readonly name: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly references: Readonly<Record<string, Reference>>;
}

/** Something that happens to one resource: a property changes, or, without one, it is deleted. */
export interface Row {
  readonly resource: Declared;
  readonly key?: string;
  readonly to?: unknown;
}

/** One row for each property that somebody can change, and one for each resource; each with a resource of its own. */
export function driftRows(): Row[] {
  return Object.entries(FATES).flatMap(([type, fates]) => {
    const changes = Object.entries(fates).flatMap(([key, fate]) =>
      "to" in fate ? [{ resource: declared(type, key), key, to: fate.to }] : [],
    );
    return [...changes, { resource: declared(type, "gone") }];
  });
}

/** All that the program declares: what rows need, before the rows' own resources. */
export function declaredBy(rows: readonly Row[]): Declared[] {
  const home = { name: "home", type: "Registry", properties: LOCATION, references: {} };
  const robot = {
    name: "robot",
    type: "Token",
    properties: {},
    references: { registryId: referenceTo("home", "registryId") },
  };
  const own = rows.flatMap(({ resource }) => {
    const { registryId } = resource.references;
    if (registryId === undefined || registryId.resource === "home") return [];
    return [{ ...home, name: registryId.resource }];
  });
  return [home, robot, ...own, ...rows.map(({ resource }) => resource)];
}

const LOCATION = { location: "de/fra" };

function declared(type: string, what: string): Declared {
  const name = `${type.toLowerCase()}${what}`;
  const inHome = { registryId: referenceTo("home", "registryId") };
  // A registry has one schedule, and a repository goes with its registry.
  const inOwn = { registryId: referenceTo(`home${name}`, "registryId") };
  const rest: Readonly<Record<string, Pick<Declared, "properties" | "references">>> = {
    Registry: { properties: LOCATION, references: {} },
    Token: {
      properties: { scopes: [PULL], expiryDate: "2040-01-01T00:00:00Z" },
      references: inHome,
    },
    Scope: {
      properties: { name: `${name}/*`, actions: ["pull"] },
      references: { ...inHome, tokenId: referenceTo("robot", "tokenId") },
    },
    GCSchedule: { properties: { days: ["Sunday"], time: "03:30" }, references: inOwn },
    Repository: { properties: { name: "team/app" }, references: inOwn },
    User: { properties: { email: `${name}@moorage.example`, role: "reader" }, references: {} },
  };
  const found = rest[type];
  if (found === undefined) throw new Error(`there is no example of ${type}`);
  return { name, type, ...found };
}

function referenceTo(resource: string, output: string): Reference {
  return { resource, output };
}
