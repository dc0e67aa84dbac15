import path from "node:path";
import { obtainClient } from "../../tools/obtain/obtain.ts";
import { PULUMI_LANGUAGE_YAML } from "../../tools/obtain/tool.ts";
import { kubernetesProviderFolder, pluginFolder } from "./plugin-folder.ts";
import { PulumiStack } from "./pulumi-stack.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** A real stack of the plugin, whose program is written in YAML. */
export class YamlStack implements AsyncDisposable {
  readonly cli: PulumiStack;
  readonly #plugin: string;
  readonly #remove: () => Promise<void>;

  private constructor(cli: PulumiStack, plugin: string, remove: () => Promise<void>) {
    this.cli = cli;
    this.#plugin = plugin;
    this.#remove = remove;
  }

  /** Makes an empty stack that deploys to the server at this address, as its owner. */
  static async create(url: string): Promise<YamlStack> {
    const host = await obtainClient(PULUMI_LANGUAGE_YAML, () => {});
    const kubernetes = await temporaryDirectory();
    const provider = await kubernetesProviderFolder(kubernetes.path);
    const cli = await PulumiStack.create(url, [path.dirname(host), provider]);
    const { folder } = await pluginFolder(cli.folder);
    return new YamlStack(cli, folder, kubernetes.remove);
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
    await this.#remove();
  }
}
