import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cleared, made } from "./leftovers.ts";

/** A directory of a test's own, and the way to be rid of it. */
export async function temporaryDirectory(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "moorage-test-"));
  const what = `the directory ${path}`;
  const remove = async () => {
    await rm(path, { recursive: true, force: true });
    cleared(what);
  };
  made(what, remove);
  return { path, remove };
}
