import pb from "@pulumi/pulumi/proto/provider_pb.js";
import { isEqual } from "../resources/inputs.ts";
import { ResourceError } from "../resources/resource.ts";
import {
  currentSettings,
  endpointRefusal,
  type Lookup,
  SECRET_SETTINGS,
  type Settings,
} from "../resources/settings.ts";
import { stackConfiguration } from "../resources/stack-configuration.ts";
import { decode, encode, type Properties } from "./codec.ts";
import { called, stackOf } from "./urn.ts";

const { DiffChanges } = pb.DiffResponse;

/*
 * A run with the program (`up`, `preview`) checks the settings of now before it configures. One without it (`refresh`,
 * `destroy`, and the refresh before an update) configures the default provider with what state
 * remembers from the last `up`: a password changed since would be refused. The CLI is asked then.
 */

/** Which server this process talks to: one process serves one configuration of the provider. */
export class Configuration {
  #given: Properties = decode(undefined);
  #isHandedOverNow = false;
  #current: Lookup | undefined;
  readonly #environment: NodeJS.ProcessEnv;

  constructor(environment: NodeJS.ProcessEnv) {
    this.#environment = environment;
  }

  /** Takes over what the engine hands to the provider. */
  async configure(request: pb.ConfigureRequest): Promise<void> {
    this.#given = decode(request.getArgs());
    const { type, name } = called(request.getUrn() ?? "");
    // A provider of the program's own has its settings from there, and keeps them.
    const isDefault = type === "moorage" && name.startsWith("default");
    if (this.#isHandedOverNow || !isDefault) return;
    this.#current = await stackConfiguration(stackOf(request.getUrn() ?? ""));
  }

  /** Checks settings, which the engine does where it has those of now. */
  check(request: pb.CheckRequest): pb.CheckResponse {
    this.#isHandedOverNow = true;
    return checkConfig(request);
  }

  /**
   * Whether all settings are known. In a preview they are not while the server is to be made by the
   * same stack.
   */
  get isKnown(): boolean {
    return this.#given.unknown.size === 0;
  }

  /** The settings; rejects, in a sentence, where one is missing or not known yet. */
  settings(): Settings {
    if (!this.isKnown) {
      const names = [...this.#given.unknown].join(" and ");
      throw new ResourceError(`the provider is not configured yet: ${names} is not known`);
    }
    const given: Lookup = (name) => textOf(this.#given.values[name.replace(/^moorage:/, "")]);
    return currentSettings(this.#current ?? given, (name) => this.#environment[name]);
  }
}

/** Checks settings. The engine adds some of its own, such as `version`: unknown ones pass. */
function checkConfig(request: pb.CheckRequest): pb.CheckResponse {
  const { values, secret, unknown } = decode(request.getNews());
  const response = new pb.CheckResponse();
  response.setInputs(encode(values, new Set([...secret, ...SECRET_SETTINGS])));
  const endpoint = unknown.has("endpoint") ? undefined : textOf(values["endpoint"]);
  const reason = endpoint === undefined ? undefined : endpointRefusal(endpoint);
  if (reason !== undefined) {
    const failure = new pb.CheckFailure();
    failure.setProperty("endpoint");
    failure.setReason(reason);
    response.addFailures(failure);
  }
  return response;
}

/** Tells what changes. Whatever it is, resources stay: other settings lead to the same server. */
export function diffConfig(request: pb.DiffRequest): pb.DiffResponse {
  const old = decode(request.getOldInputs() ?? request.getOlds()).values;
  const { values, unknown } = decode(request.getNews());
  const changes = [...new Set([...Object.keys(old), ...Object.keys(values)])].filter(
    (key) => key !== "version" && (unknown.has(key) || !isEqual(old[key], values[key])),
  );
  const response = new pb.DiffResponse();
  response.setChanges(changes.length > 0 ? DiffChanges.DIFF_SOME : DiffChanges.DIFF_NONE);
  response.setDiffsList(changes);
  return response;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
