import { type Kysely, sql } from "kysely";
import type { RegistryId } from "../../domain/ids.ts";
import type { OrderedPage, RepositoryField } from "../../ports/content-browser.ts";
import { REPOSITORY_COLUMNS } from "./browsing-rows.ts";
import type { Tables } from "./tables.ts";

/** What each order goes by. The first two are columns of an index as they stand; what never happened counts as long ago. */
const ORDERS = {
  name: sql<number>`repositories.name`,
  lastPush: sql<number>`repositories.last_push_at`,
  lastPull: sql<number>`coalesce(repositories.last_pull_at, 0)`,
  artifactCount: sql<number>`repositories.manifest_count`,
  pullCount: sql<number>`repositories.pull_count`,
  pushCount: sql<number>`repositories.push_count`,
} as const satisfies Record<RepositoryField, unknown>;

export function repositoryPageQuery(
  builder: Kysely<Tables>,
  registryId: RegistryId,
  { orderBy, isDescending, offset, limit }: OrderedPage<RepositoryField>,
  nameContains: string,
) {
  const direction = isDescending ? "desc" : "asc";
  const query = builder
    .selectFrom("repositories")
    .select(REPOSITORY_COLUMNS)
    .where("repositories.registry_key", "=", (registry) =>
      registry.selectFrom("registries").select("key").where("id", "=", registryId),
    )
    // Spelled as in the index `repositories_by_push`.
    .where("repositories.manifest_count", ">", sql.lit(0))
    .orderBy(ORDERS[orderBy], direction)
    .orderBy("repositories.name", direction)
    .limit(limit)
    .offset(offset);
  return nameContains === ""
    ? query
    : query.where(sql<boolean>`repositories.name like ${patternOf(nameContains)} escape '\\'`);
}

/** Names are in lower case. */
function patternOf(text: string): string {
  return `%${text.toLowerCase().replace(/[\\%_]/g, "\\$&")}%`;
}
