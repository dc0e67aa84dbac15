import pb from "@pulumi/pulumi/proto/provider_pb.js";
import { isEqual } from "../resources/inputs.ts";
import { ResourceError } from "../resources/resource.ts";
import {
  currentSettings,
  endpointRefusal,
  SECRET_SETTINGS,
  type Settings,
} from "../resources/settings.ts";
import { decode, encode, type Properties } from "./codec.ts";

const { DiffChanges } = pb.DiffResponse;

/** Which server this process talks to: one process serves one configuration of the provider. */
export class Configuration {
  #given: Properties = decode(undefined);
  readonly #environment: NodeJS.ProcessEnv;

  constructor(environment: NodeJS.ProcessEnv) {
    this.#environment = environment;
  }

  /** Takes over what the engine hands to the provider. */
  configure(request: pb.ConfigureRequest): void {
    this.#given = decode(request.getArgs());
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
    return currentSettings(
      (name) => textOf(this.#given.values[name.replace(/^moorage:/, "")]),
      (name) => this.#environment[name],
    );
  }
}

/** Checks settings. The engine adds some of its own, such as `version`: unknown ones pass. */
export function checkConfig(request: pb.CheckRequest): pb.CheckResponse {
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
