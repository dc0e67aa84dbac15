import assert from "node:assert/strict";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { findExecutable, pathFolders } from "../../../tools/obtain/find-executable.ts";
import { ClientHome } from "../../support/client-home.ts";
import { ExampleRun } from "../../support/example-run.ts";
import { withoutThisRun } from "../../support/fresh-clone.ts";
import { KubernetesApi } from "../../support/kubernetes-api.ts";
import { writeSmallImage } from "../../support/oci-layout.ts";
import { KUBERNETES_PROVIDER } from "../../support/plugin-folder.ts";
import { StandInNode } from "../../support/stand-in-node.ts";

const NODE_PORT = 30_500;

// One story: each step needs the ones before it. The API server and kubectl are real ones, but nothing runs containers here: there is
// no docker daemon, no minikube, no node. Programs of their names do what of it can be done, and `StandInNode` runs pods as processes.
describe("the example on Kubernetes", function () {
  this.timeout(600_000);
  let home: ClientHome;
  let api: KubernetesApi;
  let node: StandInNode;
  let example: ExampleRun;
  before(async () => {
    home = await ClientHome.make();
    api = await KubernetesApi.start({ controllers: true });
    node = await StandInNode.start(api, "moorage:local", NODE_PORT);
    const programs = await standInPrograms(home);
    const inherited = withoutThisRun(process.env)["PATH"];
    example = await ExampleRun.open("kubernetes", {
      PATH: [programs, inherited, KUBERNETES_PROVIDER].join(path.delimiter),
      KUBECONFIG: api.kubeconfig,
    });
  });
  after(async () => {
    await example?.close();
    await node?.[Symbol.asyncDispose]();
    await api?.[Symbol.asyncDispose]();
    await home?.remove();
  });

  const namespaces = async (): Promise<string> =>
    api.kubectl(["get", "namespace", "moorage", "--ignore-not-found"]);

  it("renders objects that are those in the repository", async () => {
    const file = path.join(example.folder, "examples", "kubernetes", "objects.yaml");
    const committed = await readFile(file, "utf8");
    await example.step("The objects");
    assert.equal(await readFile(file, "utf8"), committed);
  });

  it("deploys a server, makes a registry in it, pushes, and runs a pod from that", async () => {
    const printed = await example.story(
      "The image",
      "The server",
      "A port",
      "A registry and a token",
      "Push",
      "Run a pod",
    );
    assert.match(printed, /roll out complete: 1 new pods/);
    assert.match(printed, /\{"repositories":\["shop\/team\/hello"\]\}/);
    assert.match(printed, /pod\/hello condition met/);
  });

  it("takes everything away", async () => {
    await example.step("Away with it");
    assert.equal(await namespaces(), "");
  });

  it("deploys the same by Pulumi, with a registry and a pull secret that pods use", async () => {
    assert.match(await example.step("By Pulumi"), /kubernetes\.io\/dockerconfigjson/);
    const get = ["get", "serviceaccount", "default", "-o", "jsonpath={.imagePullSecrets}"];
    assert.equal(await api.kubectl(get), '[{"name":"moorage-pull"}]');
    const { registry } = await example.outputs();
    assert.equal(registry, `127.0.0.1:${NODE_PORT}/shop`);
  });

  it("leaves nothing behind", async () => {
    await example.step("Away with the stack");
    assert.equal(await namespaces(), "");
    assert.equal(await api.kubectl(["get", "secret", "-A"]), "");
    assert.deepEqual(example.left, []);
  });
});

/** A folder with `docker`, `minikube` and a `kubectl` that does not ask nodes. */
async function standInPrograms(home: ClientHome): Promise<string> {
  const folder = home.file("programs");
  await mkdir(folder);
  const kubectl = await findExecutable("kubectl", pathFolders(process.env));
  const image = await writeSmallImage(home.file("image"));
  const programs = {
    // The port leads to the server already, and what a pod prints is kept by its node.
    kubectl: `case "$1" in port-forward|logs) exit 0;; esac\nexec "${kubectl}" "$@"`,
    minikube: '[ "$*" = "image load moorage:local" ]',
    docker: `case "$1" in
  build) [ -f "$3" ];;
  tag) [ "$2" = moorage:local ];;
  login) exec skopeo login --tls-verify=false --username "$3" --password-stdin "$5";;
  push) exec skopeo copy --insecure-policy --dest-tls-verify=false "oci:${image.path}:latest" "docker://$2";;
  *) exit 1;;
esac`,
  };
  for (const [name, script] of Object.entries(programs)) {
    await writeFile(path.join(folder, name), `#!/bin/sh\n${script}\n`);
    await chmod(path.join(folder, name), 0o755);
  }
  return folder;
}
