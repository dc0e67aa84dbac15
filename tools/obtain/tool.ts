/** A command-line tool, and how it is built from Go modules where the machine has none. */
export interface Tool {
  /** Name of the executable. */
  readonly name: string;
  readonly title: string;
  /** What is built. What is on PATH may be another version. */
  readonly version: string;
  /** An older one on PATH is left alone and ours is used. */
  readonly versionMin?: string;
  /** True if its code is in this repository: what is on PATH is never it. */
  readonly isOurs?: true;
  /** Folder under `tools/` that holds the `go.mod`. */
  readonly moduleFolder: string;
  readonly goPackage: string;
  /** Go variable that tells the built executable its version, where the tool has one. */
  readonly versionVariable?: string;
  /** Files of Go modules without which the executable does not run: they are put beside it, to be executed. */
  readonly companions?: readonly Companion[];
  /** Said before a build. */
  readonly buildTime: string;
}

export interface Companion {
  /** The Go module; the tool's `go.mod` requires it. */
  readonly module: string;
  /** Path in the module. */
  readonly file: string;
}

const PULUMI_VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

export const PULUMI_CLI: Tool = {
  name: "pulumi",
  title: "the Pulumi CLI",
  version: "3.255.0",
  versionMin: "3.200.0",
  moduleFolder: "pulumi",
  goPackage: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
  versionVariable: PULUMI_VERSION_VARIABLE,
  buildTime: "4 to 5 minutes on two cores",
};

/** Later versions are modules with replace directives, which no other module can require. */
export const PULUMI_LANGUAGE_NODEJS: Tool = {
  name: "pulumi-language-nodejs",
  title: "Pulumi's host for Node programs",
  version: "3.68.0",
  moduleFolder: "language-nodejs",
  goPackage: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
  versionVariable: PULUMI_VERSION_VARIABLE,
  buildTime: "half a minute",
};

export const PULUMI_LANGUAGE_YAML: Tool = {
  name: "pulumi-language-yaml",
  title: "Pulumi's host for YAML programs",
  version: "1.10.0",
  moduleFolder: "language-yaml",
  goPackage: "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
  versionVariable: "github.com/pulumi/pulumi-yaml/pkg/version.Version",
  buildTime: "a minute on two cores",
};

/** Of the same module; it starts programs by a script in Python that it wants beside itself. */
export const PULUMI_LANGUAGE_PYTHON: Tool = {
  name: "pulumi-language-python",
  title: "Pulumi's host for Python programs",
  version: "3.68.0",
  moduleFolder: "language-nodejs",
  goPackage: "github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python",
  companions: [
    {
      module: "github.com/pulumi/pulumi/sdk/v3",
      file: "python/cmd/pulumi-language-python-exec",
    },
  ],
  versionVariable: PULUMI_VERSION_VARIABLE,
  buildTime: "half a minute",
};

/** The last version that is part of that module. */
export const PULUMI_LANGUAGE_GO: Tool = {
  name: "pulumi-language-go",
  title: "Pulumi's host for Go programs",
  version: "3.60.0",
  moduleFolder: "language-go",
  goPackage: "github.com/pulumi/pulumi/sdk/v3/go/pulumi-language-go",
  versionVariable: PULUMI_VERSION_VARIABLE,
  buildTime: "half a minute",
};

/** Our own: writes SDKs from `schema.json`. Its module is the one that the CLI is built from. */
export const GENSDK: Tool = {
  name: "gensdk",
  title: "the generator of SDKs",
  version: PULUMI_CLI.version,
  isOurs: true,
  moduleFolder: "gensdk",
  goPackage: ".",
  buildTime: "a minute on two cores",
};

export const CRANE: Tool = {
  name: "crane",
  title: "the registry client crane",
  version: "0.22.1",
  moduleFolder: "clients",
  goPackage: "github.com/google/go-containerregistry/cmd/crane",
  versionVariable: "github.com/google/go-containerregistry/cmd/crane/cmd.Version",
  buildTime: "half a minute",
};

export const REGCTL: Tool = {
  name: "regctl",
  title: "the registry client regctl",
  version: "0.11.7",
  moduleFolder: "clients",
  goPackage: "github.com/regclient/regclient/cmd/regctl",
  buildTime: "half a minute",
};

export const ORAS: Tool = {
  name: "oras",
  title: "the registry client oras",
  version: "1.2.3",
  versionMin: "1.2.0",
  moduleFolder: "oras",
  goPackage: "oras.land/oras/cmd/oras",
  buildTime: "half a minute",
};

export const HELM: Tool = {
  name: "helm",
  title: "Helm",
  version: "3.22.0",
  versionMin: "3.18.0",
  moduleFolder: "helm",
  goPackage: "helm.sh/helm/v3/cmd/helm",
  versionVariable: "helm.sh/helm/v3/internal/version.version",
  buildTime: "2 minutes on two cores",
};

/** The API server alone: with etcd beside it, it takes and keeps objects as a cluster does, and runs nothing. */
export const KUBE_APISERVER: Tool = {
  name: "kube-apiserver",
  title: "Kubernetes' API server",
  version: "1.36.3",
  moduleFolder: "kubernetes",
  goPackage: "k8s.io/kubernetes/cmd/kube-apiserver",
  versionVariable: "k8s.io/component-base/version.gitVersion",
  buildTime: "5 to 8 minutes on two cores",
};

/** Our own: the controllers of Kubernetes without which a deleted namespace stays, in tests. */
export const KUBERNETES_CONTROLLERS: Tool = {
  name: "kubernetes-controllers",
  title: "some of Kubernetes' controllers",
  version: KUBE_APISERVER.version,
  isOurs: true,
  moduleFolder: "kubernetes-controllers",
  goPackage: ".",
  buildTime: "a minute on two cores",
};

export const KUBECTL: Tool = {
  name: "kubectl",
  title: "Kubernetes' client",
  version: "1.36.3",
  moduleFolder: "kubernetes",
  goPackage: "k8s.io/kubernetes/cmd/kubectl",
  versionVariable: "k8s.io/component-base/version.gitVersion",
  buildTime: "2 minutes on two cores",
};

/** Go modules that hold custom resource definitions; nothing is built from them. */
export const KUBERNETES_CRDS: Pick<Tool, "moduleFolder"> = { moduleFolder: "kubernetes-crds" };
