// `pulumi-resource-kubernetes`, a stand-in for tests. Pulumi's own cannot be had on the machines that the tests run on: it is
// neither on npm nor among the Go modules that the proxy serves, and its releases cannot be reached. With this one,
// `pulumi up` of our components deploys to a real API server.
//
// As the real one does, it
//   * applies objects on the server's side, with a field manager of each resource's own, and without force,
//   * makes up names, and replaces what has another name or namespace, or other content that it holds to be fixed: that of
//     Secrets and ConfigMaps too, unless `enableSecretMutable` and `enableConfigMapMutable` are on,
//   * deletes before it replaces where the name stays,
//   * waits until a StatefulSet's pods are ready, where the cluster has a node,
//   * deletes in the foreground, and waits until an object is gone; of a patch (`ServiceAccountPatch`), it gives back its fields,
//   * reads kubeconfig, context and namespace from its own settings, or from where kubectl has them.
//
// It is not the real one: it waits for nothing else, and in most tests nothing runs pods; it has no Helm, no YAML, no client-side
// apply; its schema describes no fields; and what it calls a difference is one between inputs.
import { Server, ServerCredentials } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { providerService } from "./service.ts";

const server = new Server();
server.addService(services.ResourceProviderService, providerService(process.env));
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});
