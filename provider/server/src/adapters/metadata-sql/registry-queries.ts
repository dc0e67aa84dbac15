import { type Kysely, sql } from "kysely";
import { type Placeholders, prepare } from "./prepared-query.ts";
import { REGISTRY_COLUMNS } from "./registry-rows.ts";
import type { Tables } from "./tables.ts";

export type RegistryQueries = ReturnType<typeof prepareRegistryQueries>;

export function prepareRegistryQueries(builder: Kysely<Tables>) {
  const registries = (db: Kysely<Tables>) =>
    db
      .selectFrom("registries")
      .innerJoin("organizations", "organizations.key", "registries.organization_key")
      .select(REGISTRY_COLUMNS);
  return {
    byId: prepare(builder, (db, values: Placeholders<{ organizationId: string; id: string }>) =>
      registries(db)
        .where("registries.id", "=", values.id)
        .where("organizations.id", "=", values.organizationId),
    ),
    byName: prepare(builder, (db, { name }: Placeholders<{ name: string }>) =>
      registries(db).where("registries.name", "=", name),
    ),
    list: prepare(
      builder,
      (
        db,
        values: Placeholders<{
          organizationId: string;
          pattern: string;
          after: string;
          limit: number;
        }>,
      ) =>
        registries(db)
          .where("organizations.id", "=", values.organizationId)
          .where("registries.name", ">", values.after)
          .where(sql<boolean>`registries.name like ${values.pattern} escape '\\'`)
          .orderBy("registries.name")
          .limit(values.limit),
    ),
    remove: prepare(builder, (db, { id }: Placeholders<{ id: string }>) =>
      db.deleteFrom("registries").where("id", "=", id),
    ),
    wrappedKey: prepare(builder, (db, { id }: Placeholders<{ id: string }>) =>
      db.selectFrom("registries").select("wrapped_key").where("id", "=", id),
    ),
    startUsage: prepare(builder, (db, values: Placeholders<{ registryKey: number }>) =>
      db.insertInto("registry_usage").values({ registry_key: values.registryKey, bytes: 0 }),
    ),
    usage: prepare(builder, (db, values: Placeholders<{ organizationId: string; id: string }>) =>
      db
        .selectFrom("registries")
        .innerJoin("organizations", "organizations.key", "registries.organization_key")
        .innerJoin("registry_usage", "registry_usage.registry_key", "registries.key")
        .select("registry_usage.bytes")
        .where("registries.id", "=", values.id)
        .where("organizations.id", "=", values.organizationId),
    ),
  };
}
