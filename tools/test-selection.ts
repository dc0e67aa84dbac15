import { statSync } from "node:fs";
import {
  CRANE,
  GENSDK,
  HELM,
  KUBE_APISERVER,
  KUBECTL,
  KUBERNETES_CONTROLLERS,
  ORAS,
  PULUMI_LANGUAGE_GO,
  PULUMI_LANGUAGE_PYTHON,
  PULUMI_LANGUAGE_YAML,
  REGCTL,
  type Tool,
} from "./obtain/tool.ts";
import { Problem } from "./problem.ts";

/** What `npm test` with these arguments runs, and what that needs. */
export interface TestSelection {
  readonly mochaArguments: readonly string[];
  readonly needsPulumi: boolean;
  readonly clients: readonly Tool[];
  /** Programs that only the machine's own packages provide. */
  readonly packagedClients: readonly PackagedProgram[];
}

export interface PackagedProgram {
  readonly name: string;
  /** Debian's package that has it. */
  readonly debianPackage: string;
}

const PACKAGED_CLIENTS = ["skopeo", "buildah", "podman"].map((name) => packaged(name));
/** Makes the certificates of tests that use TLS. */
const CERTIFICATE_MAKER = packaged("openssl");
/** Makes the executable in the container image smaller. */
const STRIP = packaged("strip", "binutils");
/** What a Kubernetes API server keeps its objects in. */
const KUBERNETES_STORE = packaged("etcd", "etcd-server");
/** What an example moves content away from. */
const OTHER_REGISTRY = packaged("docker-registry");
/** What an example reads answers with. */
const JSON_READER = packaged("jq");
const EVERYTHING = "test/**/*.test.ts";
const OPTIONS_WITH_VALUE = new Set([
  "--grep",
  "-g",
  "--fgrep",
  "-f",
  "--timeout",
  "-t",
  "--retries",
]);

/** The arguments are mocha's; folders stand for the tests in them, none for all tests. */
export function selectTests(args: readonly string[]): TestSelection {
  const options: string[] = [];
  const files: string[] = [];
  for (const [index, argument] of args.entries()) {
    const isValue = OPTIONS_WITH_VALUE.has(args[index - 1] ?? "");
    if (isValue || argument.startsWith("-")) options.push(argument);
    else files.push(...testsOf(argument));
  }
  const selected = args.length === options.length ? [EVERYTHING] : files;
  if (selected.length === 0) throw new Problem(`no tests in ${args.join(" ")}`);
  const concerns = (folder: string) =>
    selected.some((file) => file === EVERYTHING || file.includes(folder));
  const hasClientTests = concerns("clients");
  const hasPulumiTests = concerns("iac");
  // Some components and examples are for Kubernetes.
  const hasKubernetesTests =
    concerns("kubernetes") ||
    selected.some((file) => /\biac(?:\/examples)?\/\*\*|schema-examples/.test(file));
  const needsClients = hasClientTests || hasPulumiTests || hasKubernetesTests;
  return {
    mochaArguments: [...options, ...selected],
    needsPulumi: hasPulumiTests,
    clients: [
      ...(needsClients ? [CRANE, REGCTL] : []),
      ...(hasClientTests ? [ORAS, HELM] : []),
      ...(hasPulumiTests
        ? [PULUMI_LANGUAGE_YAML, PULUMI_LANGUAGE_PYTHON, PULUMI_LANGUAGE_GO, GENSDK]
        : []),
      ...(hasKubernetesTests ? [KUBE_APISERVER, KUBERNETES_CONTROLLERS, KUBECTL] : []),
    ],
    packagedClients: [
      ...(needsClients ? PACKAGED_CLIENTS : []),
      ...(hasClientTests ? [STRIP] : []),
      ...(hasKubernetesTests ? [KUBERNETES_STORE] : []),
      ...(hasPulumiTests ? [OTHER_REGISTRY, JSON_READER] : []),
      ...(needsClients || concerns("http") ? [CERTIFICATE_MAKER] : []),
    ],
  };
}

/** A shell without `**` hands over folders and all that lies in them, tests or not. */
function testsOf(argument: string): string[] {
  const stats = statSync(argument, { throwIfNoEntry: false });
  if (stats?.isDirectory()) return [`${argument.replace(/\/$/, "")}/**/*.test.ts`];
  return stats && !argument.endsWith(".test.ts") ? [] : [argument];
}

function packaged(name: string, debianPackage = name): PackagedProgram {
  return { name, debianPackage };
}
