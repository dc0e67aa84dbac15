import { RESOURCES } from "../resources/all.ts";
import { systemClock } from "../resources/clock.ts";
import { contextFor } from "../resources/connection.ts";
import { explained } from "../resources/explanation.ts";
import {
  type CheckFailure,
  type Context,
  type PropertyBag,
  type Resource,
  UnfinishedError,
} from "../resources/resource.ts";
import { currentSettings, type Settings } from "../resources/settings.ts";
import { type Configuration, currentConfiguration } from "./current-configuration.ts";

/** How the engine writes a value that is known only once other resources exist. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** Where the engine keeps the shim's source among a resource's properties. */
const PROVIDER_KEY = "__provider";

/** A resource type as Pulumi's dynamic providers call it. */
export interface Face {
  check(
    olds: PropertyBag,
    news: PropertyBag,
  ): Promise<{ inputs: Record<string, unknown>; failures: CheckFailure[] }>;
  diff(
    id: string,
    olds: PropertyBag,
    news: PropertyBag,
  ): Promise<{ changes: boolean; replaces: string[]; deleteBeforeReplace: boolean }>;
  create(inputs: PropertyBag): Promise<{ id: string; outs: Record<string, unknown> }>;
  read(id: string, props?: PropertyBag): Promise<{ id: string; props: Record<string, unknown> }>;
  update(
    id: string,
    olds: PropertyBag,
    news: PropertyBag,
  ): Promise<{ outs: Record<string, unknown> }>;
  delete(id: string, props: PropertyBag): Promise<void>;
}

/*
 * `call` is what the shims in users' states know of this package, whichever version wrote them: its
 * parameters must go on meaning what they mean.
 */

/**
 * Runs one operation of a resource type with this run's configuration and environment.
 * @param type the resource type's name
 * @param configuration what the engine handed over
 * @param operation the operation's name
 * @param args the operation's arguments
 * @param stack the stack's full name
 */
export async function call(
  type: string,
  configuration: Configuration,
  operation: keyof Face,
  args: readonly unknown[],
  stack: string,
): Promise<unknown> {
  const resource = RESOURCES.get(type);
  if (resource === undefined) throw new Error(`@moorage/pulumi has no resource ${type}`);
  const lookup = await currentConfiguration(configuration, operation, stack);
  const face = faceOf(resource, () => currentSettings(lookup, (name) => process.env[name]));
  return await Reflect.apply(face[operation], face, args);
}

function faceOf(resource: Resource, settings: () => Settings): Face {
  const run = async <Result>(
    properties: PropertyBag,
    work: (context: Context) => Promise<Result>,
  ): Promise<Result> => {
    try {
      return await work(contextFor(settings));
    } catch (error) {
      const told = explained(resource.describe(properties), error);
      if (!(error instanceof UnfinishedError) || !(told instanceof Error)) throw told;
      // So the engine keeps the resource in state, and the next update goes on with it.
      const { id, state } = error.live;
      throw Object.assign(told, { id, properties: plain(state), reasons: [told.message] });
    }
  };
  return {
    async check(olds, news) {
      const request = { ...inputsOf(news), olds: inputsOf(olds).news, now: systemClock.now() };
      const { inputs, failures } = resource.check(request);
      const missing = resource.isLocal === true ? [] : settingsFailures(settings);
      return { inputs: plain(inputs), failures: [...failures, ...missing] };
    },
    async diff(id, olds, news) {
      const request = { ...inputsOf(news), id, state: inputsOf(olds).news };
      const { changes, replaces, deletesFirst } = await run(request.news, (context) =>
        resource.diff(context, request),
      );
      return {
        changes: changes.length > 0,
        replaces: [...replaces],
        deleteBeforeReplace: replaces.length > 0 && deletesFirst === true,
      };
    },
    async create(inputs) {
      const { news } = inputsOf(inputs);
      const { id, state } = await run(news, (context) => resource.create(context, news));
      return { id, outs: plain(state) };
    },
    async read(id, props = {}) {
      const { news: state } = inputsOf(props);
      const live = await run(state, (context) => resource.read(context, id, state));
      // Without an id, the engine takes the resource for gone.
      return live === undefined ? { id: "", props: {} } : { id, props: plain(live.state) };
    },
    async update(id, olds, news) {
      const state = inputsOf(olds).news;
      const wanted = inputsOf(news).news;
      const outs = await run(wanted, (context) => resource.update(context, id, state, wanted));
      return { outs: plain(outs) };
    },
    async delete(id, props) {
      const { news: state } = inputsOf(props);
      await run(state, (context) => resource.delete(context, id, state));
    },
  };
}

/** A resource's own properties, and which of them are not known yet. */
function inputsOf(properties: PropertyBag): { news: PropertyBag; unknown: Set<string> } {
  const { [PROVIDER_KEY]: _, ...news } = properties;
  const unknown = Object.keys(news).filter((key) => JSON.stringify(news[key]).includes(UNKNOWN));
  return { news, unknown: new Set(unknown) };
}

/** What can be written into state: without properties that have no value. */
function plain(properties: PropertyBag): Record<string, unknown> {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
}

function settingsFailures(settings: () => Settings): CheckFailure[] {
  try {
    settings();
    return [];
  } catch (error) {
    return [{ property: "", reason: error instanceof Error ? error.message : String(error) }];
  }
}
