import { spawn } from "node:child_process";
import { promisify } from "node:util";
import { credentials, ServerCredentials, type ServiceError } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import type { Message } from "google-protobuf";
import struct, { type Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { providerServer } from "../../provider/pulumi/src/plugin/service.ts";
import { eventually } from "./eventually.ts";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

type Client = InstanceType<typeof services.ResourceProviderClient>;

/** Properties as the engine writes them. */
export type Wire = Record<string, unknown>;

/** The plugin's service in this process, spoken to over gRPC as the engine does. */
export class PluginClient implements Disposable {
  readonly #client: Client;
  readonly #stop: () => void;

  private constructor(client: Client, stop: () => void) {
    this.#client = client;
    this.#stop = stop;
  }

  /** Starts the service, in this environment and no other. */
  static async start(environment: NodeJS.ProcessEnv = {}): Promise<PluginClient> {
    const { server } = providerServer({ environment });
    const bind = promisify(server.bindAsync.bind(server));
    const port = await bind("127.0.0.1:0", ServerCredentials.createInsecure());
    const address = `127.0.0.1:${port}`;
    const client = new services.ResourceProviderClient(address, credentials.createInsecure());
    return new PluginClient(client, () => server.forceShutdown());
  }

  /** Starts the service in a process of its own, as the engine does; `launcher` runs it. */
  static async spawn(launcher: string, engineAddress: string): Promise<PluginClient> {
    const { NODE_OPTIONS: _, ...env } = process.env;
    const child = spawn(launcher, [engineAddress], { env, stdio: ["ignore", "pipe", "pipe"] });
    let printed = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      printed += text;
    });
    const port = await eventually("the port", async () => /^(\d+)\n/.exec(printed)?.[1]);
    const address = `127.0.0.1:${port}`;
    const client = new services.ResourceProviderClient(address, credentials.createInsecure());
    return new PluginClient(client, () => child.kill());
  }

  /** Makes one call. */
  async call<Answer extends Message>(method: string, request: Message): Promise<Answer> {
    const rpc: unknown = Reflect.get(this.#client, method);
    if (typeof rpc !== "function") throw new Error(`there is no method ${method}`);
    return await new Promise<Answer>((resolve, reject) => {
      const answer = (error: ServiceError | null, response: Answer) =>
        error === null ? resolve(response) : reject(error);
      Reflect.apply(rpc, this.#client, [request, answer]);
    });
  }

  async configure(settings: Wire): Promise<void> {
    const request = new pb.ConfigureRequest();
    request.setArgs(wire(settings));
    await this.call("configure", request);
  }

  async check(type: string, news: Wire, olds: Wire = {}, seed = "seed"): Promise<Checked> {
    const request = new pb.CheckRequest();
    request.setUrn(urn(type));
    request.setOlds(wire(olds));
    request.setNews(wire(news));
    request.setRandomseed(Buffer.from(seed));
    const answer = await this.call<pb.CheckResponse>("check", request);
    return {
      inputs: plain(answer.getInputs()),
      failures: answer.getFailuresList().map((each) => [each.getProperty(), each.getReason()]),
    };
  }

  async create(type: string, inputs: Wire, options: CreateOptions = {}): Promise<Created> {
    const request = new pb.CreateRequest();
    request.setUrn(urn(type, options.name));
    request.setProperties(wire(inputs));
    request.setPreview(options.preview ?? false);
    request.setTimeout(options.timeout ?? 0);
    const answer = await this.call<pb.CreateResponse>("create", request);
    return { id: answer.getId(), state: plain(answer.getProperties()) };
  }

  async diff(type: string, compared: Compared): Promise<pb.DiffResponse.AsObject> {
    const request = new pb.DiffRequest();
    request.setUrn(urn(type));
    request.setId(compared.id);
    request.setOlds(wire(compared.state));
    request.setOldInputs(wire(compared.inputs));
    request.setNews(wire(compared.news));
    request.setIgnorechangesList([...(compared.ignoring ?? [])]);
    return (await this.call<pb.DiffResponse>("diff", request)).toObject();
  }

  async update(type: string, compared: Compared, preview = false): Promise<Wire> {
    const request = new pb.UpdateRequest();
    request.setUrn(urn(type));
    request.setId(compared.id);
    request.setOlds(wire(compared.state));
    request.setOldInputs(wire(compared.inputs));
    request.setNews(wire(compared.news));
    request.setPreview(preview);
    return plain((await this.call<pb.UpdateResponse>("update", request)).getProperties());
  }

  /** Reads by id alone, as an import does, or with what is in state, as a refresh does. */
  async read(type: string, id: string, known?: { state: Wire; inputs: Wire }): Promise<Found> {
    const request = new pb.ReadRequest();
    request.setUrn(urn(type));
    request.setId(id);
    if (known !== undefined) {
      request.setProperties(wire(known.state));
      request.setInputs(wire(known.inputs));
    }
    const answer = await this.call<pb.ReadResponse>("read", request);
    const [state, inputs] = [answer.getProperties(), answer.getInputs()];
    return { id: answer.getId(), state: plain(state), inputs: plain(inputs) };
  }

  async delete(type: string, id: string, state: Wire): Promise<void> {
    const request = new pb.DeleteRequest();
    request.setUrn(urn(type));
    request.setId(id);
    request.setProperties(wire(state));
    await this.call("delete", request);
  }

  async invoke(name: string, args: Wire): Promise<{ answer: Wire; failures: string[] }> {
    const request = new pb.InvokeRequest();
    request.setTok(`moorage:index:${name}`);
    request.setArgs(wire(args));
    const answer = await this.call<pb.InvokeResponse>("invoke", request);
    const failures = answer.getFailuresList().map((each) => each.getReason());
    return { answer: plain(answer.getReturn()), failures };
  }

  /** Lets the plugin make a component with the engine at this address. */
  async construct(
    type: string,
    inputs: Wire,
    monitor: string,
    options: (request: pb.ConstructRequest) => void = () => {},
  ): Promise<Constructed> {
    const request = new pb.ConstructRequest();
    request.setProject("project");
    request.setStack("stack");
    request.setOrganization("organization");
    request.setMonitorendpoint(monitor);
    request.setParallel(16);
    request.setType(`moorage:kubernetes:${type}`);
    request.setName("shop");
    request.setInputs(wire(inputs));
    request.setAcceptsOutputValues(true);
    options(request);
    const answer = await this.call<pb.ConstructResponse>("construct", request);
    const origins = answer.getStatedependenciesMap();
    return {
      urn: answer.getUrn(),
      state: plain(answer.getState()),
      dependenciesOf: (key) => origins.get(key)?.getUrnsList() ?? [],
    };
  }

  [Symbol.dispose](): void {
    this.#client.close();
    this.#stop();
  }
}

export interface Checked {
  readonly inputs: Wire;
  readonly failures: readonly (readonly [property: string, reason: string])[];
}

export interface Created {
  readonly id: string;
  readonly state: Wire;
}

export interface Found extends Created {
  readonly inputs: Wire;
}

export interface Constructed {
  readonly urn: string;
  readonly state: Wire;
  /** URNs of the resources that an output comes from. */
  dependenciesOf(key: string): readonly string[];
}

export interface CreateOptions {
  readonly name?: string;
  readonly preview?: boolean;
  /** In seconds. */
  readonly timeout?: number;
}

export interface Compared extends Created {
  readonly inputs: Wire;
  readonly news: Wire;
  readonly ignoring?: readonly string[];
}

export function urn(type: string, name = "shop"): string {
  return `urn:pulumi:stack::project::moorage:index:${type}::${name}`;
}

/** A secret as the engine writes it. */
export function secret(value: unknown): Wire {
  return { [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", value };
}

/** An output as the engine writes it; without a value it is unknown. */
export function output(fields: {
  value?: unknown;
  secret?: boolean;
  dependencies?: readonly string[];
}): Wire {
  return { [SIGNATURE]: "d0e6a833031e9bbcd3f4e8bde6ca49a4", ...fields };
}

/** A value of some other kind, by the kind's signature. */
export function signed(signature: string, fields: Wire): Wire {
  return { [SIGNATURE]: signature, ...fields };
}

/** What a property holds, secret or not. */
export function revealed(value: unknown): unknown {
  return isSecret(value) ? value["value"] : value;
}

export function isSecret(value: unknown): value is Wire {
  return typeof value === "object" && value !== null && SIGNATURE in value;
}

export function wire(properties: Wire): Struct {
  return struct.Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)));
}

function plain(properties: Struct | undefined): Wire {
  return properties?.toJavaScript() ?? {};
}
