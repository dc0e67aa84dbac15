import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findExecutable, pathFolders } from "../../tools/obtain/find-executable.ts";
import { run } from "../../tools/obtain/run.ts";
import { credentialsOf, HTPASSWD } from "./passwords.ts";
import { freePort, startServer, temporaryDirectory } from "./server-process.ts";
import type { Target } from "./target.ts";

export interface ZotOptions {
  readonly name: string;
  readonly hasPasswords: boolean;
}

/**
 * Starts the `zot` of PATH on an empty directory, with its defaults but for the log. Its Go module cannot be required by
 * another: it is built in a checkout of it, by `make binary-minimal`.
 */
export async function startZot(options: ZotOptions): Promise<Target> {
  const executable = await findExecutable("zot", pathFolders(process.env));
  if (executable === undefined) {
    throw new Error("zot is not on PATH: build it in its repository by `make binary-minimal`");
  }
  const data = await temporaryDirectory();
  const port = await freePort();
  const configuration = join(data.path, "zot.json");
  const passwords = join(data.path, "htpasswd");
  await writeFile(passwords, HTPASSWD);
  await writeFile(configuration, configurationOf(data.path, port, options, passwords));
  const server = await startServer({
    command: executable,
    args: ["serve", configuration],
    environment: {},
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
    description: `zot ${await versionOf(executable)}, ${options.hasPasswords ? "htpasswd" : "open to all"}, not encrypted`,
    pid: server.pid,
    startSeconds: server.startSeconds,
    async stop() {
      await server.stop();
      await data.remove();
    },
  };
}

async function versionOf(executable: string): Promise<string> {
  const { output, errors } = await run(executable, ["--version"], {});
  return /v\d+\.\d+\.\d+/.exec(output + errors)?.[0] ?? "of an unknown version";
}

function configurationOf(
  folder: string,
  port: number,
  { hasPasswords }: ZotOptions,
  passwords: string,
): string {
  const auth = hasPasswords ? { auth: { htpasswd: { path: passwords } } } : {};
  return JSON.stringify({
    distSpecVersion: "1.1.1",
    storage: { rootDirectory: join(folder, "data") },
    http: { address: "127.0.0.1", port: String(port), ...auth },
    log: { level: "error" },
  });
}
