import { z } from "zod";
import { timestamp } from "./timestamp.ts";

/** Who made a registry or token and when (contract, section 2, "metadata"). */
export const metadata = z.object({
  createdBy: z.string(),
  createdByUserId: z.string(),
  createdDate: timestamp,
  lastModifiedBy: z.string().optional(),
  lastModifiedByUserId: z.string().optional(),
  lastModifiedDate: timestamp.nullable().optional(),
  /** `New`, `Running`, `GarbageCollection`, `Deleting` of a registry; a token's status. */
  state: z.string(),
  /** Changes with every change of the resource; also in the `ETag` header (extensions). */
  etag: z.string().optional(),
});
export type Metadata = z.output<typeof metadata>;

/** Metadata of repositories and artifacts, all optional (contract, section 2). */
export const contentMetadata = z.object({
  createdDate: timestamp.optional(),
  createdBy: z.string().optional(),
  createdByUserId: z.string().optional(),
  lastModifiedDate: timestamp.optional(),
  lastModifiedBy: z.string().optional(),
  lastModifiedByUserId: z.string().optional(),
  resourceURN: z.string().optional(),
});
export type ContentMetadata = z.output<typeof contentMetadata>;
