import path from "node:path";
import { REPOSITORY } from "../../tools/repository.ts";
import { KubernetesApi } from "./kubernetes-api.ts";
import { gatewayDefinitions } from "./kubernetes-definitions.ts";
import { type Face, PulumiStack } from "./pulumi-stack.ts";
import { RunningServer } from "./running-server.ts";

/** Where the stand-in of Pulumi's Kubernetes provider is: the engine finds it on `PATH`. */
export const KUBERNETES_PROVIDER = path.join(REPOSITORY, "test", "support", "kubernetes-provider");

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
    const api = await KubernetesApi.start({ controllers: true });
    let server: RunningServer | undefined;
    try {
      await api.kubectl(["apply", "--server-side", "-f", await gatewayDefinitions()]);
      await api.kubectl(["wait", "crd", "--all", "--for=condition=Established"]);
      for (const namespace of namespaces) await api.kubectl(["create", "namespace", namespace]);
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
