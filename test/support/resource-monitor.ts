import { promisify } from "node:util";
import {
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type sendUnaryData,
  status,
} from "@grpc/grpc-js";
import engines from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb.js";
import services from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import pb from "@pulumi/pulumi/proto/resource_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { type Wire, wire } from "./plugin-client.ts";

/** What a component has declared with the engine. */
export interface Registered {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly inputs: Wire;
  readonly request: pb.RegisterResourceRequest.AsObject;
  /** URNs that an input is an output of. */
  dependenciesOf(key: string): readonly string[];
}

/** Outputs that a resource has besides its inputs, or that there is no answer about it. */
export type MadeOutputs = (resource: Registered) => Wire | "silence";

/** An engine as far as components need one, on a socket of its own: it keeps the books of what is declared, and makes nothing. */
export class ResourceMonitor implements AsyncDisposable {
  readonly resources: Registered[] = [];
  /** What components say that they have, by URN. */
  readonly outputs = new Map<string, Wire>();
  readonly log: string[] = [];
  /** The answer to a program that asks for what is in the stack. */
  known: Wire = {};
  readonly #server: Server;
  readonly #made: MadeOutputs;
  #port = 0;

  private constructor(made: MadeOutputs) {
    this.#made = made;
    this.#server = new Server();
    this.#server.addService(services.ResourceMonitorService, {
      getDeploymentInfo: unary(() => abilities()),
      registerResource: unary((request: pb.RegisterResourceRequest) => this.#register(request)),
      registerResourceOutputs: unary((request: pb.RegisterResourceOutputsRequest) => {
        this.outputs.set(request.getUrn(), request.getOutputs()?.toJavaScript() ?? {});
        return new empty.Empty();
      }),
      invoke: unary((request: pb.ResourceInvokeRequest) => this.#invoke(request)),
    });
    this.#server.addService(engines.EngineService, {
      log: unary((request: LogRequest) => {
        this.log.push(request.getMessage());
        return new empty.Empty();
      }),
    });
  }

  /** Starts one; `made` may throw, which refuses the resource. */
  static async start(made: MadeOutputs = () => ({})): Promise<ResourceMonitor> {
    const monitor = new ResourceMonitor(made);
    const bind = promisify(monitor.#server.bindAsync.bind(monitor.#server));
    monitor.#port = (await bind("127.0.0.1:0", ServerCredentials.createInsecure())) ?? 0;
    return monitor;
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  /** The only resource of a type. */
  one(type: string): Registered {
    const [found, other] = this.of(type);
    if (found === undefined || other !== undefined) {
      throw new Error(`not one ${type}: ${this.resources.map(({ type: each }) => each)}`);
    }
    return found;
  }

  of(type: string): Registered[] {
    return this.resources.filter((each) => each.type === type);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.forceShutdown();
  }

  #register(request: pb.RegisterResourceRequest): pb.RegisterResourceResponse | undefined {
    const [type, name] = [request.getType(), request.getName()];
    const parent = request.getParent().split("::")[2];
    const types = parent === undefined ? type : `${parent}$${type}`;
    const urn = `urn:pulumi:stack::project::${types}::${name}`;
    const inputs = request.getObject()?.toJavaScript() ?? {};
    const origins = request.getPropertydependenciesMap();
    const registered: Registered = {
      urn,
      type,
      name,
      inputs,
      request: request.toObject(),
      dependenciesOf: (key) => origins.get(key)?.getUrnsList() ?? [],
    };
    this.resources.push(registered);
    const outputs = this.#made(registered);
    if (outputs === "silence") return undefined;
    const response = new pb.RegisterResourceResponse();
    response.setUrn(urn);
    response.setId(request.getCustom() ? `id of ${name}` : "");
    response.setObject(wire({ ...inputs, ...outputs }));
    return response;
  }

  #invoke(request: pb.ResourceInvokeRequest): pb.ResourceInvokeResponse {
    const answer = new pb.ResourceInvokeResponse();
    const urn = String(request.getArgs()?.toJavaScript()["urn"]);
    answer.setReturn(wire({ urn, id: "1", state: this.known }));
    return answer;
  }
}

function abilities(): pb.DeploymentInfo {
  const {
    RESOURCE_MONITOR_FEATURE_SECRETS: secrets,
    RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES: references,
    RESOURCE_MONITOR_FEATURE_OUTPUT_VALUES: outputs,
    RESOURCE_MONITOR_FEATURE_ALIAS_SPECS: aliases,
    RESOURCE_MONITOR_FEATURE_DELETED_WITH: deletedWith,
  } = pb.ResourceMonitorFeature;
  const info = new pb.DeploymentInfo();
  info.setSupportedfeaturesList([secrets, references, outputs, aliases, deletedWith]);
  return info;
}

function unary<Request, Response>(
  handle: (request: Request) => Response | undefined,
): handleUnaryCall<Request, Response> {
  return (call: ServerUnaryCall<Request, Response>, answer: sendUnaryData<Response>) => {
    try {
      const response = handle(call.request);
      if (response !== undefined) answer(null, response);
    } catch (error) {
      answer({ code: status.UNKNOWN, details: error instanceof Error ? error.message : "" });
    }
  };
}
