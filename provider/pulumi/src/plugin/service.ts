import {
  type handleUnaryCall,
  Server,
  type ServerUnaryCall,
  type ServiceError,
  type sendUnaryData,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import services, { type IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { ValueRefused } from "./codec.ts";
import { ComponentService } from "./component-service.ts";
import { Configuration, diffConfig } from "./configuration.ts";
import { type Failure, RefusedCall } from "./failures.ts";
import { Operations } from "./operation.ts";
import { QueryService } from "./query-service.ts";
import { ResourceService } from "./resource-service.ts";
import { packageSchema } from "./schema.ts";
import { VERSION } from "./version.ts";

/** As the engine has it: a state with large properties must pass. */
const MESSAGE_BYTES_MAX = 400 * 1024 * 1024;

/** What a process that serves one engine is told from outside. */
export interface ServiceOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** Where the engine is, for those that say so to the process; others do by a call. */
  readonly engineAddress?: string | undefined;
}

/** Everything that the engine can ask of the provider, answered. */
function providerService(
  environment: NodeJS.ProcessEnv,
  components: ComponentService,
): UntypedServiceImplementation {
  const configuration = new Configuration(environment);
  const operations = new Operations(configuration);
  const resources = new ResourceService(configuration, operations);
  const queries = new QueryService(configuration, operations);
  const done = new empty.Empty();
  return {
    handshake: unary(async (request: pb.ProviderHandshakeRequest) => {
      components.attach(request.getEngineAddress());
      return handshake();
    }),
    attach: unary(async (request: plugin.PluginAttach) => {
      components.attach(request.getAddress());
      return done;
    }),
    getPluginInfo: unary(async () => {
      const info = new plugin.PluginInfo();
      info.setVersion(VERSION);
      return info;
    }),
    getSchema: unary(async (request: pb.GetSchemaRequest) => schemaFor(request)),
    checkConfig: unary(async (request: pb.CheckRequest) => configuration.check(request)),
    diffConfig: unary(async (request: pb.DiffRequest) => diffConfig(request)),
    configure: unary(async (request: pb.ConfigureRequest) => {
      await configuration.configure(request);
      return abilities();
    }),
    check: unary((request: pb.CheckRequest) => resources.check(request)),
    diff: unary((request: pb.DiffRequest) => resources.diff(request)),
    create: unary((request: pb.CreateRequest) => resources.create(request)),
    read: unary((request: pb.ReadRequest) => resources.read(request)),
    update: unary((request: pb.UpdateRequest) => resources.update(request)),
    delete: unary(async (request: pb.DeleteRequest) => {
      await resources.delete(request);
      return done;
    }),
    invoke: unary((request: pb.InvokeRequest) => queries.invoke(request)),
    construct: unary((request: pb.ConstructRequest) => components.construct(request)),
    call: unary((request: pb.CallRequest) => components.call(request)),
    cancel: unary(async () => {
      operations.cancel();
      components.cancel();
      return done;
    }),
    parameterize: unary(async () => {
      throw new RefusedCall(status.UNIMPLEMENTED, "the package moorage takes no parameters");
    }),
  } satisfies Partial<IResourceProviderServer>;
}

/** A server for one engine, and what it is to be told besides. */
export interface ProviderServer {
  readonly server: Server;
  /** Takes over what failed where nobody waits for it. */
  failed(error: unknown): void;
}

/** Makes a server; what it does not offer, gRPC answers as unimplemented. */
export function providerServer({ environment, engineAddress }: ServiceOptions): ProviderServer {
  const server = new Server({
    "grpc.max_receive_message_length": MESSAGE_BYTES_MAX,
    "grpc.max_send_message_length": MESSAGE_BYTES_MAX,
  });
  const components = new ComponentService(engineAddress);
  server.addService(services.ResourceProviderService, providerService(environment, components));
  return { server, failed: (error) => components.fail(error) };
}

function handshake(): pb.ProviderHandshakeResponse {
  const response = new pb.ProviderHandshakeResponse();
  response.setAcceptSecrets(true);
  response.setAcceptResources(true);
  response.setAcceptOutputs(true);
  response.setSupportsAutonamingConfiguration(true);
  return response;
}

/** What engines that know no handshake ask for here. */
function abilities(): pb.ConfigureResponse {
  const response = new pb.ConfigureResponse();
  response.setAcceptsecrets(true);
  response.setSupportspreview(true);
  response.setAcceptresources(true);
  response.setAcceptoutputs(true);
  response.setSupportsAutonamingConfiguration(true);
  return response;
}

function schemaFor(request: pb.GetSchemaRequest): pb.GetSchemaResponse {
  if (request.getVersion() !== 0) {
    const sentence = `this plugin has version 0 of the schema format, not ${request.getVersion()}`;
    throw new RefusedCall(status.INVALID_ARGUMENT, sentence);
  }
  const response = new pb.GetSchemaResponse();
  response.setSchema(JSON.stringify(packageSchema()));
  return response;
}

function unary<Request, Response>(
  handle: (request: Request) => Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call: ServerUnaryCall<Request, Response>, answer: sendUnaryData<Response>) => {
    handle(call.request).then(
      (response) => answer(null, response),
      (error: unknown) => answer(failureOf(error)),
    );
  };
}

function failureOf(error: unknown): Partial<ServiceError> & Failure {
  if (error instanceof RefusedCall) return error.failure;
  if (error instanceof ValueRefused) {
    return { code: status.INVALID_ARGUMENT, details: error.message };
  }
  // What has a stack is a fault of ours; the engine shows what a plugin writes to standard error.
  if (error instanceof Error && error.stack) console.error(error.stack);
  return {
    code: status.UNKNOWN,
    details: error instanceof Error ? error.message : String(error),
  };
}
