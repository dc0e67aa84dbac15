import path from "node:path";

/** The folder of this clone. */
export const REPOSITORY = path.dirname(import.meta.dirname);

/** Where tools that are not on PATH are built. Tests of a fresh clone point this at a filled folder. */
export function toolsFolder(environment: NodeJS.ProcessEnv): string {
  return path.resolve(environment["MOORAGE_TOOLS_DIR"] || path.join(REPOSITORY, "tools", "bin"));
}

/** A path as one would type it in the clone. */
export function shown(file: string): string {
  const relative = path.relative(REPOSITORY, file);
  return relative.startsWith("..") ? file : relative;
}
