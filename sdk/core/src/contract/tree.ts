import { z } from "zod";
import { known } from "./known-words.ts";
import { REPOSITORY_NAME_CHARACTERS_MAX } from "./limits.ts";
import { pageLimit, pageToken, QUERY_SENTENCE } from "./pages.ts";
import { sentWhole } from "./sent-whole.ts";
import { timestamp } from "./timestamp.ts";

const PATH = `path must be empty or a folder's name of at most ${REPOSITORY_NAME_CHARACTERS_MAX} characters that ends with a slash, such as team/`;

/** Query of GET /registries/{id}/tree (extensions). */
export const treeQuery = z
  .object(
    {
      path: z
        .string(PATH)
        .max(REPOSITORY_NAME_CHARACTERS_MAX, { error: PATH, abort: true })
        .regex(/^(?:[a-z0-9][a-z0-9._-]*\/)*$/, PATH)
        .default(""),
      limit: pageLimit,
      "pagination.token": pageToken,
    },
    QUERY_SENTENCE,
  )
  .transform(({ "pagination.token": token, ...query }) => ({ ...query, pageToken: token }));
export type TreeQuery = z.output<typeof treeQuery>;

/** One folder or repository, one level below the asked path. */
export const treeEntry = z.object({
  type: z.enum(["folder", "repository"]),
  name: z.string(),
  path: z.string(),
  tagCount: z.int(),
  bytes: z.int(),
});
export type TreeEntry = z.output<typeof treeEntry>;

/** Answer of GET …/tree. */
export const treeResponse = sentWhole(
  z.object({
    id: known("tree"),
    type: known("collection"),
    href: z.string().optional(),
    items: z.array(treeEntry),
    pagination: z.object({ limit: z.int(), token: z.string() }),
  }),
);
export type TreeResponse = z.output<typeof treeResponse>;

/** Query of GET …/repositories/{name}/tags (extensions). */
export const tagsQuery = z
  .object({ limit: pageLimit, "pagination.token": pageToken }, QUERY_SENTENCE)
  .transform(({ "pagination.token": token, limit }) => ({ limit, pageToken: token }));
export type TagsQuery = z.output<typeof tagsQuery>;

/** One tag of a repository (extensions, GET …/repositories/{name}/tags). */
export const tagEntry = sentWhole(
  z.object({
    tag: z.string(),
    digest: z.string(),
    mediaType: z.string(),
    platforms: z.array(z.string()),
    bytes: z.int(),
    pushedAt: timestamp,
    pulledAt: timestamp.nullable().optional(),
  }),
);
export type TagEntry = z.output<typeof tagEntry>;

/** Answer of GET …/repositories/{name}/tags. */
export const tagsResponse = sentWhole(
  z.object({
    id: known("tags"),
    type: known("collection"),
    href: z.string().optional(),
    items: z.array(tagEntry),
    pagination: z.object({ limit: z.int(), token: z.string() }),
  }),
);
export type TagsResponse = z.output<typeof tagsResponse>;
