import { randomBytes, randomUUID } from "node:crypto";
import { createOrganization } from "../../provider/server/src/app/create-organization.ts";
import { digestOf } from "./content.ts";
import { DistributionClient } from "./distribution-client.ts";
import type { LocalRegistry } from "./local-registry.ts";
import { type Credentials, makeUser, manage } from "./management.ts";
import type { Things } from "./management-routes.ts";
import { OPERATOR } from "./operator.ts";

/** An organization with one thing of each kind. */
export interface InhabitedOrganization {
  readonly owner: Credentials;
  readonly things: Things;
  /** May do everything in the registry. */
  readonly client: DistributionClient;
  /** Every text that is this organization's alone. */
  readonly marks: readonly string[];
}

export async function inhabit(
  { url, context }: LocalRegistry,
  name: string,
): Promise<InhabitedOrganization> {
  const ownerEmail = `founder@${name}.example`;
  const made = await createOrganization(context, OPERATOR, { name, ownerEmail });
  const owner = { username: ownerEmail, password: made.password };
  const post = async (path: string, properties: object) =>
    (await (await manage(url, "POST", path, properties, owner)).json()) as Created;
  const registry = await post("/registries", { properties: { name, location: "de/fra" } });
  const path = `/registries/${registry.id}`;
  const token = await post(`${path}/tokens`, {
    properties: {
      name: `${name}-ci`,
      scopes: [{ type: "repository", name: "*", actions: ["*"] }],
    },
  });
  const run = await post(`${path}/garbage-collections`, { dryRun: true });
  const person = await makeUser(url, `someone@${name}.example`, "developer", owner);
  const client = new DistributionClient({
    url,
    registry: name,
    credentials: token.properties.credentials,
  });
  const repository = `team-${name}/app`;
  const { digest } = await client.pushImage(repository, "v1");
  const things: Things = {
    registryId: registry.id,
    "*": name,
    tokenId: token.id,
    scopeId: token.properties.scopes[0]?.id ?? "",
    runId: run.id,
    userId: person.id,
    repository,
    digest,
    vulnerabilityId: "CVE-2026-0001",
  };
  const { vulnerabilityId: _, ...own } = things;
  const marks = [
    ...Object.values(own),
    `${name}-ci`,
    made.organization.id,
    ownerEmail,
    person.username,
  ];
  return { owner, things, client, marks };
}

/** Things of which none exists anywhere. */
export function noThings(): Things {
  return {
    registryId: randomUUID(),
    "*": `none-${randomBytes(6).toString("hex")}`,
    tokenId: randomUUID(),
    scopeId: randomUUID(),
    runId: randomUUID(),
    userId: randomUUID(),
    repository: `none/${randomBytes(6).toString("hex")}`,
    digest: digestOf(randomBytes(8)),
    vulnerabilityId: "CVE-2026-0001",
  };
}

interface Created {
  readonly id: string;
  readonly properties: {
    readonly credentials: Credentials;
    readonly scopes: readonly { readonly id: string }[];
  };
}
