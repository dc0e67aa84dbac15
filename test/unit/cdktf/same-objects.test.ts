import assert from "node:assert/strict";
import { PullSecret, RegistryServer } from "@moorage/cdktf";
import type { KubernetesObject } from "@moorage/core/deployment/kubernetes-object";
import { Testing } from "cdktf";
import { EMBEDDED, EXTERNAL, KEYS, SMALL } from "../../support/deployed-options.ts";
import { runMocked } from "../../support/pulumi-mocks.ts";
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
});

function sorted(objects: readonly KubernetesObject[]): KubernetesObject[] {
  const key = ({ kind, metadata }: KubernetesObject) =>
    `${kind} ${metadata.namespace}/${metadata.name}`;
  return objects.toSorted((one, other) => key(one).localeCompare(key(other)));
}
