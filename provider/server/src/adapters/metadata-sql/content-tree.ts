import { setImmediate as endOfTurn } from "node:timers/promises";
import { type Kysely, sql } from "kysely";
import type { RegistryId } from "../../domain/ids.ts";
import type { TreeNode } from "../../ports/content-browser.ts";
import type { KeysetPage } from "../../ports/repository-store.ts";
import { type Placeholders, prepare } from "./prepared-query.ts";
import type { SqlDatabase } from "./sql-database.ts";
import type { Tables } from "./tables.ts";

/** Sorts behind every character that a repository's name can have. */
const BEHIND_ALL = "~";

type Range = { registryId: string; first: string; last: string };

/**
 * Shows repositories' names as folders. Nodes are found by hopping along the index of names: from one repository to the next name, and from
 * one folder to the first name behind all that it holds, however much that is. What a node holds is added up when it is shown.
 */
export class ContentTree {
  readonly #database: SqlDatabase;
  readonly #queries: ReturnType<typeof prepareQueries>;

  constructor(database: SqlDatabase) {
    this.#database = database;
    this.#queries = prepareQueries(database.builder);
  }

  async page(
    registryId: RegistryId,
    folder: string,
    { after, limit }: KeysetPage<string>,
  ): Promise<readonly TreeNode[]> {
    const nodes: TreeNode[] = [];
    const last = folder + BEHIND_ALL;
    let at = after === undefined ? folder : endOf(after);
    while (nodes.length < limit) {
      const values = { registryId, first: at, last };
      const found = await this.#queries.next.first(this.#database.reader, values);
      if (found === undefined) {
        break;
      }
      const slash = found.name.indexOf("/", folder.length);
      const path = slash < 0 ? found.name : found.name.slice(0, slash + 1);
      nodes.push(await this.#node(registryId, path));
      at = endOf(path);
      // A page of large folders takes a while, and a database that answers at once would let nobody else in.
      await endOfTurn();
    }
    return nodes;
  }

  async #node(registryId: RegistryId, path: string): Promise<TreeNode> {
    const { reader } = this.#database;
    const isFolder = path.endsWith("/");
    const range = { registryId, first: path, last: isFolder ? endOf(path) : path };
    const [tags, manifests, blobs] = await Promise.all([
      this.#queries.countTags.first(reader, range),
      this.#queries.manifestBytes.first(reader, range),
      this.#queries.blobBytes.first(reader, range),
    ]);
    return {
      kind: isFolder ? "folder" : "repository",
      path,
      tagCount: tags?.count ?? 0,
      bytes: (manifests?.bytes ?? 0) + (blobs?.bytes ?? 0),
    };
  }
}

/** The last text of a node: all that it holds sorts before it, and everything else behind. */
function endOf(path: string): string {
  return path.endsWith("/") ? path + BEHIND_ALL : `${path} `;
}

function prepareQueries(builder: Kysely<Tables>) {
  const repositories = (db: Kysely<Tables>, { registryId, first, last }: Placeholders<Range>) =>
    db
      .selectFrom("repositories")
      .where("repositories.registry_key", "=", (registry) =>
        registry.selectFrom("registries").select("key").where("id", "=", registryId),
      )
      // Spelled as in the index `repositories_in_catalog`.
      .where("repositories.manifest_count", ">", sql.lit(0))
      .where("repositories.name", ">=", first)
      .where("repositories.name", "<=", last);
  return {
    next: prepare(builder, (db, values: Placeholders<Range>) =>
      repositories(db, values).select("repositories.name").orderBy("repositories.name").limit(1),
    ),
    countTags: prepare(builder, (db, values: Placeholders<Range>) =>
      repositories(db, values)
        .innerJoin("tags", "tags.repository_key", "repositories.key")
        .select(sql<number>`count(*)`.as("count")),
    ),
    manifestBytes: prepare(builder, (db, values: Placeholders<Range>) =>
      repositories(db, values)
        .innerJoin("manifests", "manifests.repository_key", "repositories.key")
        .select(sql<number>`coalesce(sum(manifests.size), 0)`.as("bytes")),
    ),
    blobBytes: prepare(builder, (db, values: Placeholders<Range>) =>
      repositories(db, values)
        .innerJoin("repository_blobs", "repository_blobs.repository_key", "repositories.key")
        .innerJoin("blobs", "blobs.key", "repository_blobs.blob_key")
        .select(sql<number>`coalesce(sum(blobs.size), 0)`.as("bytes")),
    ),
  };
}
