import { createHash } from "node:crypto";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import { decode, encode } from "../../../provider/pulumi/src/plugin/codec.ts";
import { eventually } from "../eventually.ts";
import { type Cluster, type ClusterObject, parseObject, Refusal } from "./cluster.ts";
import {
  differencesOf,
  isObject,
  likeGiven,
  type Mutability,
  type Properties,
} from "./differences.ts";

const { DiffChanges } = pb.DiffResponse;
const { Kind } = pb.PropertyDiff;
const AUTO_NAMED = "pulumi.com/autonamed";
const FORCED = "pulumi.com/patchForce";
/** Where state remembers which fields of an object are the resource's. */
const MANAGER = "__fieldManager";
/** How long what an object needs (its namespace, its kind) may come after it. */
const MISSING_SECONDS_MAX = 15;
const DELETION_SECONDS_MAX = 60;
const READY_SECONDS_MAX = 120;
/** What the API server adds, and nobody applies. */
const SERVERS_OWN = ["uid", "resourceVersion", "generation", "creationTimestamp", "managedFields"];

/** The life of objects, as the engine asks for it. */
export class ObjectService {
  readonly #cluster: Cluster | undefined;
  readonly #mutability: Mutability;
  readonly #namespace: string | undefined;

  /**
   * @param cluster absent in a preview that does not know it yet
   * @param namespace of objects that name none
   */
  constructor(cluster: Cluster | undefined, mutability: Mutability, namespace?: string) {
    this.#cluster = cluster;
    this.#mutability = mutability;
    this.#namespace = namespace;
  }

  async check(request: pb.CheckRequest): Promise<pb.CheckResponse> {
    const { secret, unknown, values } = decode(request.getNews());
    const response = new pb.CheckResponse();
    const inputs = unknown.has("metadata")
      ? values
      : this.#named(request, values, decode(request.getOlds()).values);
    if (isPatch(request.getUrn()) && nameIn(inputs) === undefined) {
      const failure = new pb.CheckFailure();
      failure.setProperty("metadata");
      failure.setReason("a patch must have a name: it is for an object that is there");
      response.addFailures(failure);
    }
    response.setInputs(encode(inputs, secret));
    return response;
  }

  async diff(request: pb.DiffRequest): Promise<pb.DiffResponse> {
    const olds = decode(request.getOldInputs()).values;
    const { unknown, values } = decode(request.getNews());
    const news = parseObject(values);
    const { changes, replaces } = differencesOf(olds, news, unknown, this.#mutability);
    const isAutoNamed = news.metadata.annotations?.[AUTO_NAMED] === "true";
    const response = new pb.DiffResponse();
    for (const key of changes) {
      const detail = new pb.PropertyDiff();
      detail.setKind(replaces.includes(key) ? Kind.UPDATE_REPLACE : Kind.UPDATE);
      detail.setInputdiff(true);
      response.getDetaileddiffMap().set(key, detail);
    }
    response.setHasdetaileddiff(true);
    response.setChanges(changes.length > 0 ? DiffChanges.DIFF_SOME : DiffChanges.DIFF_NONE);
    response.setDiffsList([...changes]);
    response.setReplacesList([...replaces]);
    response.setDeletebeforereplace(
      replaces.length > 0 && !isAutoNamed && nameIn(olds) === news.metadata.name,
    );
    return response;
  }

  async create(request: pb.CreateRequest): Promise<pb.CreateResponse> {
    const { secret, unknown, values } = decode(request.getProperties());
    const response = new pb.CreateResponse();
    const manager = `pulumi-kubernetes-${hashOf(request.getUrn(), process.hrtime.bigint())}`;
    const dryRun = request.getPreview();
    if (dryRun && (unknown.size > 0 || this.#cluster === undefined)) {
      response.setProperties(encode(values, secretOf(values, secret)));
      return response;
    }
    const object = parseObject(values);
    const live = await this.#withPatience(object, dryRun, async () => {
      if (isPatch(request.getUrn()) && (await this.#known.read(object)) === undefined) {
        throw new Refusal(404, `${object.kind} ${object.metadata.name}: there is none to patch`);
      }
      return this.#known.apply(object, { manager, force: isForced(object), dryRun });
    });
    if (!dryRun) {
      response.setId(idOf(live));
      await this.#waitUntilReady(live);
    }
    response.setProperties(stateOf(live, object, manager, secret));
    return response;
  }

  async read(request: pb.ReadRequest): Promise<pb.ReadResponse> {
    const response = new pb.ReadResponse();
    const old = decode(request.getProperties()).values;
    const { secret, values } = decode(request.getInputs());
    const isKnown = nameIn(values) !== undefined;
    const live = await this.#known.read(
      isKnown ? parseObject(values) : referenceOf(request.getUrn(), request.getId()),
    );
    // A response without an id says that the object is gone.
    if (live === undefined) return response;
    const inputs = isKnown ? likeGiven(values, live) : applicable(live);
    response.setId(idOf(live));
    response.setInputs(encode(inputs, secretOf(inputs, secret)));
    response.setProperties(stateOf(live, inputs, managerIn(old), secret));
    return response;
  }

  async update(request: pb.UpdateRequest): Promise<pb.UpdateResponse> {
    const { secret, unknown, values } = decode(request.getNews());
    const old = decode(request.getOlds()).values;
    const response = new pb.UpdateResponse();
    const dryRun = request.getPreview();
    if (dryRun && (unknown.size > 0 || this.#cluster === undefined)) {
      response.setProperties(encode({ ...old, ...values }, secretOf(values, secret)));
      return response;
    }
    const object = parseObject(values);
    const manager = managerIn(old);
    const live = await this.#known.apply(object, { manager, force: isForced(object), dryRun });
    if (!dryRun) await this.#waitUntilReady(live);
    response.setProperties(stateOf(live, object, manager, secret));
    return response;
  }

  async delete(request: pb.DeleteRequest): Promise<void> {
    const state = decode(request.getProperties()).values;
    const { apiVersion, kind, metadata } = parseObject(state);
    const { name, namespace } = metadata;
    const reference = { apiVersion, kind, metadata: { name, namespace } };
    if (isPatch(request.getUrn())) {
      // Whoever applies nothing gives back what only it had applied.
      if ((await this.#known.read(reference)) === undefined) return;
      await this.#known.apply(reference, {
        manager: managerIn(state),
        force: false,
        dryRun: false,
      });
      return;
    }
    await this.#known.delete(reference);
    await eventually(
      `${kind} ${name} to be gone`,
      async () => {
        const live = await this.#known.read(reference);
        return live === undefined || live.metadata.uid !== metadata.uid ? true : undefined;
      },
      DELETION_SECONDS_MAX,
    );
  }

  /** Of what has pods, only StatefulSets have a controller here; without a node, nobody would run them. */
  async #waitUntilReady(applied: ClusterObject): Promise<void> {
    if (applied.kind !== "StatefulSet" || !(await this.#known.hasNodes())) return;
    await eventually(
      `the pods of ${applied.metadata.name} to be ready`,
      async () => {
        const live = await this.#known.read(applied);
        const [spec, status] = [live?.["spec"], live?.["status"]];
        if (!isObject(spec) || !isObject(status)) return undefined;
        const isUpdated = status["updateRevision"] === status["currentRevision"];
        return isUpdated && status["readyReplicas"] === spec["replicas"] ? true : undefined;
      },
      READY_SECONDS_MAX,
    );
  }

  get #known(): Cluster {
    if (this.#cluster === undefined) throw new Error("the cluster is not known yet");
    return this.#cluster;
  }

  #named(request: pb.CheckRequest, news: Properties, olds: Properties): Properties {
    const given = isObject(news["metadata"]) ? news["metadata"] : {};
    const namespace = given["namespace"] ?? this.#namespace;
    const metadata = { ...given, ...(namespace === undefined ? {} : { namespace }) };
    if (given["name"] !== undefined || isPatch(request.getUrn())) return { ...news, metadata };
    const resourceName = request.getUrn().split("::").slice(3).join("::");
    const suffix = hashOf(
      request.getUrn(),
      Buffer.from(request.getRandomseed_asU8()).toString("hex"),
    );
    const name = nameIn(olds) ?? `${resourceName}-${suffix}`;
    const annotations = isObject(given["annotations"]) ? given["annotations"] : {};
    const marked = { ...annotations, [AUTO_NAMED]: "true" };
    return { ...news, metadata: { ...metadata, name, annotations: marked } };
  }

  /** What an object needs may come a moment after it; in a preview it comes later, and the object is as it was given. */
  async #withPatience(
    given: ClusterObject,
    dryRun: boolean,
    work: () => Promise<ClusterObject>,
  ): Promise<ClusterObject> {
    let last: unknown;
    return await eventually(
      `${given.kind} ${given.metadata.name}`,
      async () => {
        try {
          return await work();
        } catch (error) {
          if (!(error instanceof Refusal && error.status === 404)) throw error;
          last = error;
          return dryRun ? given : undefined;
        }
      },
      MISSING_SECONDS_MAX,
    ).catch((error: unknown) => {
      throw last ?? error;
    });
  }
}

function stateOf(
  { metadata: { managedFields: _, ...metadata }, ...live }: ClusterObject,
  given: Properties,
  manager: string,
  secret: ReadonlySet<string>,
): ReturnType<typeof encode> {
  const texts = isObject(given["stringData"]) ? { stringData: given["stringData"] } : {};
  const state = { ...live, metadata, ...texts, [MANAGER]: manager };
  return encode(state, secretOf(live, secret));
}

/** What a Secret holds is secret, whoever says otherwise. */
function secretOf(object: Properties, secret: ReadonlySet<string>): ReadonlySet<string> {
  return object["kind"] === "Secret" ? new Set([...secret, "data", "stringData"]) : secret;
}

function applicable({ metadata, status: _, ...object }: ClusterObject): Properties {
  const own = Object.entries(metadata).filter(([key]) => !SERVERS_OWN.includes(key));
  return { ...object, metadata: Object.fromEntries(own) };
}

function referenceOf(urn: string, id: string): Parameters<Cluster["read"]>[0] {
  const [, group = "", kind = ""] = (urn.split("::")[2] ?? "").split("$").at(-1)?.split(":") ?? [];
  const [name = "", namespace] = id.split("/").reverse();
  const apiVersion = group.replace(/^core\//, "");
  return { apiVersion, kind: kind.replace(/Patch$/, ""), metadata: { name, namespace } };
}

function isPatch(urn: string): boolean {
  return urn.split("::")[2]?.endsWith("Patch") === true;
}

function idOf({ metadata }: ClusterObject): string {
  return [metadata.namespace, metadata.name].filter(Boolean).join("/");
}

function nameIn({ metadata }: Properties): string | undefined {
  return isObject(metadata) && typeof metadata["name"] === "string" ? metadata["name"] : undefined;
}

function managerIn(state: Properties): string {
  return String(state[MANAGER] ?? "pulumi-kubernetes");
}

function isForced({ metadata }: ClusterObject): boolean {
  return metadata.annotations?.[FORCED] === "true";
}

function hashOf(...parts: readonly unknown[]): string {
  return createHash("sha256").update(parts.join(" ")).digest("hex").slice(0, 8);
}
