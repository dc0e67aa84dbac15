import { status } from "@grpc/grpc-js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import { RESOURCES } from "../resources/all.ts";
import { systemClock } from "../resources/clock.ts";
import {
  type CheckFailure,
  type Live,
  type PropertyBag,
  type Resource,
  UnfinishedError,
} from "../resources/resource.ts";
import { markOf, named, programInputs, withoutMarks } from "./auto-naming.ts";
import { decode, encode, type Properties } from "./codec.ts";
import type { Configuration } from "./configuration.ts";
import { detailedDiff } from "./detailed-diff.ts";
import { checkFailures, initializationFailed, RefusedCall } from "./failures.ts";
import { identified, inputsFrom } from "./import.ts";
import type { Operations } from "./operation.ts";
import { foreseen } from "./preview.ts";
import { called } from "./urn.ts";

const { DiffChanges } = pb.DiffResponse;

/** A resource that a request is about. */
interface Target {
  readonly resource: Resource;
  readonly name: string;
  /** How a sentence names it. */
  readonly subject: string;
}

/** What the engine asks of a resource's life, told to `resources/` and back. */
export class ResourceService {
  readonly #configuration: Configuration;
  readonly #operations: Operations;

  constructor(configuration: Configuration, operations: Operations) {
    this.#configuration = configuration;
    this.#operations = operations;
  }

  async check(request: pb.CheckRequest): Promise<pb.CheckResponse> {
    const { resource, name: resourceName } = targetOf(request.getUrn());
    const olds = decode(request.getOlds()).values;
    const { values, secret: given, unknown } = decode(request.getNews());
    const secret = new Set([...given, ...resource.secrets]);
    const checked = resource.check({
      olds: { ...programInputs(olds), resourceName },
      news: { ...withoutMarks(values), resourceName },
      unknown,
      now: systemClock.now(),
    });
    const { resourceName: _, ...inputs } = checked.inputs;
    const naming = resource.isAutoNamed
      ? named(request, resourceName, olds, inputs)
      : { inputs, failures: [] };
    const missing = resource.isLocal === true ? [] : this.#settingsFailures();
    const failures = [...checked.failures, ...naming.failures, ...missing];
    const response = new pb.CheckResponse();
    response.setInputs(encode(naming.inputs, secret));
    response.setFailuresList(checkFailures(failures, secret));
    return response;
  }

  async diff(request: pb.DiffRequest): Promise<pb.DiffResponse> {
    const { resource, name: resourceName, subject } = targetOf(request.getUrn());
    const oldInputs = programInputs(decode(request.getOldInputs()).values);
    const state = { ...decode(request.getOlds()).values, resourceName };
    const { values, unknown } = decode(request.getNews());
    const news = { ...programInputs(values), resourceName };
    const response = new pb.DiffResponse();
    // Without a server to ask there is nothing to say; only a preview comes here.
    if (!this.#configuration.isKnown && resource.isLocal !== true) return response;
    const found = await this.#operations.run(subject, 0, (context) =>
      resource.diff(context, { id: request.getId(), state, news, unknown }),
    );
    const isIgnored = ignoring(request.getIgnorechangesList());
    const changes = found.changes.filter((key) => !isIgnored(key));
    const replaces = found.replaces.filter((key) => !isIgnored(key));
    const compared = { oldInputs, state, news, unknown };
    for (const [path, detail] of detailedDiff({ changes, replaces }, compared)) {
      response.getDetaileddiffMap().set(path, detail);
    }
    response.setHasdetaileddiff(true);
    response.setChanges(changes.length > 0 ? DiffChanges.DIFF_SOME : DiffChanges.DIFF_NONE);
    response.setDiffsList(changes);
    response.setReplacesList(replaces);
    response.setDeletebeforereplace(replaces.length > 0 && found.deletesFirst === true);
    return response;
  }

  async create(request: pb.CreateRequest): Promise<pb.CreateResponse> {
    const { resource, name: resourceName, subject } = targetOf(request.getUrn());
    const inputs = decode(request.getProperties());
    const news = { ...withoutMarks(inputs.values), resourceName };
    const response = new pb.CreateResponse();
    if (request.getPreview()) {
      response.setProperties(outputsOf(resource, foreseen(resource, {}, news), inputs));
      return response;
    }
    const { id, state } = await this.#finish(resource, inputs, () =>
      this.#operations.run(subject, request.getTimeout(), (context) =>
        resource.create(context, news),
      ),
    );
    response.setId(id);
    response.setProperties(outputsOf(resource, state, inputs));
    response.setRefreshBeforeUpdate(true);
    return response;
  }

  async update(request: pb.UpdateRequest): Promise<pb.UpdateResponse> {
    const { resource, name: resourceName, subject } = targetOf(request.getUrn());
    const id = request.getId();
    const olds = decode(request.getOlds());
    const inputs = decode(request.getNews());
    const state = { ...olds.values, resourceName };
    const news = { ...programInputs(inputs.values), resourceName };
    const response = new pb.UpdateResponse();
    if (request.getPreview()) {
      const { unknown } = inputs;
      const renewed = this.#configuration.isKnown
        ? await this.#operations.run(
            subject,
            0,
            async (context) =>
              (await resource.renewed?.(context, { id, state, news, unknown })) ?? [],
          )
        : Object.keys(resource.outputs.shape);
      response.setProperties(outputsOf(resource, foreseen(resource, state, news, renewed), inputs));
      return response;
    }
    const live = await this.#finish(resource, inputs, () =>
      this.#operations.run(subject, request.getTimeout(), async (context) => ({
        id,
        state: await resource.update(context, id, state, news),
      })),
    );
    response.setProperties(outputsOf(resource, live.state, inputs));
    response.setRefreshBeforeUpdate(true);
    return response;
  }

  async read(request: pb.ReadRequest): Promise<pb.ReadResponse> {
    const { resource, name: resourceName, subject } = targetOf(request.getUrn());
    const old = decode(request.getProperties());
    const oldInputs = decode(request.getInputs());
    const { id, state } = identified(resource, request.getId(), old.values);
    const live = await this.#operations.run(subject, request.getTimeout(), (context) =>
      resource.read(context, id, { ...state, resourceName }),
    );
    const response = new pb.ReadResponse();
    // A response without an id says that the resource is gone.
    if (live === undefined) return response;
    const secret = new Set([...old.secret, ...oldInputs.secret, ...resource.secrets]);
    const inputs = inputsFrom(resource, withoutMarks(oldInputs.values), live.state);
    response.setId(live.id);
    response.setProperties(outputsOf(resource, live.state, { secret }));
    response.setInputs(encode({ ...inputs, ...markOf(oldInputs.values) }, secret));
    response.setRefreshBeforeUpdate(true);
    return response;
  }

  async delete(request: pb.DeleteRequest): Promise<void> {
    const { resource, name: resourceName, subject } = targetOf(request.getUrn());
    const state = { ...decode(request.getProperties()).values, resourceName };
    await this.#operations.run(subject, request.getTimeout(), (context) =>
      resource.delete(context, request.getId(), state),
    );
  }

  /** A resource that exists without being usable goes into state as such. */
  async #finish(resource: Resource, inputs: Properties, work: () => Promise<Live>): Promise<Live> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof UnfinishedError)) throw error;
      const { id, state } = error.live;
      const sentence = `${resource.describe(state)}: ${error.message}`;
      throw initializationFailed(id, outputsOf(resource, state, inputs), sentence);
    }
  }

  #settingsFailures(): CheckFailure[] {
    if (!this.#configuration.isKnown) return [];
    try {
      this.#configuration.settings();
      return [];
    } catch (error) {
      return [{ property: "", reason: error instanceof Error ? error.message : String(error) }];
    }
  }
}

function targetOf(urn: string): Target {
  const { type, name } = called(urn);
  const resource = RESOURCES.get(type);
  if (resource === undefined) {
    const known = [...RESOURCES.keys()].join(", ");
    const sentence = `there is no resource moorage:index:${type}; there are ${known}`;
    throw new RefusedCall(status.INVALID_ARGUMENT, sentence);
  }
  return { resource, name, subject: resource.describe({ resourceName: name }) };
}

function outputsOf(
  resource: Resource,
  state: PropertyBag,
  { secret }: Pick<Properties, "secret">,
): ReturnType<typeof encode> {
  const { resourceName: _, ...outputs } = state;
  return encode(outputs, new Set([...secret, ...resource.secrets]));
}

/** The engine has already put the old values in place; what is left are changes that are none of inputs. */
function ignoring(paths: readonly string[]): (key: string) => boolean {
  return (key) => paths.includes("*") || paths.includes(key);
}
