import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { run } from "../obtain/run.ts";
import { Problem } from "../problem.ts";
import { REPOSITORY } from "../repository.ts";
import { classesOf, dynamicClass, dynamicIndex, pluginClass } from "./classes.ts";
import { classArguments, namedTypes } from "./declarations.ts";
import { readPackage } from "./package-spec.ts";
import {
  componentFile,
  functionFile,
  pluginIndex,
  providerFile,
  referencesFile,
} from "./plugin-only.ts";
import type { SourceText } from "./source-text.ts";

/** Where the faces stand. Files of ours stand beside those that are written. */
export const FACES = path.join(REPOSITORY, "provider", "pulumi", "src");
/** How a file begins that is written, and not by us. */
const WRITTEN = "// Written by `npm run generate`";

/** Writes both faces of the package for TypeScript, in place of those that are there. */
export async function writeFaces(): Promise<void> {
  for (const file of await writtenFaces()) await rm(path.join(FACES, file));
  for (const [file, text] of await faces()) await writeFile(path.join(FACES, file), text);
}

/** The texts of all files that the schema makes, by their paths, formatted as ours are. What people wrote in such a place stays. */
export async function faces(): Promise<ReadonlyMap<string, string>> {
  const folder = await mkdtemp(path.join(tmpdir(), "moorage-faces-"));
  try {
    const names: string[] = [];
    for (const [part, files] of Object.entries(texts())) {
      await mkdir(path.join(folder, part));
      for (const { name, text } of files) {
        if (await isOurs(path.join(FACES, part, name))) continue;
        names.push(path.join(part, name));
        await writeFile(path.join(folder, part, name), text);
      }
    }
    await format(folder);
    const read = names.map(async (name) => {
      return [name, await readFile(path.join(folder, name), "utf8")] as const;
    });
    return new Map(await Promise.all(read));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The paths of the files that stand there and are written. */
export async function writtenFaces(): Promise<readonly string[]> {
  const found: string[] = [];
  for (const part of Object.keys(texts())) {
    for (const name of await readdir(path.join(FACES, part))) {
      if (!(await isOurs(path.join(FACES, part, name)))) found.push(path.join(part, name));
    }
  }
  return found.sort();
}

async function isOurs(file: string): Promise<boolean> {
  return existsSync(file) && !(await readFile(file, "utf8")).startsWith(WRITTEN);
}

function texts(): Readonly<Record<string, readonly SourceText[]>> {
  const spec = readPackage();
  const classes = [...classesOf(spec)];
  const components = Object.entries(spec.resources).filter(([, { isComponent }]) => isComponent);
  return {
    program: [
      namedTypes(spec),
      ...classes.map(([type, resource]) => classArguments(spec, type, resource)),
    ],
    dynamic: [
      dynamicIndex(spec),
      ...classes.map(([type, resource]) => dynamicClass(spec, type, resource)),
    ],
    "plugin-face": [
      pluginIndex(spec),
      referencesFile(spec),
      providerFile(spec),
      ...classes.map(([type, resource]) => pluginClass(spec, type, resource)),
      ...components.map(([token, component]) => componentFile(spec, token, component)),
      ...Object.entries(spec.functions).map(([token, call]) => functionFile(spec, token, call)),
    ],
  };
}

/** As everything of ours is formatted, imports in order. */
async function format(folder: string): Promise<void> {
  const biome = path.join(REPOSITORY, "node_modules", ".bin", "biome");
  const config = path.join(REPOSITORY, "biome.json");
  const args = [
    "check",
    "--write",
    "--linter-enabled=false",
    "--vcs-enabled=false",
    `--config-path=${config}`,
    ".",
  ];
  const { code, output, errors } = await run(biome, args, { folder });
  if (code !== 0) throw new Problem(`the faces cannot be formatted: ${output}${errors}`);
}
