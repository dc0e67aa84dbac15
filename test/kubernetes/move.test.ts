import assert from "node:assert/strict";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { findExecutable, pathFolders } from "../../tools/obtain/find-executable.ts";
import { REPOSITORY } from "../../tools/repository.ts";
import { ClientHome } from "../support/client-home.ts";
import { KubernetesApi } from "../support/kubernetes-api.ts";
import { type Credentials, manage, OWNER } from "../support/management.ts";
import { expectServed, type PushedContent, pushContent } from "../support/pushed-content.ts";
import { type RegistryUnderTest, startRegistry } from "../support/registry-under-test.ts";
import { RunningServer } from "../support/running-server.ts";
import { shellBlocks } from "../support/shell-blocks.ts";

const PAGE = "docs/how-to/move-to-kubernetes.md";
const OPTIONS = `registryServer:
  image: moorage:local
  host: registry.example.com
`;

// One story: each step needs the ones before it. The API server and kubectl are real ones; no node runs containers here, so a folder
// is the volume, and what the page runs in a pod runs beside it.
describe("the way to Kubernetes", function () {
  this.timeout(240_000);
  const blocks = shellBlocks(PAGE);
  let home: ClientHome;
  let api: KubernetesApi;
  let old: RegistryUnderTest;
  let moved: RunningServer | undefined;
  let content: PushedContent;
  before(async () => {
    api = await KubernetesApi.start({ controllers: true });
    old = await startRegistry();
    content = await pushContent(old.client, "app");
    home = await homeWithKubectl(api);
  });
  after(async () => {
    await moved?.stop();
    await old?.server.stop();
    await home?.remove();
    await api?.[Symbol.asyncDispose]();
  });

  const step = async (heading: string): Promise<string> => {
    const script = blocks.get(heading)?.join("\n");
    assert.ok(script, `${PAGE} has no commands below "${heading}"`);
    blocks.delete(heading);
    const here = script
      .replaceAll("/var/lib/moorage", old.server.dataDir)
      .replaceAll("$PWD", home.path)
      .replace("npm start", `npm start --prefix ${REPOSITORY}`);
    const setting = `PATH="$HOME/programs:$PATH"\n`;
    return await home.run("bash", "-euo", "pipefail", "-c", setting + here);
  };
  const inCluster = async (kind: string, name: string) =>
    JSON.parse(await api.kubectl(["get", kind, name, "-n", "moorage", "-o", "json"]));

  it("begins with a new server that has the old one's key", async () => {
    await step("The new server");
    const { data } = await inCluster("secret", "moorage-keys");
    assert.match(Buffer.from(data["master-key"], "base64").toString(), /^[A-Za-z0-9+/]{43}=\s*$/);
  });

  it("has a pod that a namespace with the standard `restricted` admits, on the volume that the server has", async () => {
    await step("Its volume");
    const { spec } = await inCluster("statefulset", "moorage");
    assert.equal(spec.replicas, 0);
    const [volume] = (await inCluster("pod", "mover")).spec.volumes;
    const claim = await inCluster("pvc", volume.persistentVolumeClaim.claimName);
    assert.equal(claim.metadata.labels["app.kubernetes.io/instance"], "moorage");
  });

  it("copies everything but the keys, onto whatever the new server has made there", async () => {
    await mkdir(home.file("data/moorage"), { recursive: true });
    await writeFile(home.file("data/moorage/metadata.sqlite"), "of the empty server");
    await old.server.kill("SIGTERM");
    await step("The data");
    const found = await home.run("ls", "data/moorage");
    assert.match(found, /^blobs$/m);
    assert.doesNotMatch(found, /master-key|admin-password/);
  });

  it("ends with a server that serves all that there was, to the people and tokens that there were", async () => {
    assert.match(await step("Start, and look"), /^problems: 0$/m);
    const { data: settings } = await inCluster("configmap", "moorage");
    const { data: keys } = await inCluster("secret", "moorage-keys");
    const text = (key: string) => Buffer.from(keys[key], "base64").toString();
    const { MOORAGE_LISTEN: _, MOORAGE_MASTER_KEY_FILE: __, ...others } = settings;
    delete others.MOORAGE_ADMIN_PASSWORD_FILE;
    moved = await RunningServer.start({
      ...others,
      MOORAGE_DATA_DIR: home.file("data/moorage"),
      MOORAGE_MASTER_KEY: text("master-key"),
      MOORAGE_ADMIN_PASSWORD: text("owner-password"),
    });
    await expectServed(old.client.with({ url: moved.url }), content);
    const statusFor = async (who: Credentials): Promise<number> => {
      const answer = await manage(moved?.url ?? "", "GET", "/registries", undefined, who);
      await answer.arrayBuffer();
      return answer.status;
    };
    assert.equal(await statusFor(OWNER), 200);
    const email = settings.MOORAGE_ADMIN_EMAIL;
    assert.equal(await statusFor({ username: email, password: text("owner-password") }), 401);
  });

  it("leaves objects that can be applied again, and no command of the page untried", async () => {
    await api.kubectl(["apply", "--server-side", "-f", home.file("objects.yaml")]);
    assert.equal((await inCluster("statefulset", "moorage")).spec.replicas, 1);
    assert.deepEqual([...blocks.keys()], []);
  });
});

/** A home with a `kubectl` that does without nodes: nothing gets ready, and what runs in a pod runs on the folder `data`. */
async function homeWithKubectl(api: KubernetesApi): Promise<ClientHome> {
  const kubectl = await findExecutable("kubectl", pathFolders(process.env));
  const home = await ClientHome.make({ KUBECONFIG: api.kubeconfig });
  const programs = home.file("programs");
  await mkdir(programs);
  await mkdir(home.file("data"));
  await writeFile(home.file("options.yaml"), OPTIONS);
  const main = path.join(REPOSITORY, "provider/server/src/main.ts");
  const script = `#!/bin/sh
case "$*" in
  "rollout status "*|*"--for=condition=Ready "*) exit 0;;
  "exec --namespace moorage moorage-0 -- /usr/local/bin/node /app/main.js "*)
    shift 7
    MOORAGE_MASTER_KEY=$("${kubectl}" get secret moorage-keys -n moorage -o 'jsonpath={.data.master-key}' | base64 -d)
    export MOORAGE_MASTER_KEY
    exec "${process.execPath}" --conditions=@moorage/source "${main}" "$@" --data-dir "$HOME/data/moorage";;
  "exec --namespace moorage "*)
    while [ "$1" != -- ]; do shift; done
    shift
    exec sh -c "$(printf '%s ' "$@" | sed "s|/data/|$HOME/data/|g")";;
esac
exec "${kubectl}" "$@"
`;
  await writeFile(path.join(programs, "kubectl"), script);
  await chmod(path.join(programs, "kubectl"), 0o755);
  return home;
}
