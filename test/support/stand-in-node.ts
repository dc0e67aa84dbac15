import { once } from "node:events";
import { connect, createServer, type Server } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { ClientHome } from "./client-home.ts";
import type { KubernetesApi } from "./kubernetes-api.ts";
import { RunningServer } from "./running-server.ts";

const POLL_MILLISECONDS = 500;
const texts = z.record(z.string(), z.string());
const podSchema = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string() }),
  spec: z.object({
    containers: z.tuple([
      z.object({
        image: z.string(),
        envFrom: z.array(z.object({ configMapRef: z.object({ name: z.string() }) })).optional(),
      }),
    ]),
    volumes: z.array(z.object({ secret: z.object({ secretName: z.string() }).optional() })),
    imagePullSecrets: z.array(z.object({ name: z.string() })).optional(),
  }),
  status: z.object({ phase: z.string() }),
});
type Pod = z.infer<typeof podSchema>;

/**
 * What a node of a cluster would do, as far as it can be done without containers. A pod of the registry's image becomes a
 * server of this source, with the settings and keys that the pod names, behind the port of the node. Any other pod is pulled, by
 * the secret that it names, and has succeeded.
 */
export class StandInNode implements AsyncDisposable {
  readonly #api: KubernetesApi;
  readonly #image: string;
  readonly #home: ClientHome;
  readonly #port: Server;
  readonly #watching: Promise<unknown>;
  #server: RunningServer | undefined;
  #isStopped = false;

  private constructor(api: KubernetesApi, image: string, home: ClientHome, port: Server) {
    this.#api = api;
    this.#image = image;
    this.#home = home;
    this.#port = port;
    port.on("connection", (client) => {
      const there = connect(this.#server?.port ?? 1, "127.0.0.1");
      client.on("error", () => there.destroy());
      there.on("error", () => client.destroy());
      client.pipe(there).pipe(client);
    });
    // What goes wrong is told when the node is stopped.
    this.#watching = this.#watch().catch((error: unknown) => error);
  }

  /** @param image of pods that are the registry. */
  static async start(api: KubernetesApi, image: string, nodePort: number): Promise<StandInNode> {
    const port = createServer().listen(nodePort, "127.0.0.1");
    await once(port, "listening");
    const metadata = { name: "stand-in" };
    await api.apply([{ apiVersion: "v1", kind: "Node", metadata }]);
    return new StandInNode(api, image, await ClientHome.make(), port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopped = true;
    const failure = await this.#watching;
    this.#port.close();
    await this.#server?.stop();
    await this.#home.remove();
    if (failure !== undefined) throw failure;
  }

  async #watch(): Promise<void> {
    for (; !this.#isStopped; await sleep(POLL_MILLISECONDS)) {
      const { items } = JSON.parse(await this.#api.kubectl(["get", "pods", "-A", "-o", "json"]));
      for (const item of items) {
        const pod = podSchema.parse(item);
        if (pod.status.phase === "Pending") await this.#run(pod);
      }
    }
  }

  async #run(pod: Pod): Promise<void> {
    if (pod.spec.containers[0].image !== this.#image) {
      await this.#pull(pod);
      await this.#say(pod, { phase: "Succeeded" });
      return;
    }
    const settings = await this.#settingsOf(pod);
    await this.#server?.stop();
    this.#server = await RunningServer.start(settings);
    const conditions = [{ type: "Ready", status: "True" }];
    await this.#say(pod, { phase: "Running", conditions });
  }

  async #settingsOf(pod: Pod): Promise<Record<string, string>> {
    const settings: Record<string, string> = {};
    for (const { configMapRef } of pod.spec.containers[0].envFrom ?? []) {
      Object.assign(settings, await this.#dataOf(pod, "configmap", configMapRef.name));
    }
    // A pod has addresses, a volume and files of its own.
    for (const name of ["LISTEN", "DATA_DIR", "MASTER_KEY_FILE", "ADMIN_PASSWORD_FILE"]) {
      delete settings[`MOORAGE_${name}`];
    }
    const [keys] = pod.spec.volumes.flatMap(({ secret }) => secret?.secretName ?? []);
    const data = await this.#dataOf(pod, "secret", keys ?? "");
    const text = (key: string) => Buffer.from(data[key] ?? "", "base64").toString();
    return {
      ...settings,
      MOORAGE_WORKERS: "1",
      MOORAGE_MASTER_KEY: text("master-key"),
      MOORAGE_ADMIN_PASSWORD: text("owner-password"),
    };
  }

  async #pull({ metadata, spec }: Pod): Promise<void> {
    const [{ image }] = spec.containers;
    const [secret] = spec.imagePullSecrets ?? [];
    const data = await this.#dataOf({ metadata }, "secret", secret?.name ?? "");
    const { auths } = JSON.parse(Buffer.from(data[".dockerconfigjson"] ?? "", "base64").toString());
    const registry = Object.keys(auths).find((each) => image.startsWith(`${each}/`)) ?? "";
    const { password, username } = auths[registry];
    const login = ["--tls-verify=false", "--creds", `${username}:${password}`];
    await this.#home.run("skopeo", "inspect", "--raw", ...login, `docker://${image}`);
  }

  async #dataOf({ metadata }: Pick<Pod, "metadata">, kind: string, name: string) {
    const place = ["--namespace", metadata.namespace, "-o", "json"];
    return texts.parse(JSON.parse(await this.#api.kubectl(["get", kind, name, ...place])).data);
  }

  async #say({ metadata }: Pod, status: object): Promise<void> {
    const patch = ["--subresource=status", "--type=merge", "--patch", JSON.stringify({ status })];
    await this.#api.kubectl([
      "patch",
      "pod",
      metadata.name,
      "--namespace",
      metadata.namespace,
      ...patch,
    ]);
  }
}
