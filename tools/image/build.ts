// `npm run image [-- NAME]`: the server's container image, built with buildah and without a base image. The same source gives the same
// digest. Settings of containers-storage (STORAGE_DRIVER, …) count as they do for buildah.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { run } from "../obtain/run.ts";
import { Problem } from "../problem.ts";
import { REPOSITORY } from "../repository.ts";
import { assemble } from "./assemble.ts";

const CONTAINERFILE = path.join(REPOSITORY, "provider", "server", "Containerfile");

/** The instructions of the Containerfile's last stage, with what the stage before it would hold taken from the build's context. */
export function lastStage(containerfile: string): string {
  const start = containerfile.lastIndexOf("\nFROM ");
  const stage = containerfile.slice(start + 1);
  const local = stage.replaceAll(/^COPY --from=assembled (.*)\/image\/(\S+) /gm, "COPY $1$2 ");
  if (!local.startsWith("FROM scratch\n") || local.includes("--from=")) {
    throw new Problem("the last stage of the Containerfile is not as `npm run image` expects it");
  }
  return local;
}

/** Builds the image from the bundle that is there, names it, and returns its digest. */
export async function buildImage(name: string, environment = process.env): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "moorage-image-"));
  try {
    await assemble(folder);
    const containerfile = path.join(folder, "Containerfile");
    await writeFile(containerfile, lastStage(await readFile(CONTAINERFILE, "utf8")));
    const options = ["--isolation", "chroot", "--timestamp", "0", "--format", "oci"];
    await buildah(
      ["build", ...options, "--tag", name, "--file", containerfile, folder],
      environment,
    );
    const digest = ["inspect", "--type", "image", "--format", "{{.FromImageDigest}}", name];
    return (await buildah(digest, environment)).trim();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function buildah(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<string> {
  const { code, output, errors } = await run("buildah", args, { environment });
  if (code === 127) throw new Problem("buildah is missing; Debian's package buildah has it");
  if (code !== 0) throw new Problem(`buildah ${args[0]} failed:\n${errors}${output}`);
  return output;
}

async function main(): Promise<void> {
  const [name = "moorage:latest"] = process.argv.slice(2);
  process.umask(0o022);
  const build = [
    "run",
    "--silent",
    "build",
    "-w",
    "provider/server",
    "--",
    "--without-compile-cache",
  ];
  const { code, output, errors } = await run("npm", build, { folder: REPOSITORY });
  if (code !== 0) throw new Problem(`the bundle could not be built:\n${errors}${output}`);
  process.stdout.write(`${name} ${await buildImage(name)}\n`);
}

if (import.meta.main) await main();
