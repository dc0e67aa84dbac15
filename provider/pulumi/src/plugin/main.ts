// `pulumi-resource-moorage`: serves the provider to one engine, which starts this process with its own address, reads a port
// from its standard output, and ends it by a signal. Nothing else may go to standard output.
import { ServerCredentials } from "@grpc/grpc-js";
import { providerServer } from "./service.ts";

const [engineAddress] = process.argv.slice(2);
const { server, failed } = providerServer({ environment: process.env, engineAddress });

// A component's resources are declared without anybody waiting for each: Pulumi's library lets the failure of one end the process.
process.on("unhandledRejection", failed);

server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    server.forceShutdown();
    process.exit(0);
  });
}
