import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { eventually } from "./eventually.ts";
import { freePort } from "./free-port.ts";
import { cleared, made } from "./leftovers.ts";
import { recording } from "./recorded-answers.ts";
import { serves, servesNoMore } from "./served-ports.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const MAIN = join(import.meta.dirname, "../../provider/server/src/main.ts");

export const OWNER_EMAIL = "owner@moorage.example";
export const OWNER_PASSWORD = "a password for tests only";

/** A server in a process of its own, with a data directory of its own. */
export class RunningServer {
  readonly port: number;
  readonly dataDir: string;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #removeData: () => Promise<void>;
  #process: ChildProcess | undefined;
  #log = "";

  private constructor(
    port: number,
    environment: Readonly<Record<string, string>>,
    data: { path: string; remove: () => Promise<void> },
  ) {
    this.port = port;
    this.dataDir = join(data.path, "data");
    this.#environment = environment;
    this.#removeData = data.remove;
  }

  /** Starts a server and waits until it is ready; `environment` adds settings. */
  static async start(environment: Readonly<Record<string, string>> = {}): Promise<RunningServer> {
    const server = new RunningServer(await freePort(), environment, await temporaryDirectory());
    await server.restart();
    return server;
  }

  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  get url(): string {
    const isSecure = "MOORAGE_TLS_CERT_FILE" in this.#environment;
    return `${isSecure ? "https" : "http"}://${this.host}`;
  }

  /** Everything that the process has printed, over all of its lives. */
  get log(): string {
    return this.#log;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Starts the process again on the same data, after `kill` or `stop`. */
  async restart(): Promise<void> {
    const recorder = recording();
    const child = spawn(process.execPath, [recorder.import, "--conditions=@moorage/source", MAIN], {
      env: {
        PATH: process.env["PATH"],
        ...recorder.environment,
        MOORAGE_LISTEN: this.host,
        MOORAGE_DATA_DIR: this.dataDir,
        MOORAGE_ADMIN_EMAIL: OWNER_EMAIL,
        MOORAGE_ADMIN_PASSWORD: OWNER_PASSWORD,
        // All clients of a test have one address.
        MOORAGE_RATE_LIMIT: "off",
        ...this.#environment,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = child;
    const what = `a server, process ${child.pid}`;
    made(what, async () => {
      const ended = once(child, "close");
      child.kill("SIGKILL");
      await ended;
    });
    child.once("close", () => cleared(what));
    serves(this.port);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text: string) => {
        this.#log += text;
      });
    }
    await eventually("the server to be ready", async () => {
      if (child.exitCode !== null) {
        throw new Error(`the server ended with ${child.exitCode}:\n${this.#log}`);
      }
      const answer = await fetch(`${this.url}/readyz`).catch(() => undefined);
      await answer?.arrayBuffer();
      return answer?.status === 200 ? true : undefined;
    });
  }

  /** Ends the process by a signal and waits until it is gone; returns its exit code, `null` when the signal ended it. */
  async kill(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) {
      return child?.exitCode ?? null;
    }
    const ended = once(child, "close");
    child.kill(signal);
    await ended;
    return child.exitCode;
  }

  /** Stops the process and removes its data. */
  async stop(): Promise<void> {
    await this.kill("SIGTERM");
    servesNoMore(this.port);
    await this.#removeData();
  }
}
