import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const REPOSITORY = join(import.meta.dirname, "../..");

const NOT_OURS = new Set([".git", "node_modules", "dist", ".moorage", "bin"]);

/** Paths of all files of the project, relative to its root, divided by `/`; what git ignores is not among them. */
export function repositoryFiles(): readonly string[] {
  known ??= filesOfGit() ?? filesBelow("");
  return known;
}

let known: readonly string[] | undefined;

/** The text of a file of the project; `undefined` where it is not text. */
export function textOf(path: string): string | undefined {
  const bytes = readFileSync(join(REPOSITORY, path));
  return bytes.includes(0) ? undefined : bytes.toString("utf8");
}

/** What git says, line by line; `undefined` where this is no git checkout, a release archive for example. */
export function git(...parameters: string[]): readonly string[] | undefined {
  try {
    const output = execFileSync("git", parameters, {
      cwd: REPOSITORY,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      maxBuffer: 64 * 1024 * 1024,
    });
    return output.split("\n").filter((line) => line !== "");
  } catch {
    return undefined;
  }
}

/** Files that are tracked, or will be with the next `git add`. */
function filesOfGit(): readonly string[] | undefined {
  const deleted = new Set(git("ls-files", "--deleted"));
  return git("ls-files", "--cached", "--others", "--exclude-standard")
    ?.filter((path) => !deleted.has(path))
    .sort();
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(REPOSITORY, folder), { withFileTypes: true })
    .filter((entry) => !NOT_OURS.has(entry.name))
    .flatMap((entry) => {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      return entry.isDirectory() ? filesBelow(path) : [path];
    })
    .sort();
}
