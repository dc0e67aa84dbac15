import { INITIAL } from "./0001-initial.ts";
import { USAGE } from "./0002-usage.ts";
import { GARBAGE } from "./0003-garbage.ts";
import { PEOPLE } from "./0004-people.ts";
import { UNTAGGED } from "./0005-untagged.ts";
import { PORTS } from "./0006-ports.ts";
import { AUDIT } from "./0007-audit.ts";
import { ENDED_UPLOADS } from "./0008-ended-uploads.ts";
import { DAMAGE } from "./0009-damage.ts";
import { AUDIT_RETENTION } from "./0011-audit-retention.ts";
import type { Migration } from "./migration.ts";

/** Every migration, in the order of its number. */
export const MIGRATIONS: readonly Migration[] = [
  INITIAL,
  USAGE,
  GARBAGE,
  PEOPLE,
  UNTAGGED,
  PORTS,
  AUDIT,
  ENDED_UPLOADS,
  DAMAGE,
  AUDIT_RETENTION,
];
