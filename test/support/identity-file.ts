import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryDirectory } from "./temporary-directory.ts";

/** Settings with these issuers, in a file of their own, and the way to be rid of it. */
export async function identityFile(issuers: readonly object[]): Promise<{
  readonly environment: { readonly MOORAGE_OIDC_FILE: string };
  readonly write: (changed: readonly object[]) => Promise<void>;
  readonly remove: () => Promise<void>;
}> {
  const { path, remove } = await temporaryDirectory();
  const file = join(path, "issuers.json");
  const write = (content: readonly object[]) =>
    writeFile(file, JSON.stringify({ issuers: content }));
  await write(issuers);
  return { environment: { MOORAGE_OIDC_FILE: file }, write, remove };
}
