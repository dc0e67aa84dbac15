import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { KubernetesObject } from "@moorage/core/deployment/kubernetes-object";
import { obtainClient } from "../../tools/obtain/obtain.ts";
import { type RunResult, run } from "../../tools/obtain/run.ts";
import { KUBERNETES_CONTROLLERS } from "../../tools/obtain/tool.ts";
import { eventually } from "./eventually.ts";
import { freePorts } from "./free-port.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const KUBECTL_MILLISECONDS_MAX = 60_000;

/** An object as the API server keeps it. */
export interface KeptObject extends KubernetesObject {
  readonly metadata: KubernetesObject["metadata"] & {
    readonly uid: string;
    readonly resourceVersion: string;
  };
}

export interface KubernetesApiOptions {
  /**
   * With those of Kubernetes' controllers that empty deleted namespaces, delete what owners leave behind, give each namespace its
   * default account, and make the pods of StatefulSets. Nothing runs the pods.
   */
  readonly controllers?: boolean;
}

/**
 * A real Kubernetes API server with an etcd of its own, both on loopback. Nothing runs behind it: no pod starts, but objects are
 * checked, admitted, completed and kept as in any cluster.
 */
export class KubernetesApi implements AsyncDisposable {
  readonly #folder: string;
  readonly #remove: () => Promise<void>;
  readonly #processes: ChildProcess[] = [];
  #log = "";

  private constructor(folder: string, remove: () => Promise<void>) {
    this.#folder = folder;
    this.#remove = remove;
  }

  static async start({ controllers = false }: KubernetesApiOptions = {}): Promise<KubernetesApi> {
    const { path, remove } = await temporaryDirectory();
    const api = new KubernetesApi(path, remove);
    try {
      await api.#start();
      if (controllers) await api.#startControllers();
      return api;
    } catch (error) {
      await api[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Where a client finds the server, and may do everything. */
  get kubeconfig(): string {
    return join(this.#folder, "kubeconfig");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#processes.reverse()) {
      if (child.pid === undefined || child.exitCode !== null) continue;
      const ended = once(child, "close");
      child.kill("SIGKILL");
      await ended;
    }
    await this.#remove();
  }

  /** Runs kubectl, whether it succeeds or not. */
  try(args: readonly string[], objects: readonly unknown[] = []): Promise<RunResult> {
    const list = { apiVersion: "v1", kind: "List", items: objects };
    return run("kubectl", args, {
      input: JSON.stringify(list),
      timeoutMilliseconds: KUBECTL_MILLISECONDS_MAX,
      environment: {
        PATH: process.env["PATH"],
        HOME: this.#folder,
        KUBECONFIG: this.kubeconfig,
      },
    });
  }

  async kubectl(args: readonly string[], objects: readonly unknown[] = []): Promise<string> {
    const { code, errors, output } = await this.try(args, objects);
    if (code !== 0) throw new Error(`kubectl ${args.join(" ")} ended with ${code}: ${errors}`);
    return output;
  }

  /** Applies objects on the server's side, as GitOps does; whoever else owns a field of them keeps it. */
  async apply(objects: readonly unknown[]): Promise<void> {
    await this.kubectl(["apply", "--server-side", "-f", "-"], objects);
  }

  async read({ apiVersion, kind, metadata }: KubernetesObject): Promise<KeptObject> {
    const group = apiVersion.includes("/") ? `.${apiVersion.split("/")[0]}` : "";
    const place = metadata.namespace === undefined ? [] : ["--namespace", metadata.namespace];
    const args = ["get", `${kind}${group}`, metadata.name, ...place, "-o", "json"];
    return JSON.parse(await this.kubectl(args));
  }

  async #start(): Promise<void> {
    const first = await freePorts(3);
    const [client, peer, port] = [first, first + 1, first + 2];
    const etcd = `http://127.0.0.1:${client}`;
    this.#spawn("etcd", [
      `--data-dir=${join(this.#folder, "etcd")}`,
      `--listen-client-urls=${etcd}`,
      `--advertise-client-urls=${etcd}`,
      `--listen-peer-urls=http://127.0.0.1:${peer}`,
      "--unsafe-no-fsync",
    ]);
    const token = randomBytes(16).toString("hex");
    await this.#writeFiles(token, port);
    const server = this.#spawn("kube-apiserver", [
      `--etcd-servers=${etcd}`,
      "--bind-address=127.0.0.1",
      `--secure-port=${port}`,
      `--cert-dir=${join(this.#folder, "certificates")}`,
      `--token-auth-file=${join(this.#folder, "tokens.csv")}`,
      "--authorization-mode=RBAC",
      "--service-cluster-ip-range=10.96.0.0/16",
      "--service-account-issuer=https://kubernetes.default.svc",
      `--service-account-key-file=${join(this.#folder, "accounts.pem")}`,
      `--service-account-signing-key-file=${join(this.#folder, "accounts.pem")}`,
    ]);
    await eventually(
      "the API server to be ready",
      async () => {
        if (server.exitCode !== null) throw new Error(`kube-apiserver ended:\n${this.#log}`);
        const { code } = await this.try(["get", "--raw", "/readyz"]);
        return code === 0 ? true : undefined;
      },
      120,
    );
  }

  async #startControllers(): Promise<void> {
    const executable = await obtainClient(KUBERNETES_CONTROLLERS, () => {});
    const controllers = this.#spawn(executable, [this.kubeconfig]);
    await eventually("the controllers to be ready", async () => {
      if (controllers.exitCode !== null) throw new Error(`the controllers ended:\n${this.#log}`);
      const account = ["get", "serviceaccount", "default", "--namespace", "default"];
      return (await this.try(account)).code === 0 ? true : undefined;
    });
  }

  async #writeFiles(token: string, port: number | undefined): Promise<void> {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const pem = privateKey.export({ type: "pkcs1", format: "pem" });
    await writeFile(join(this.#folder, "accounts.pem"), pem, { mode: 0o600 });
    await writeFile(join(this.#folder, "tokens.csv"), `${token},admin,admin,"system:masters"\n`);
    await mkdir(join(this.#folder, "certificates"));
    const cluster = { server: `https://127.0.0.1:${port}`, "insecure-skip-tls-verify": true };
    const kubeconfig = {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "test", cluster }],
      users: [{ name: "test", user: { token } }],
      contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
      "current-context": "test",
    };
    await writeFile(this.kubeconfig, JSON.stringify(kubeconfig), { mode: 0o600 });
  }

  #spawn(program: string, args: readonly string[]): ChildProcess {
    const child = spawn(program, args, { cwd: this.#folder, stdio: ["ignore", "pipe", "pipe"] });
    child.once("error", (error) => {
      this.#log += `${program}: ${error.message}\n`;
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text: string) => {
        this.#log = (this.#log + text).slice(-10_000);
      });
    }
    this.#processes.push(child);
    return child;
  }
}
