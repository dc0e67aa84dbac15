import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { PullSecret, RegistryServer } from "@moorage/cdktf";
import type { KubernetesObject } from "@moorage/core/deployment/kubernetes-object";
import { Testing } from "cdktf";
import { run } from "../../../tools/obtain/run.ts";
import { REPOSITORY } from "../../../tools/repository.ts";
import { EMBEDDED, EXTERNAL, KEYS, SMALL } from "../../support/deployed-options.ts";
import { runMocked } from "../../support/pulumi-mocks.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { objectsOfTerraform } from "../../support/terraform-objects.ts";

describe("CDKTF and Pulumi", function () {
  this.timeout(60_000);

  for (const [name, options] of Object.entries({ SMALL, EMBEDDED, EXTERNAL })) {
    it(`make the same objects of the same server: ${name}`, async () => {
      const synthesised = Testing.synthScope((stack) => {
        new RegistryServer(stack, "server", { ...options, keys: KEYS });
      });
      const { resources } = await runMocked(
        ({ RegistryServer: Component }) => new Component("server", { ...options, ...KEYS }),
      );
      const declared = resources
        .filter(({ type }) => type.startsWith("kubernetes:"))
        .map(({ inputs }) => inputs as unknown as KubernetesObject);
      assert.deepEqual(sorted(objectsOfTerraform(synthesised)), sorted(declared));
    });
  }

  it("make the same pull secrets", async () => {
    const options = { namespaces: ["one", "two"], serviceAccounts: ["default", "app"] };
    const dockerConfigJson = '{"auths":{"a.example":{"auth":"YTpi"}}}';
    const synthesised = Testing.synthScope((stack) => {
      new PullSecret(stack, "pull", { ...options, dockerConfigJson });
    });
    const { resources } = await runMocked(
      ({ PullSecret: Component }) =>
        new Component("pull", { ...options, credentials: [{ dockerConfigJson }] }),
    );
    const declared = resources
      .filter(({ type }) => type.startsWith("kubernetes:"))
      .map(({ inputs }) => inputs as unknown as KubernetesObject);
    assert.deepEqual(sorted(objectsOfTerraform(synthesised)), sorted(declared));
  });

  it("has an example that is synthesised by plain Node, as its cdktf.json says", async () => {
    const folder = path.join(REPOSITORY, "examples", "cdktf");
    const { app } = JSON.parse(await readFile(path.join(folder, "cdktf.json"), "utf8"));
    const [program = "", ...args] = String(app).split(" ");
    assert.equal(program, "node");
    const output = await temporaryDirectory();
    try {
      const environment = { ...process.env, CDKTF_OUTDIR: output.path };
      const { code, errors } = await run(process.execPath, args, { folder, environment });
      assert.equal(code, 0, errors);
      const file = path.join(output.path, "stacks", "moorage", "cdk.tf.json");
      const objects = objectsOfTerraform(await readFile(file, "utf8"));
      assert.ok(objects.some(({ kind }) => kind === "StatefulSet"));
      const secret = objects.find(({ kind }) => kind === "Secret");
      assert.deepEqual(secret?.["stringData"], {
        ".dockerconfigjson": ["$", "{var.docker_config_json}"].join(""),
      });
    } finally {
      await output.remove();
    }
  });
});

function sorted(objects: readonly KubernetesObject[]): KubernetesObject[] {
  const key = ({ kind, metadata }: KubernetesObject) =>
    `${kind} ${metadata.namespace}/${metadata.name}`;
  return objects.toSorted((one, other) => key(one).localeCompare(key(other)));
}
