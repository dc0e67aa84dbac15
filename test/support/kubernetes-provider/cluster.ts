import { readFileSync } from "node:fs";
import { request } from "node:https";
import { homedir } from "node:os";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { parse } from "yaml";
import { z } from "zod";

const REQUEST_MILLISECONDS_MAX = 30_000;

const kubeconfigSchema = z.object({
  "current-context": z.string().optional(),
  contexts: z.array(
    z.object({
      name: z.string(),
      context: z.object({
        cluster: z.string(),
        user: z.string(),
        namespace: z.string().optional(),
      }),
    }),
  ),
  clusters: z.array(
    z.object({
      name: z.string(),
      cluster: z.object({
        server: z.url(),
        "insecure-skip-tls-verify": z.boolean().optional(),
        "certificate-authority-data": z.base64().optional(),
      }),
    }),
  ),
  users: z.array(z.object({ name: z.string(), user: z.object({ token: z.string() }) })),
});
const kindsSchema = z.object({
  resources: z.array(z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean() })),
});
const objectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    uid: z.string().optional(),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
});
/** An object of the cluster, with whatever fields its kind has. */
export type ClusterObject = z.infer<typeof objectSchema>;

/** Which object is meant. */
export type ObjectReference = Pick<ClusterObject, "apiVersion" | "kind"> & {
  readonly metadata: { readonly name: string; readonly namespace?: string | undefined };
};

/** Where an object of a kind stands: the beginning of its path, and whether it has a namespace. */
interface KindPlace {
  readonly root: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

/** What the API server refused, with its status. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Reads an object, whoever wrote it. */
export function parseObject(value: unknown): ClusterObject {
  return objectSchema.parse(value);
}

/** The API server that a kubeconfig leads to. */
export class Cluster {
  readonly #kinds = new Map<string, z.infer<typeof kindsSchema>["resources"]>();
  readonly #server: string;
  readonly #headers: Record<string, string>;
  readonly #tls: { readonly rejectUnauthorized: boolean; readonly ca?: Buffer };
  readonly #namespace: string;

  /**
   * @param kubeconfig its text or its path; where kubectl looks, if it is left out
   * @param wished the context; the current one, if it is left out
   */
  constructor(
    kubeconfig: string | undefined,
    wished: string | undefined,
    environment: NodeJS.ProcessEnv,
  ) {
    const given =
      kubeconfig ?? environment["KUBECONFIG"] ?? path.join(homedir(), ".kube", "config");
    const text = /[\n{]/.test(given) ? given : readFileSync(given, "utf8");
    const config = kubeconfigSchema.parse(parse(text));
    const name = wished ?? config["current-context"];
    const context = config.contexts.find((each) => each.name === name)?.context;
    const cluster = config.clusters.find((each) => each.name === context?.cluster)?.cluster;
    const user = config.users.find((each) => each.name === context?.user)?.user;
    if (!context || !cluster || !user) throw new Error(`kubeconfig: no whole context ${name}`);
    const ca = cluster["certificate-authority-data"];
    this.#server = cluster.server;
    this.#headers = { authorization: `Bearer ${user.token}` };
    this.#tls = {
      rejectUnauthorized: cluster["insecure-skip-tls-verify"] !== true,
      ...(ca && { ca: Buffer.from(ca, "base64") }),
    };
    this.#namespace = context.namespace ?? "default";
  }

  /** The fields become the manager's; fields that it had before and that are not named go. */
  async apply(
    object: ObjectReference,
    options: { manager: string; force: boolean; dryRun: boolean },
  ): Promise<ClusterObject> {
    const query = new URLSearchParams({ fieldManager: options.manager });
    if (options.force) query.set("force", "true");
    if (options.dryRun) query.set("dryRun", "All");
    const at = await this.#pathOf(object);
    return parseObject(await this.#call("PATCH", `${at}?${query}`, object));
  }

  async read(reference: ObjectReference): Promise<ClusterObject | undefined> {
    try {
      return parseObject(await this.#call("GET", await this.#pathOf(reference)));
    } catch (error) {
      if (error instanceof Refusal && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Begins the deletion; the object is gone when what it owns is. */
  async delete(reference: ObjectReference): Promise<void> {
    const options = { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy: "Foreground" };
    await this.#call("DELETE", await this.#pathOf(reference), options).catch((error: unknown) => {
      if (!(error instanceof Refusal && error.status === 404)) throw error;
    });
  }

  /** Whether there is anything that pods could run on. */
  async hasNodes(): Promise<boolean> {
    const list = z.object({ items: z.array(z.unknown()) });
    return list.parse(await this.#call("GET", "/api/v1/nodes")).items.length > 0;
  }

  async #pathOf({ apiVersion, kind, metadata }: ObjectReference): Promise<string> {
    const { namespaced, plural, root } = await this.#placeOf(apiVersion, kind);
    const within = namespaced ? `/namespaces/${metadata.namespace ?? this.#namespace}` : "";
    return `${root}${within}/${plural}/${metadata.name}`;
  }

  async #placeOf(apiVersion: string, kind: string): Promise<KindPlace> {
    const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    // Asked again for a kind that is not among the known ones: its definition may be new.
    for (const known of [this.#kinds.get(root), undefined]) {
      const kinds = known ?? kindsSchema.parse(await this.#call("GET", root)).resources;
      this.#kinds.set(root, kinds);
      const found = kinds.find((each) => each.kind === kind && !each.name.includes("/"));
      if (found) return { root, plural: found.name, namespaced: found.namespaced };
    }
    throw new Refusal(404, `no matches for kind ${kind} in ${apiVersion}`);
  }

  async #call(method: string, at: string, body?: unknown): Promise<unknown> {
    const content = body === undefined ? "" : JSON.stringify(body);
    const sent = request(new URL(at, this.#server), {
      method,
      ...this.#tls,
      timeout: REQUEST_MILLISECONDS_MAX,
      headers: {
        ...this.#headers,
        accept: "application/json",
        "content-type": method === "PATCH" ? "application/apply-patch+yaml" : "application/json",
        "content-length": Buffer.byteLength(content),
      },
    });
    const answered = new Promise<{ status: number; text: string }>((resolve, reject) => {
      sent.once("error", reject);
      sent.once("timeout", () => sent.destroy(new Error(`${method} ${at}: no answer`)));
      sent.once("response", (response) => {
        buffer(response).then(
          (text) => resolve({ status: response.statusCode ?? 0, text: text.toString() }),
          reject,
        );
      });
    });
    sent.end(content);
    const { status, text } = await answered;
    if (status < 300) return JSON.parse(text);
    const message = z.object({ message: z.string() }).safeParse(jsonOf(text)).data?.message;
    throw new Refusal(status, message ?? text);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
