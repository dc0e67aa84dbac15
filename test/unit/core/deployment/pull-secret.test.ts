import assert from "node:assert/strict";
import { dockerConfigJson, mergeDockerConfigs } from "@moorage/core/deployment/docker-config";
import { pullSecretObjects } from "@moorage/core/deployment/pull-secret";

const login = (registry: string, username = "ci") => ({ registry, username, password: "secret" });
const registriesOf = (json: string) => Object.keys(JSON.parse(json).auths);

describe("a pull secret", () => {
  it("holds the credentials of several registries", () => {
    const json = dockerConfigJson([login("a.example"), login("b.example/shop", "other")]);
    assert.deepEqual(JSON.parse(json).auths["b.example/shop"], {
      username: "other",
      password: "secret",
      auth: Buffer.from("other:secret").toString("base64"),
    });
    assert.deepEqual(registriesOf(json), ["a.example", "b.example/shop"]);
  });

  it("leaves the entries of a host out that contradict each other where each registry has its own", () => {
    const of = (registry: string, username: string) =>
      dockerConfigJson([login("a.example", username), login(`a.example/${registry}`, username)]);
    const merged = mergeDockerConfigs([of("one", "1"), of("two", "2")]);
    assert.deepEqual(registriesOf(merged), ["a.example/one", "a.example/two"]);
    assert.deepEqual(registriesOf(mergeDockerConfigs([of("one", "1")])), [
      "a.example",
      "a.example/one",
    ]);
  });

  it("is refused two credentials for one registry, none, and what is no config.json, without showing it", () => {
    const refused = (configs: string[], message: RegExp) =>
      assert.throws(() => mergeDockerConfigs(configs), { name: "DeploymentError", message });
    const one = dockerConfigJson([login("a.example", "1")]);
    refused([one, dockerConfigJson([login("a.example", "2")])], /several for a\.example/);
    refused([], /at least one/);
    refused(['{"auths": "hunter2"}'], /^(?!.*hunter2).*must be JSON of the form/);
    refused(["hunter2"], /^(?!.*hunter2).*must be JSON of the form/);
  });

  it("stands in each namespace, and each service account names it", () => {
    const objects = pullSecretObjects(
      { namespaces: ["a", "b"], serviceAccounts: ["default"] },
      "{}",
    );
    assert.deepEqual(
      objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`),
      [
        "Secret a/moorage-pull",
        "ServiceAccount a/default",
        "Secret b/moorage-pull",
        "ServiceAccount b/default",
      ],
    );
    assert.deepEqual(objects[1]?.["imagePullSecrets"], [{ name: "moorage-pull" }]);
  });

  it("is refused without a namespace", () => {
    assert.throws(() => pullSecretObjects({ namespaces: [] }, "{}"), {
      message: "pullSecret.namespaces: must name at least one namespace",
    });
  });
});
