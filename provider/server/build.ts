// Bundles the server into dist/, for production: one file that each thread needs, and one that only the workers need. A first run of
// the bundle then leaves the compiled code beside it, so that later starts compile nothing.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { build } from "esbuild";
import { COMPILE_CACHE } from "./src/workers/tuned-process.ts";

const DIST = join(import.meta.dirname, "dist");
const READY_SECONDS_MAX = 60;
const WARM_UP_PORT = 5999;

async function bundle(): Promise<void> {
  await rm(DIST, { recursive: true, force: true });
  await build({
    entryPoints: [join(import.meta.dirname, "src/main.ts")],
    outdir: DIST,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node26",
    conditions: ["@moorage/source"],
    minifySyntax: true,
    minifyWhitespace: true,
    sourcemap: true,
    sourcesContent: false,
    legalComments: "linked",
    // What is CommonJS asks for Node's own modules by `require`.
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
    logLevel: "info",
  });
}

/** Starts and stops the bundle once; Node writes the compiled code when it ends. */
async function fillCompileCache(): Promise<void> {
  const data = await mkdtemp(join(tmpdir(), "moorage-build-"));
  const server = spawn(process.execPath, [join(DIST, "main.js")], {
    env: {
      PATH: process.env["PATH"],
      MOORAGE_DATA_DIR: data,
      MOORAGE_LISTEN: `127.0.0.1:${WARM_UP_PORT}`,
      NODE_COMPILE_CACHE: join(DIST, COMPILE_CACHE),
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = once(server, "exit");
  try {
    await untilReady(`http://127.0.0.1:${WARM_UP_PORT}/readyz`);
    await fetch(`http://127.0.0.1:${WARM_UP_PORT}/v2/`);
  } finally {
    server.kill("SIGTERM");
    await ended;
    await rm(data, { recursive: true, force: true });
  }
}

async function untilReady(url: string): Promise<void> {
  const deadline = performance.now() + READY_SECONDS_MAX * 1000;
  for (;;) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok === true) {
      return;
    }
    if (performance.now() > deadline) {
      throw new Error(`the bundle was not ready within ${READY_SECONDS_MAX} seconds`);
    }
    await setTimeout(20);
  }
}

await bundle();
// A container image has its own user and folder, which the compiled code is bound to.
if (!process.argv.includes("--without-compile-cache")) {
  await fillCompileCache();
}
