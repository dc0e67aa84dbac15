import { posix } from "node:path";
import { importsOf } from "./imports.ts";
import type { SourceFile } from "./source-files.ts";

/**
 * Who may import whom, besides itself; `docs/architecture.md` draws it. A file belongs to the most precise name that its path
 * starts with. `*` stands for one folder, and each such folder is a layer of its own: siblings do not see each other. Names are
 * relative to the heading, or to the repository with a `/` in front.
 */
const LAYERS: readonly Layer[] = [
  ...layersIn("provider/server/src", {
    "main.ts": "cli config.ts domain workers",
    cli: "compose compose.ts config config.ts app domain /sdk/core/src/contract /sdk/core/src/deployment /provider/server/package.json",
    workers: "app compose compose.ts config config.ts domain http http/server.ts jobs",
    "compose.ts": "compose config config.ts domain ports app adapters/*",
    compose: "config config.ts domain ports app adapters/*",
    "config.ts": "config domain",
    config: "domain /sdk/core/src/contract",
    domain: "",
    ports: "domain",
    app: "ports domain",
    jobs: "app ports domain",
    "http/server.ts": "app domain http http/* http/wire",
    http: "app domain http/wire",
    "http/*": "app domain http http/wire /sdk/core/src/contract",
    "http/wire": "app domain /sdk/core/src/contract",
    "adapters/*": "ports domain",
    "adapters/metadata-sql": "ports domain",
    "adapters/metadata-sqlite": "ports domain adapters/metadata-sql",
    "adapters/metadata-postgres": "ports domain adapters/metadata-sql",
  }),
  ...layersIn("provider/server", { "build.ts": "src/workers", "package.json": "" }),
  ...layersIn("provider/pulumi/src", {
    resources: "/sdk/core/src/contract /sdk/core/src/client",
    program: "resources",
    dynamic: "program resources",
    "plugin-face": "program plugin/version.ts",
    components: "dynamic program resources /sdk/core/src/deployment",
    "plugin/version.ts": "",
    plugin: "resources plugin/version.ts plugin-face components /sdk/core/src/deployment",
  }),
  ...layersIn("sdk/core/src", { contract: "", client: "contract", deployment: "contract" }),
  ...layersIn("sdk/cdktf", { src: "/sdk/core/src/deployment" }),
  ...layersIn("provider/pulumi", { "build.ts": "src/plugin src/plugin/version.ts" }),
  ...layersIn("", {
    tools: "",
    "tools/generate.ts": "tools tools/faces tools/reference /provider/pulumi/src/plugin",
    "tools/reference": "tools tools/faces",
    "tools/faces": "tools /provider/pulumi/src/plugin",
    "examples/*":
      "/provider/pulumi/src/dynamic /provider/pulumi/src/plugin-face /provider/pulumi/src/components /sdk/cdktf/src",
  }),
];

/** Code that users run. Nothing in it may stand outside the table. Tests and benchmarks, which see everything, are not in it. */
const PRODUCT = /^(?:provider|sdk|tools|examples)\//;

/** Imports of these files that the table does not allow. */
export function forbiddenImports(sources: readonly SourceFile[]): string[] {
  return sources
    .filter(({ path }) => PRODUCT.test(path))
    .flatMap((source) => {
      const layer = layerOf(source.path);
      if (layer === undefined) {
        return [`${source.path}: belongs to no layer`];
      }
      return importsOf(source)
        .filter(({ path }) => path !== undefined && !mayImport(layer, layerOf(path)))
        .map(({ place, path }) => `${place}: ${layer.folder} must not import ${path}`);
    });
}

function mayImport(from: LayerOfFile, to: LayerOfFile | undefined): boolean {
  return (
    to !== undefined &&
    [from.folder, ...from.layer.sees].some((name) => folderOf(name, `${to.folder}/`) === to.folder)
  );
}

interface Layer {
  readonly name: string;
  readonly sees: readonly string[];
}

interface LayerOfFile {
  readonly layer: Layer;
  /** The layer's name with `*` filled in. */
  readonly folder: string;
}

function layersIn(heading: string, table: Readonly<Record<string, string>>): Layer[] {
  const fromRoot = (name: string): string =>
    name.startsWith("/") ? name.slice(1) : posix.join(heading, name);
  return Object.entries(table).map(([name, sees]) => ({
    name: fromRoot(name),
    sees: sees.split(" ").filter(Boolean).map(fromRoot),
  }));
}

function layerOf(path: string): LayerOfFile | undefined {
  const [best] = LAYERS.filter(({ name }) => folderOf(name, path) !== undefined).sort(
    (one, other) => precision(other) - precision(one),
  );
  return best && { layer: best, folder: folderOf(best.name, path) ?? "" };
}

function folderOf(name: string, path: string): string | undefined {
  const wanted = name.split("/");
  const steps = path.split("/");
  // A `*` is a folder: something must follow it.
  const isIn =
    wanted.every((step, index) => step === "*" || step === steps[index]) &&
    steps.length >= wanted.length + (wanted.at(-1) === "*" ? 1 : 0);
  return isIn ? steps.slice(0, wanted.length).join("/") : undefined;
}

/** More steps are more precise; at the same number, a spelled-out name is. */
function precision({ name }: Layer): number {
  return name.split("/").length * 2 - (name.endsWith("*") ? 1 : 0);
}
