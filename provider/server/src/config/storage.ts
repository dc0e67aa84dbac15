import { resolve } from "node:path";
import { z } from "zod";
import {
  AUDIT_RETENTION_DAYS_MAX,
  GARBAGE_GRACE_MILLISECONDS_MAX,
  READ_ONLY_WAIT_MILLISECONDS_MAX,
} from "../domain/limits.ts";
import { commaSeparated, duration } from "./spellings.ts";

/** What is kept where, and for how long. */
export interface StorageConfig {
  readonly dataDir: string;
  /** base64, 32 bytes; absent: generated into the data directory. */
  readonly masterKey: string | undefined;
  readonly locations: readonly string[];
  /** How long a push or a delete waits for a registry that is read-only. */
  readonly readOnlyWaitMilliseconds: number;
  /** For how long a blob that a client was told of is no garbage. */
  readonly garbageGraceMilliseconds: number;
  /** For how long the audit log keeps an event; absent: for ever. */
  readonly auditRetentionMilliseconds: number | undefined;
}

const DAY_MILLISECONDS = 24 * 60 * 60_000;

const auditRetention = z.string().transform((text, context): number | undefined => {
  if (text.trim() === "forever") {
    return undefined;
  }
  const days = Number(/^(\d{1,5})d$/.exec(text.trim())?.[1]);
  if (!(days >= 1 && days <= AUDIT_RETENTION_DAYS_MAX)) {
    context.addIssue(
      `expected "forever" or a number of days such as 400d, from 1d to ${AUDIT_RETENTION_DAYS_MAX}d`,
    );
    return z.NEVER;
  }
  return days * DAY_MILLISECONDS;
});

export const STORAGE_SETTINGS = {
  MOORAGE_DATA_DIR: z.string().min(1).default(".moorage"),
  MOORAGE_MASTER_KEY: z
    .string()
    .trim()
    .refine((key) => /^[A-Za-z0-9+/]{43}=$/.test(key), {
      error: "expected 32 bytes in base64, as `openssl rand -base64 32` prints them",
    })
    .optional(),
  MOORAGE_LOCATIONS: commaSeparated
    .pipe(z.array(z.string().regex(/^[a-z]{2}\/[a-z]{3}$/, "expected cc/ccc, for example de/fra")))
    .prefault("de/fra"),
  MOORAGE_READ_ONLY_WAIT: duration(READ_ONLY_WAIT_MILLISECONDS_MAX).prefault("10s"),
  MOORAGE_GARBAGE_GRACE: duration(GARBAGE_GRACE_MILLISECONDS_MAX).prefault("24h"),
  MOORAGE_AUDIT_RETENTION: auditRetention.prefault("forever"),
};

const STORAGE = z.object(STORAGE_SETTINGS);

export function storageConfig(settings: z.output<typeof STORAGE>): StorageConfig {
  return {
    dataDir: resolve(settings.MOORAGE_DATA_DIR),
    masterKey: settings.MOORAGE_MASTER_KEY,
    locations: settings.MOORAGE_LOCATIONS,
    readOnlyWaitMilliseconds: settings.MOORAGE_READ_ONLY_WAIT,
    garbageGraceMilliseconds: settings.MOORAGE_GARBAGE_GRACE,
    auditRetentionMilliseconds: settings.MOORAGE_AUDIT_RETENTION,
  };
}
