import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildFromModules } from "../../tools/obtain/build-from-modules.ts";
import { findExecutable, pathFolders } from "../../tools/obtain/find-executable.ts";
import { run } from "../../tools/obtain/run.ts";
import type { Tool } from "../../tools/obtain/tool.ts";
import { toolsFolder } from "../../tools/repository.ts";
import { credentialsOf, HTPASSWD } from "./passwords.ts";
import { freePort, startServer, temporaryDirectory } from "./server-process.ts";
import type { Target } from "./target.ts";

const DISTRIBUTION: Tool = {
  name: "registry",
  title: "CNCF distribution",
  version: "3.1.2",
  moduleFolder: "peers",
  goPackage: "github.com/distribution/distribution/v3/cmd/registry",
  buildTime: "2 minutes on two cores",
};

export interface DistributionOptions {
  readonly name: string;
  /** `debian`: the package `docker-registry` (2.8); `modules`: 3.1, built from Go modules. */
  readonly from: "debian" | "modules";
  readonly hasPasswords: boolean;
}

/** A peer that removes garbage while it is stopped. */
export interface DistributionTarget extends Target {
  /** Stops the server, runs `registry garbage-collect`, and returns how long that took, in milliseconds. */
  collectGarbage(): Promise<number>;
}

/** Starts CNCF distribution on an empty directory, quiet, with its defaults otherwise. */
export async function startDistribution(options: DistributionOptions): Promise<DistributionTarget> {
  const executable = await executableOf(options);
  const data = await temporaryDirectory();
  const port = await freePort();
  const configuration = join(data.path, "registry.yml");
  const passwords = join(data.path, "htpasswd");
  await writeFile(passwords, HTPASSWD);
  await writeFile(configuration, configurationOf(data.path, port, options, passwords));
  const server = await startServer({
    command: executable,
    args: ["serve", configuration],
    environment: { OTEL_TRACES_EXPORTER: "none" },
    readyUrl: `http://127.0.0.1:${port}/v2/`,
  });
  return {
    endpoint: {
      name: options.name,
      host: "127.0.0.1",
      port,
      prefix: "",
      credentials: credentialsOf(options.hasPasswords),
    },
    description: `CNCF distribution ${options.from === "debian" ? "2.8 (Debian)" : DISTRIBUTION.version}, ${options.hasPasswords ? "htpasswd" : "open to all"}, not encrypted`,
    pid: server.pid,
    startSeconds: server.startSeconds,
    async collectGarbage() {
      await server.stop();
      const startedAt = performance.now();
      const { code, errors } = await run(executable, ["garbage-collect", configuration]);
      if (code !== 0) {
        throw new Error(`registry garbage-collect ended with ${code}:\n${errors.slice(-2000)}`);
      }
      return performance.now() - startedAt;
    },
    async stop() {
      await server.stop();
      await data.remove();
    },
  };
}

async function executableOf({ from }: DistributionOptions): Promise<string> {
  if (from === "modules") {
    const progress = (line: string) => process.stderr.write(`${line}\n`);
    return buildFromModules(DISTRIBUTION, toolsFolder(process.env), progress);
  }
  const found = await findExecutable("docker-registry", pathFolders(process.env));
  if (found === undefined) {
    throw new Error("docker-registry is not on PATH: apt-get install docker-registry");
  }
  return found;
}

function configurationOf(
  folder: string,
  port: number,
  { hasPasswords }: DistributionOptions,
  passwords: string,
): string {
  const lines = [
    "version: 0.1",
    "log: { level: error, accesslog: { disabled: true } }",
    `storage: { filesystem: { rootdirectory: ${join(folder, "data")}, maxthreads: 100 }, cache: { blobdescriptor: inmemory } }`,
    `http: { addr: "127.0.0.1:${port}", secret: bench }`,
  ];
  if (hasPasswords) {
    lines.push(`auth: { htpasswd: { realm: bench, path: ${passwords} } }`);
  }
  return `${lines.join("\n")}\n`;
}
