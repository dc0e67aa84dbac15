// `node tools/image/assemble.ts FOLDER`: what the container image holds, in FOLDER/root, and its empty data folder, in FOLDER/data.
// The bundle must be there (`npm run build -w provider/server`). The Containerfile runs this, and so does `npm run image`.
import { chmod, copyFile, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { run } from "../obtain/run.ts";
import { Problem } from "../problem.ts";
import { REPOSITORY } from "../repository.ts";

const BUNDLE = path.join(REPOSITORY, "provider", "server", "dist");
const USER = 65532;

/** Assembles the image's files in `folder`, which must not exist. `executable` is the Node that goes into it. */
export async function assemble(folder: string, executable = process.execPath): Promise<void> {
  const root = path.join(folder, "root");
  const node = path.join(root, "usr", "local", "bin", "node");
  await mkdir(path.dirname(node), { recursive: true });
  // Symbols are a fifth of the executable, and serve debuggers alone.
  await succeed("strip", ["--strip-all", "-o", node, executable]);
  for (const library of await librariesOf(executable)) {
    await place(library, path.join(root, library), 0o755);
  }
  await copyBundle(path.join(root, "app"));
  await writeAccounts(path.join(root, "etc"));
  await mkdir(path.join(root, "tmp"));
  await chmod(path.join(root, "tmp"), 0o1777);
  await mkdir(path.join(folder, "data", "moorage"), { recursive: true });
  await chmod(path.join(folder, "data", "moorage"), 0o700);
}

/** Paths of the shared libraries that an executable loads, and of the loader itself. */
async function librariesOf(executable: string): Promise<readonly string[]> {
  const lines = (await succeed("ldd", [executable])).split("\n");
  const found = lines.flatMap((line) => /(?:=>\s+)?(\/\S+)\s+\(0x/.exec(line)?.[1] ?? []);
  if (found.length === 0) throw new Problem(`ldd names no libraries of ${executable}`);
  return [...new Set(found)].sort();
}

async function copyBundle(target: string): Promise<void> {
  const files = (await readdir(BUNDLE).catch(() => [])).filter((file) => /\.js$/.test(file));
  if (!files.includes("main.js")) {
    throw new Problem("there is no bundle; `npm run build -w provider/server` makes it");
  }
  for (const file of files) {
    await place(path.join(BUNDLE, file), path.join(target, file), 0o644);
  }
}

/** Names for the user that the image runs as, for programs that look them up. */
async function writeAccounts(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const accounts = {
    passwd: `root:x:0:0:root:/:/\nmoorage:x:${USER}:${USER}:moorage:/data:/\n`,
    group: `root:x:0:\nmoorage:x:${USER}:\n`,
    // Without it names such as localhost are not looked up in /etc/hosts first.
    "nsswitch.conf": "hosts: files dns\n",
  };
  for (const [file, text] of Object.entries(accounts)) {
    await writeFile(path.join(folder, file), text, { mode: 0o644 });
  }
}

async function place(source: string, target: string, mode: number): Promise<void> {
  await mkdir(path.dirname(target), { recursive: true });
  await copyFile(source, target);
  await chmod(target, mode);
}

async function succeed(program: string, args: readonly string[]): Promise<string> {
  const { code, output, errors } = await run(program, args);
  if (code === 127)
    throw new Problem(`${program} is missing; Debian's packages binutils and libc-bin have it`);
  if (code !== 0) throw new Problem(`${program} ${args.join(" ")} failed: ${errors.trim()}`);
  return output;
}

if (import.meta.main) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new Problem("usage: node tools/image/assemble.ts FOLDER");
  await rm(folder, { recursive: true, force: true });
  process.umask(0o022);
  await assemble(folder);
}
