import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { Cluster } from "./kubernetes-provider/cluster.ts";
import { basic } from "./management.ts";

const POLL_MILLISECONDS = 10;
const dockerConfig = z.object({
  auths: z.record(z.string(), z.object({ username: z.string(), password: z.string() })),
});

/** What happened while pods pulled. */
export interface Pulls {
  /** One line for each pull that failed. */
  readonly failures: readonly string[];
  /** The user names that were used, by namespace. */
  readonly logins: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Pulls as the nodes of a cluster would: with what stands in a pull secret at the moment. */
export class PullingPods {
  readonly #cluster: Cluster;
  readonly #url: string;
  readonly #endpoint: string;

  /** `endpoint` is what stands before a repository's name. */
  constructor(place: { kubeconfig: string; url: string; endpoint: string }) {
    this.#cluster = new Cluster(place.kubeconfig, undefined, {});
    this.#url = place.url;
    this.#endpoint = place.endpoint;
  }

  /** Pulls again and again, in each of the namespaces, for as long as the work takes. */
  async pullWhile(
    secretName: string,
    namespaces: readonly string[],
    work: () => Promise<unknown>,
  ): Promise<Pulls> {
    const failures: string[] = [];
    const logins = new Map(namespaces.map((namespace) => [namespace, new Set<string>()]));
    const running = { done: false };
    const pods = namespaces.map(async (namespace) => {
      for (let last = false; !last; await sleep(POLL_MILLISECONDS)) {
        last = running.done;
        const failure = await this.#pull(secretName, namespace, logins);
        if (failure !== undefined) failures.push(`${namespace}: ${failure}`);
      }
    });
    await work().finally(() => {
      running.done = true;
    });
    await Promise.all(pods);
    return { failures, logins };
  }

  async #pull(
    secretName: string,
    namespace: string,
    logins: ReadonlyMap<string, Set<string>>,
  ): Promise<string | undefined> {
    const login = await this.#loginIn(secretName, namespace);
    if (login === undefined) return "there is no Secret";
    logins.get(namespace)?.add(login.username);
    const [, registry = ""] = this.#endpoint.split("/");
    const at = `${this.#url}/v2/${registry}/team/app/manifests/1`;
    const headers = { authorization: basic(login), accept: "*/*" };
    const answer = await fetch(at, { headers });
    await answer.arrayBuffer();
    if (answer.status === 200) return undefined;
    // Between the look into the Secret and the pull, there may be another login in it, as there may be on a node.
    const now = await this.#loginIn(secretName, namespace);
    return now?.username === login.username ? `${answer.status}` : undefined;
  }

  async #loginIn(name: string, namespace: string) {
    const metadata = { name, namespace };
    const secret = await this.#cluster.read({ apiVersion: "v1", kind: "Secret", metadata });
    if (secret === undefined) return undefined;
    const { ".dockerconfigjson": json = "" } = z
      .record(z.string(), z.string())
      .parse(secret["data"]);
    const { auths } = dockerConfig.parse(JSON.parse(Buffer.from(json, "base64").toString()));
    return auths[this.#endpoint];
  }
}
