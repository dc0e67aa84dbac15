import { createHash } from "node:crypto";
import {
  chmod,
  copyFile,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from "node:fs/promises";
import path from "node:path";
import { Problem } from "../problem.ts";
import { REPOSITORY, shown } from "../repository.ts";
import { findExecutable } from "./find-executable.ts";
import { moduleFolder } from "./module-folder.ts";
import { type Progress, remindWhile } from "./progress.ts";
import { run } from "./run.ts";
import type { Companion, Tool } from "./tool.ts";

// Beside an executable, `NAME.built-from` holds what it was built from. It is written last, so a
// build that was interrupted is done again. Two builds at once do each other no harm: each renames
// a whole executable into place.

/** The tool's executable in `folder`; built if it is missing or was built from other sources. */
export async function buildFromModules(
  tool: Tool,
  folder: string,
  progress: Progress,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const built = await findBuilt(tool, folder);
  if (built) return built;
  const executable = path.join(folder, tool.name);
  await mkdir(folder, { recursive: true });
  await build(tool, executable, progress, environment);
  for (const companion of tool.companions ?? []) {
    await addCompanion(tool, companion, folder, environment);
  }
  await writeFile(stampOf(executable), await describeSources(tool));
  return executable;
}

/** What an earlier build left in `folder`, unless it is out of date. */
export async function findBuilt(tool: Tool, folder: string): Promise<string | undefined> {
  const executable = await findExecutable(tool.name, [folder]);
  if (!executable) return undefined;
  const stamp = await readFile(stampOf(executable), "utf8").catch(() => undefined);
  return stamp === (await describeSources(tool)) ? executable : undefined;
}

async function build(
  tool: Tool,
  executable: string,
  progress: Progress,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const log = `${executable}.build.log`;
  progress(
    `Building ${tool.title} ${tool.version} from Go modules: once, ${tool.buildTime}. Log: ${shown(log)}`,
  );
  const unfinished = `${executable}.${process.pid}.unfinished`;
  const handle = await open(log, "w");
  const building = run("go", buildArguments(tool, unfinished), {
    folder: path.join(REPOSITORY, "tools", tool.moduleFolder),
    // Without cgo the build needs no C compiler; without a workspace it needs only our go.mod.
    environment: { ...environment, CGO_ENABLED: "0", GOWORK: "off" },
    log: handle.fd,
  });
  const { code } = await remindWhile(building, (elapsed) => {
    progress(`  … still building ${tool.title} (${elapsed})`);
  }).finally(() => handle.close());
  if (code !== 0) await rm(unfinished, { force: true });
  if (code === 127) throw goMissing(tool);
  if (code !== 0) throw await buildFailed(tool, log);
  await rename(unfinished, executable);
}

async function addCompanion(
  tool: Tool,
  companion: Companion,
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const target = path.join(folder, path.basename(companion.file));
  const unfinished = `${target}.${process.pid}.unfinished`;
  const module = await moduleFolder(tool, companion.module, environment);
  await copyFile(path.join(module, companion.file), unfinished);
  await chmod(unfinished, 0o755);
  await rename(unfinished, target);
}

function buildArguments(tool: Tool, target: string): string[] {
  const flags = tool.versionVariable ? ` -X ${tool.versionVariable}=v${tool.version}` : "";
  return ["build", "-trimpath", "-ldflags", `-s -w${flags}`, "-o", target, tool.goPackage];
}

async function describeSources(tool: Tool): Promise<string> {
  const hash = createHash("sha256");
  const folder = path.join(REPOSITORY, "tools", tool.moduleFolder);
  // Its own code, where the tool is ours, and what it requires.
  const sources = (await readdir(folder)).filter((file) => /^go\.(?:mod|sum)$|\.go$/.test(file));
  for (const file of sources.sort()) hash.update(await readFile(path.join(folder, file)));
  for (const { module, file } of tool.companions ?? []) hash.update(`${module} ${file}`);
  return `${tool.name} ${tool.version} ${hash.digest("hex")}\n`;
}

function goMissing(tool: Tool): Problem {
  const onPath = tool.versionMin ? `${tool.name} ${tool.versionMin} or newer` : tool.name;
  return new Problem(
    `${tool.title} is needed and neither it nor Go is on PATH: install ${onPath}, or Go 1.26 or newer to have it built`,
  );
}

async function buildFailed(tool: Tool, log: string): Promise<Problem> {
  const lastLine = (await readFile(log, "utf8")).trimEnd().split("\n").at(-1);
  return new Problem(`building ${tool.title} failed: ${lastLine} (the whole log: ${log})`);
}

function stampOf(executable: string): string {
  return `${executable}.built-from`;
}
