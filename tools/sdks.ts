import { rm } from "node:fs/promises";
import path from "node:path";
import { obtainClient } from "./obtain/obtain.ts";
import type { Progress } from "./obtain/progress.ts";
import { run } from "./obtain/run.ts";
import { GENSDK } from "./obtain/tool.ts";
import { Problem } from "./problem.ts";

/** Where below `sdk` the generated code of each language stands; nothing else stands there. */
const FOLDERS = { nodejs: "nodejs", python: "python", go: path.join("go", "moorage") } as const;

/** Writes the SDK of every language from a package schema, in place of those that are there. */
export async function writeSdks(schema: string, folder: string, progress: Progress): Promise<void> {
  const generator = await obtainClient(GENSDK, progress);
  for (const [language, place] of Object.entries(FOLDERS)) {
    const target = path.join(folder, place);
    await rm(target, { recursive: true, force: true });
    const { code, errors } = await run(generator, [schema, language, target]);
    if (code !== 0) throw new Problem(`the SDK for ${language} cannot be written: ${errors}`);
  }
}
