import assert from "node:assert/strict";
import { importsOf } from "./imports.ts";
import { code, tableRows } from "./markdown.ts";
import { repositoryFiles, textOf } from "./repository-files.ts";
import { sourceFiles, WRITTEN_BY_PROGRAMS } from "./source-files.ts";

const PAGE = "docs/decisions/0001-runtime-dependencies.md";
const EXACT = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/;
/** Run by name or found by a tool, never imported. */
const NEVER_IMPORTED = new Set([
  "@biomejs/biome",
  "@types/google-protobuf",
  "@types/mocha",
  "@types/node",
  "eslint",
  "node",
]);

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

describe("dependencies", () => {
  const manifests = repositoryFiles()
    .filter((path) => /(?:^|\/)package\.json$/.test(path) && !WRITTEN_BY_PROGRAMS.test(path))
    .map((path) => ({ path, manifest: JSON.parse(textOf(path) ?? "{}") as Manifest }));
  const own = new Set(manifests.map(({ manifest }) => manifest.name));

  it("have an exact version, except what a user brings along", () => {
    const loose = manifests.flatMap(({ path, manifest }) =>
      Object.entries({
        ...manifest.dependencies,
        ...manifest.devDependencies,
        ...manifest.optionalDependencies,
      })
        .filter(([, version]) => !EXACT.test(version))
        .map(([name, version]) => `${path}: ${name} ${version}`),
    );
    assert.deepEqual(loose, []);
  });

  it("at run time have one row each on the page that chose them", () => {
    const declared = manifests.flatMap(({ manifest }) =>
      Object.keys({
        ...manifest.dependencies,
        ...manifest.peerDependencies,
        ...manifest.optionalDependencies,
      }),
    );
    const foreign = new Set(declared.filter((name) => !own.has(name)));
    assert.deepEqual(rowNames("At run time"), [...foreign].sort());
  });

  it("of development have one row each on the same page", () => {
    const atRunTime = new Set(rowNames("At run time"));
    const declared = manifests.flatMap(({ manifest }) =>
      Object.keys(manifest.devDependencies ?? {}),
    );
    const others = new Set(declared.filter((name) => !own.has(name) && !atRunTime.has(name)));
    assert.deepEqual(rowNames("For development"), [...others].sort());
  });

  it("are declared by the package whose code imports them", () => {
    const undeclared = sourceFiles().flatMap((source) => {
      const names = new Set(
        manifests
          .filter(({ path }) => source.path.startsWith(path.replace(/package\.json$/, "")))
          .filter(({ path }) => path !== "package.json" || !isPublished(source.path))
          .flatMap(({ manifest }) =>
            [manifest.name].concat(
              Object.keys({
                ...manifest.dependencies,
                ...manifest.devDependencies,
                ...manifest.peerDependencies,
              }),
            ),
          ),
      );
      return importsOf(source)
        .filter(({ specifier }) => isPublished(source.path) && isForeign(specifier))
        .filter(({ specifier }) => !names.has(packageOf(specifier)))
        .map(({ place, specifier }) => `${place}: ${specifier}`);
    });
    assert.deepEqual(undeclared, []);
  });

  it("are used", () => {
    const imported = new Set(
      sourceFiles().flatMap((source) =>
        importsOf(source).map(({ specifier }) => packageOf(specifier)),
      ),
    );
    const unused = manifests.flatMap(({ path, manifest }) => {
      return Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })
        .filter((name) => !imported.has(name) && !NEVER_IMPORTED.has(name))
        .map((name) => `${path}: ${name}`);
    });
    assert.deepEqual(unused, []);
  });
});

function rowNames(heading: string): string[] {
  const rows = tableRows(PAGE, heading);
  for (const row of rows) {
    assert.ok(
      row.every((cell) => cell.length > 0),
      `${PAGE}: a cell of ${row[0]} is empty`,
    );
  }
  return rows.map(([name]) => code(name) ?? "").sort();
}

/** Code that is published, or runs in production, brings along what it imports; the rest uses what the root has. */
function isPublished(path: string): boolean {
  return /^(?:provider|sdk)\//.test(path);
}

function isForeign(specifier: string): boolean {
  return !specifier.startsWith(".") && !specifier.startsWith("node:");
}

function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}
