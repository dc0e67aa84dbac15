import path from "node:path";
import { obtainClient } from "../../tools/obtain/obtain.ts";
import { PULUMI_LANGUAGE_YAML } from "../../tools/obtain/tool.ts";
import { KUBERNETES_PROVIDER } from "./kubernetes-provider-folder.ts";
import { pluginFolder } from "./plugin-folder.ts";
import { PulumiStack } from "./pulumi-stack.ts";

/** A real stack of the plugin, whose program is written in YAML. */
export class YamlStack implements AsyncDisposable {
  readonly cli: PulumiStack;
  readonly #plugin: string;

  private constructor(cli: PulumiStack, plugin: string) {
    this.cli = cli;
    this.#plugin = plugin;
  }

  /** Makes an empty stack that deploys to the server at this address, as its owner. */
  static async create(url: string): Promise<YamlStack> {
    const host = await obtainClient(PULUMI_LANGUAGE_YAML, () => {});
    const cli = await PulumiStack.create(url, [path.dirname(host), KUBERNETES_PROVIDER]);
    const { folder } = await pluginFolder(cli.folder);
    return new YamlStack(cli, folder);
  }

  /** Writes the program: what stands below the project's heading. */
  async write(program: string): Promise<void> {
    await this.cli.writeProject(`name: iac-test
runtime: yaml
plugins:
  providers:
    - name: moorage
      path: ${this.#plugin}
${program}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cli[Symbol.asyncDispose]();
  }
}
