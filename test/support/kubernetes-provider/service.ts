import { type handleUnaryCall, status, type UntypedServiceImplementation } from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { decode } from "../../../provider/pulumi/src/plugin/codec.ts";
import { Cluster } from "./cluster.ts";
import { ObjectService } from "./object-service.ts";
import { KUBERNETES_SCHEMA, VERSION } from "./schema.ts";

const { DiffChanges } = pb.DiffResponse;

/** What the engine asks of the provider. */
export function providerService(environment: NodeJS.ProcessEnv): UntypedServiceImplementation {
  const done = new empty.Empty();
  let configured: ObjectService | undefined;
  const objects = (): ObjectService => {
    if (!configured) throw new Error("the provider is not configured");
    return configured;
  };
  return {
    getPluginInfo: unary(async () => {
      const info = new plugin.PluginInfo();
      info.setVersion(VERSION);
      return info;
    }),
    attach: unary(async () => done),
    cancel: unary(async () => done),
    getSchema: unary(async () => {
      const response = new pb.GetSchemaResponse();
      response.setSchema(JSON.stringify(KUBERNETES_SCHEMA));
      return response;
    }),
    checkConfig: unary(async (request: pb.CheckRequest) => {
      const response = new pb.CheckResponse();
      response.setInputs(request.getNews());
      return response;
    }),
    // Another way to the same cluster, as far as anybody can tell.
    diffConfig: unary(async () => {
      const response = new pb.DiffResponse();
      response.setChanges(DiffChanges.DIFF_UNKNOWN);
      return response;
    }),
    configure: unary(async (request: pb.ConfigureRequest) => {
      configured = serviceFor(request, environment);
      const response = new pb.ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setSupportspreview(true);
      return response;
    }),
    check: unary((request: pb.CheckRequest) => objects().check(request)),
    diff: unary((request: pb.DiffRequest) => objects().diff(request)),
    create: unary((request: pb.CreateRequest) => objects().create(request)),
    read: unary((request: pb.ReadRequest) => objects().read(request)),
    update: unary((request: pb.UpdateRequest) => objects().update(request)),
    delete: unary(async (request: pb.DeleteRequest) => {
      await objects().delete(request);
      return done;
    }),
  } satisfies Partial<IResourceProviderServer>;
}

function serviceFor(request: pb.ConfigureRequest, environment: NodeJS.ProcessEnv): ObjectService {
  const { unknown, values } = decode(request.getArgs());
  const text = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === "string" ? value : undefined;
  };
  const isOn = (name: string): boolean => String(values[name]) === "true";
  const mutability = {
    secrets: isOn("enableSecretMutable"),
    configMaps: isOn("enableConfigMapMutable"),
  };
  // Where the cluster is made by the same stack, a preview knows nothing of it yet.
  const isKnown = !unknown.has("kubeconfig") && !unknown.has("context");
  const cluster = isKnown
    ? new Cluster(text("kubeconfig"), text("context"), environment)
    : undefined;
  return new ObjectService(cluster, mutability, text("namespace"));
}

function unary<Request, Response>(
  handle: (request: Request) => Promise<Response>,
): handleUnaryCall<Request, Response> {
  return ({ request }, answer) => {
    handle(request).then(
      (response) => answer(null, response),
      (error: unknown) => {
        const details = error instanceof Error ? error.message : String(error);
        answer({ code: status.UNKNOWN, details });
      },
    );
  };
}
