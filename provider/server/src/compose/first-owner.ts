import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { readOrCreateSecretFile } from "../adapters/secret-file/secret-file.ts";
import { bootstrapOwner, hasOrganization } from "../app/bootstrap-owner.ts";
import type { Context } from "../app/context.ts";
import type { Config } from "../config.ts";
import { OWNER_POLL_MILLISECONDS } from "../domain/limits.ts";
import { masterKeyFile } from "./storage.ts";

export type OwnerNotice = {
  readonly email: string;
  readonly dataDir: string;
  /** Absent where the setting gave the password, or the key. */
  readonly passwordFile: string | undefined;
  readonly masterKeyFile: string | undefined;
};

/** The password's file is there before the owner is: a crash in between leaves a password that the next start takes up. */
export async function makeOwner(
  context: Context,
  { admin, dataDir, masterKey }: Config,
): Promise<OwnerNotice | undefined> {
  if (await hasOrganization(context)) {
    return undefined;
  }
  await readOrCreateSecretFile(join(dataDir, "admin-email"), () => admin.email);
  const file = admin.password === undefined ? join(dataDir, "admin-password") : undefined;
  const password =
    file === undefined
      ? (admin.password ?? "")
      : await readOrCreateSecretFile(file, () => context.ids.password());
  const isMade = await bootstrapOwner(context, { email: admin.email, password });
  return isMade
    ? {
        email: admin.email,
        dataDir,
        passwordFile: file,
        masterKeyFile: masterKey === undefined ? masterKeyFile(dataDir) : undefined,
      }
    : undefined;
}

/** Resolves when another worker has made the owner: two that both compute the hash of the password only keep each other from it. */
export async function awaitOwner(context: Pick<Context, "metadata">): Promise<undefined> {
  while (!(await hasOrganization(context))) {
    await delay(OWNER_POLL_MILLISECONDS);
  }
  return undefined;
}
