// Bundles the plugin into dist/bundle, which `pulumi plugin install --file` takes: one file of code and a
// launcher that runs it by the Node on PATH. Components need Pulumi's own library: what of it only programs and
// dynamic resources use (a compiler, a package manager, the CLI's interface) is left out, or the file would be four times as large.
import { chmod, copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";
import { VERSION } from "./src/plugin/version.ts";

const FOLDER = join(import.meta.dirname, "dist/bundle");
const PROJECT = "PulumiPlugin.yaml";
/** What users have: see `engines`. */
const NODE_MAJOR_MIN = 22;
/** Before anything is loaded: an older Node would end somewhere in a dependency, and say nothing of its age. */
const AGE_CHECK = `"use strict";
if (Number.parseInt(process.versions.node, 10) < ${NODE_MAJOR_MIN}) {
  console.error("the Moorage plugin needs Node ${NODE_MAJOR_MIN} or newer, and the \`node\` on the PATH is " + process.versions.node);
  process.exit(1);
}`;
const LAUNCHER = `#!/bin/sh
# Serves the provider to the Pulumi engine.
exec node "$(dirname -- "$(readlink -f -- "$0")")/main.cjs" "$@"
`;

/** Stands for modules that a plugin never uses; what comes to use one after all fails with its name. */
const LEFT_OUT: Plugin = {
  name: "left-out",
  setup({ onLoad, onResolve }) {
    const inLibrary = /@pulumi\/pulumi\//;
    onResolve(
      {
        filter:
          /^(?:typescript|@npmcli\/arborist|require-from-string)$|\/typescript-shim$|^\.\.?\/automation$/,
      },
      (asked) =>
        inLibrary.test(asked.importer) ? { path: asked.path, namespace: "left-out" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "left-out" }, ({ path }) => ({
      contents: `module.exports = new Proxy({}, { get(_, key) {
        if (key === "__esModule" || typeof key === "symbol") return undefined;
        throw new Error("the plugin of Moorage has no ${path} (" + key + ")");
      } });`,
    }));
  },
};

await rm(FOLDER, { recursive: true, force: true });
await build({
  entryPoints: [join(import.meta.dirname, "src/plugin/main.ts")],
  outfile: join(FOLDER, "main.cjs"),
  bundle: true,
  format: "cjs",
  platform: "node",
  target: `node${NODE_MAJOR_MIN}`,
  banner: { js: AGE_CHECK },
  conditions: ["@moorage/source"],
  plugins: [LEFT_OUT],
  minify: true,
  keepNames: true,
  legalComments: "linked",
  logLevel: "warning",
});
const launcher = join(FOLDER, "pulumi-resource-moorage");
await writeFile(launcher, LAUNCHER);
await chmod(launcher, 0o755);
// A CLI that cannot start the launcher, as on Windows, where there is no sh, reads PulumiPlugin.yaml. Any CLI runs `npm install`
// in a plugin that has one, finds nothing to do, and insists on a folder of packages.
const manifest = { name: "moorage-plugin", version: VERSION, private: true, main: "main.cjs" };
await writeFile(join(FOLDER, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
await mkdir(join(FOLDER, "node_modules"));
await writeFile(join(FOLDER, "node_modules", ".keep"), "");
await copyFile(join(import.meta.dirname, PROJECT), join(FOLDER, PROJECT));
