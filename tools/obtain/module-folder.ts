import path from "node:path";
import { Problem } from "../problem.ts";
import { REPOSITORY } from "../repository.ts";
import { run } from "./run.ts";
import type { Tool } from "./tool.ts";

/** The folder of a Go module that a `go.mod` of ours requires; for files in it that no program brings along. */
export async function moduleFolder(
  tool: Pick<Tool, "moduleFolder">,
  module: string,
  base: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const folder = path.join(REPOSITORY, "tools", tool.moduleFolder);
  const environment = { ...base, GOWORK: "off" };
  const download = await run("go", ["mod", "download", module], { folder, environment });
  const list = ["list", "-m", "-f", "{{.Dir}}", module];
  const { code, output, errors } = await run("go", list, { folder, environment });
  if (code === 0) return output.trim();
  throw new Problem(`the Go module ${module} cannot be had: ${download.errors}${errors}`);
}
