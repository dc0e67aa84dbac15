import { createHash } from "node:crypto";
import path from "node:path";
import { Problem } from "../problem.ts";
import { REPOSITORY } from "../repository.ts";

/** Where the quickstart keeps what it makes, and the server that it deploys to. */
export interface Settings {
  /** Address of the server, without a slash at its end. */
  readonly endpoint: string;
  /** True if `MOORAGE_ENDPOINT` names a server: somebody else starts and stops that one. */
  readonly isForeign: boolean;
  readonly dataFolder: string;
  readonly logFile: string;
  readonly pidFile: string;
  /** Of one clone, shared by its stacks: state, settings, passphrase. */
  readonly pulumiFolder: string;
  readonly stackName: string;
}

const LISTEN_DEFAULT = "127.0.0.1:5000";
const DATA_FOLDER_DEFAULT = path.join(REPOSITORY, ".moorage");
export const STACK_NAME_DEFAULT = "quickstart";

export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const dataFolder = path.resolve(
    REPOSITORY,
    environment["MOORAGE_DATA_DIR"] || DATA_FOLDER_DEFAULT,
  );
  const given = environment["MOORAGE_ENDPOINT"];
  return {
    endpoint: given ? readEndpoint(given) : endpointOfListener(environment),
    isForeign: Boolean(given),
    dataFolder,
    logFile: path.join(dataFolder, "server.log"),
    pidFile: path.join(dataFolder, "server.pid"),
    // Pulumi.yaml says the same of the stacks' settings.
    pulumiFolder: path.join(DATA_FOLDER_DEFAULT, "pulumi"),
    stackName: stackNameFor(given ?? dataFolder),
  };
}

/** Each server has a stack of its own, so that one server's resources are not sought on another. */
function stackNameFor(server: string): string {
  if (server === DATA_FOLDER_DEFAULT) return STACK_NAME_DEFAULT;
  return `${STACK_NAME_DEFAULT}-${createHash("sha256").update(server).digest("hex").slice(0, 8)}`;
}

function readEndpoint(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new Problem(`MOORAGE_ENDPOINT must be like http://127.0.0.1:5000, and is ${given}`);
  }
  return given.replace(/\/+$/, "");
}

function endpointOfListener(environment: NodeJS.ProcessEnv): string {
  const [listen = ""] = (environment["MOORAGE_LISTEN"] || LISTEN_DEFAULT).split(",");
  const [, host = "", port = ""] = /^(.*):(\d+)$/.exec(listen.trim()) ?? [];
  const endpoint = `http://${reachableHost(host)}:${port}`;
  if (port === "" || !URL.canParse(endpoint)) {
    throw new Problem(`MOORAGE_LISTEN must be like ${LISTEN_DEFAULT}, and is ${listen}`);
  }
  return endpoint;
}

/** A server that listens on every address is reached on the loopback one. */
function reachableHost(host: string): string {
  if (host === "" || host === "0.0.0.0" || host === "*") return "127.0.0.1";
  return host === "[::]" ? "[::1]" : host;
}
