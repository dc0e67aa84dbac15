import { gatewayCluster } from "./gateway-cluster.ts";
import type { KubernetesApi } from "./kubernetes-api.ts";
import { KUBERNETES_PROVIDER } from "./plugin-folder.ts";
import { type Face, PulumiStack } from "./pulumi-stack.ts";
import { RunningServer } from "./running-server.ts";

/** A stack for a real server and a real API server of Kubernetes. */
export class KubernetesStack implements AsyncDisposable {
  readonly server: RunningServer;
  readonly api: KubernetesApi;
  readonly cli: PulumiStack;

  private constructor(server: RunningServer, api: KubernetesApi, cli: PulumiStack) {
    this.server = server;
    this.api = api;
    this.cli = cli;
  }

  /** An empty one; these namespaces are there. */
  static async create(namespaces: readonly string[]): Promise<KubernetesStack> {
    const api = await gatewayCluster(namespaces);
    let server: RunningServer | undefined;
    try {
      server = await RunningServer.start();
      const cli = await PulumiStack.create(server.url, [KUBERNETES_PROVIDER]);
      await cli.must(["config", "set", "kubernetes:kubeconfig", api.kubeconfig]);
      return new KubernetesStack(server, api, cli);
    } catch (error) {
      await server?.stop();
      await api[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Writes the program, which can use the components for Kubernetes, too. */
  async write(program: string, face?: Face): Promise<void> {
    const imports = `import { HostedRegistry, PullSecret, RegistryServer } from "@moorage/pulumi/kubernetes";\n`;
    await this.cli.write(imports + program, face);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cli[Symbol.asyncDispose]();
    await this.api[Symbol.asyncDispose]();
    await this.server.stop();
  }
}
