import path from "node:path";
import { type RunResult, run } from "../../tools/obtain/run.ts";
import { REPOSITORY, toolsFolder } from "../../tools/repository.ts";
import { freePort } from "./free-port.ts";
import { recording } from "./recorded-answers.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const COMMAND_MILLISECONDS_MAX = 300_000;

/** What was last committed, cloned and installed in a folder of its own, as a newcomer has it. */
export class FreshClone {
  readonly folder: string;
  readonly endpoint: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly remove: () => Promise<void>;

  private constructor(
    place: { path: string; remove: () => Promise<void> },
    port: number,
    inherited: NodeJS.ProcessEnv,
  ) {
    this.folder = path.join(place.path, "clone");
    this.remove = place.remove;
    this.endpoint = `http://127.0.0.1:${port}`;
    const recorder = recording();
    this.environment = {
      ...inherited,
      ...recorder.environment,
      NODE_OPTIONS: recorder.import,
      MOORAGE_LISTEN: `127.0.0.1:${port}`,
      MOORAGE_TOOLS_DIR: toolsFolder(process.env),
      DOCKER_CONFIG: path.join(place.path, "docker"),
      REGISTRY_AUTH_FILE: path.join(place.path, "docker", "config.json"),
    };
  }

  static async make(): Promise<FreshClone> {
    const inherited = withoutThisRun(process.env);
    const clone = new FreshClone(await temporaryDirectory(), await freePort(), inherited);
    await clone.must("git", ["clone", "--quiet", REPOSITORY, clone.folder], REPOSITORY);
    await clone.must("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund"]);
    return clone;
  }

  async run(program: string, args: readonly string[], folder = this.folder): Promise<RunResult> {
    return run(program, args, {
      folder,
      environment: this.environment,
      timeoutMilliseconds: COMMAND_MILLISECONDS_MAX,
    });
  }

  async must(program: string, args: readonly string[], folder = this.folder): Promise<string> {
    const { code, output, errors } = await this.run(program, args, folder);
    if (code === 0) return output;
    throw new Error(`${program} ${args.join(" ")} ended with ${code}:\n${output}\n${errors}`);
  }
}

/** The machine's own environment, without what npm and this run of the tests have added. */
export function withoutThisRun(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const ours =
    /^(?:MOORAGE_|PULUMI_|NODE_OPTIONS$|npm_(?:package|lifecycle)_|npm_config_local_prefix$)/;
  const kept = Object.entries(environment).filter(([name]) => !ours.test(name));
  const folders = (environment["PATH"] ?? "")
    .split(path.delimiter)
    .filter((folder) => !folder.includes("node_modules"));
  return { ...Object.fromEntries(kept), PATH: folders.join(path.delimiter) };
}
