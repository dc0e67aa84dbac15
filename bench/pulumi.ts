// What many tokens cost in a stack: `node --conditions=@moorage/source bench/pulumi.ts [tokens] [plugin | dynamic]`.
// One registry and 500 tokens of three scopes each, by both faces: `pulumi up`, an `up` that changes nothing, `destroy`. Prints seconds, and
// how much of them is the provider's own CPU time, and its memory at most; the rest is the CLI, the language host and the server.

import { PulumiStack } from "../test/support/pulumi-stack.ts";
import { RunningServer } from "../test/support/running-server.ts";
import { YamlStack } from "../test/support/yaml-stack.ts";
import {
  commandLineOf,
  cpuSecondsOf,
  processesBelow,
  residentMebibytesOf,
} from "./process-tree.ts";

const PROVIDERS = { plugin: /provider\/pulumi\//, dynamic: /dynamic-provider/ } as const;
type Face = keyof typeof PROVIDERS;
const FACES = ["plugin", "dynamic"] as const;
const SAMPLE_MILLISECONDS = 100;

async function measure(face: Face): Promise<void> {
  const server = await RunningServer.start();
  const yaml = face === "plugin" ? await YamlStack.create(server.url) : undefined;
  const stack = yaml?.cli ?? (await PulumiStack.create(server.url));
  try {
    await (yaml === undefined ? stack.write(typeScript()) : yaml.write(yamlProgram()));
    for (const [command, args] of [
      ["up", ["up", "--yes", "--skip-preview"]],
      ["up, no change", ["up", "--yes", "--skip-preview"]],
      ["destroy", ["destroy", "--yes", "--skip-preview"]],
    ] as const) {
      const watch = new ProviderWatch(PROVIDERS[face]);
      const startedAt = performance.now();
      await stack.must(args);
      const seconds = (performance.now() - startedAt) / 1000;
      const { cpuSeconds, peakMebibytes } = watch.stop();
      print([face, command, ...[seconds, cpuSeconds, peakMebibytes].map((n) => n.toFixed(1))]);
    }
  } finally {
    await stack[Symbol.asyncDispose]();
    await server.stop();
  }
}

function typeScript(): string {
  return `const registry = new Registry("many", { location: "de/fra" });
for (let number = 0; number < ${tokens}; number++) {
  new Token(\`token-\${number}\`, {
    registryId: registry.registryId,
    scopes: ["a", "b", "c"].map((name) => ({ type: "repository", name, actions: ["pull"] })),
  });
}
`;
}

function yamlProgram(): string {
  const scopes = ["a", "b", "c"].map(
    (name) => `{ type: repository, name: ${name}, actions: [pull] }`,
  );
  const resources = Array.from(
    { length: tokens },
    (_, number) => `  token-${number}:
    type: moorage:Token
    properties:
      registryId: \${many.registryId}
      scopes: [${scopes.join(", ")}]
`,
  );
  return `resources:
  many:
    type: moorage:Registry
    properties: { location: de/fra }
${resources.join("")}`;
}

/** Samples the provider's processes among the descendants of this one. */
class ProviderWatch {
  readonly #pattern: RegExp;
  readonly #cpuSeconds = new Map<number, number>();
  readonly #timer: NodeJS.Timeout;
  #peakMebibytes = 0;

  constructor(pattern: RegExp) {
    this.#pattern = pattern;
    this.#timer = setInterval(() => this.#sample(), SAMPLE_MILLISECONDS);
  }

  stop(): { readonly cpuSeconds: number; readonly peakMebibytes: number } {
    clearInterval(this.#timer);
    const cpuSeconds = [...this.#cpuSeconds.values()].reduce((sum, one) => sum + one, 0);
    return { cpuSeconds, peakMebibytes: this.#peakMebibytes };
  }

  #sample(): void {
    const pids = processesBelow(process.pid).filter((pid) =>
      this.#pattern.test(commandLineOf(pid)),
    );
    for (const pid of pids) {
      this.#cpuSeconds.set(pid, Math.max(this.#cpuSeconds.get(pid) ?? 0, cpuSecondsOf(pid)));
    }
    const mebibytes = pids.reduce((sum, pid) => sum + residentMebibytesOf(pid), 0);
    this.#peakMebibytes = Math.max(this.#peakMebibytes, mebibytes);
  }
}

function print(cells: readonly string[]): void {
  process.stdout.write(`| ${cells.join(" | ")} |\n`);
}

const tokens = Number(process.argv[2] ?? 500);
const wanted = process.argv[3];

print(["face", "command", "seconds", "provider's CPU seconds", "provider's MiB"]);
for (const face of FACES.filter((one) => wanted === undefined || wanted === one)) {
  await measure(face);
}
