import assert from "node:assert/strict";
import { dockerConfigJson } from "@moorage/core/deployment/docker-config";
import * as k8s from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { type Declared, runMocked } from "../../../support/pulumi-mocks.ts";

const configOf = (registry: string) =>
  dockerConfigJson([{ registry, username: "puller", password: "secret" }]);
const OUTPUTS = {
  "pulumi-nodejs:dynamic/moorage:Token": (name: string) => ({
    dockerConfigJson: configOf(`registry.example.com/${name}`),
  }),
  "pulumi-nodejs:dynamic/moorage:Registry": (name: string) => ({
    hostname: `${name}.cr.de-fra.example.com`,
    endpoint: `registry.example.com/${name}`,
  }),
};
const SECRET = "kubernetes:core/v1:Secret";
const PATCH = "kubernetes:core/v1:ServiceAccountPatch";
const of = (resources: readonly Declared[], type: string) =>
  resources.filter((resource) => resource.type === type);
const registriesIn = ({ inputs }: Declared) => {
  const { ".dockerconfigjson": json = "{}" } = inputs["stringData"] as Record<string, string>;
  return Object.keys(JSON.parse(json).auths);
};

describe("the component PullSecret", () => {
  it("merges the credentials of several registries into one Secret in each namespace", async () => {
    const { resources } = await runMocked(({ PullSecret, Token }) => {
      const token = new Token("shop", { registryId: "1" });
      const other = { registry: "other.example", username: "a", password: pulumi.secret("b") };
      return new PullSecret("pull", { namespaces: ["one", "two"], credentials: [token, other] });
    }, OUTPUTS);
    const secrets = of(resources, SECRET);
    assert.deepEqual(
      secrets
        .map(({ inputs }) => inputs["metadata"])
        .map((metadata) => (metadata as { namespace: string }).namespace),
      ["one", "two"],
    );
    for (const secret of secrets) {
      assert.deepEqual(registriesIn(secret), ["registry.example.com/shop", "other.example"]);
    }
  });

  it("makes a token of its own that may pull and is replaced in time, where none is given", async () => {
    const { resources } = await runMocked(
      ({ PullSecret }) => new PullSecret("pull", { namespaces: ["one"], registryIds: ["1"] }),
      OUTPUTS,
    );
    const [token] = of(resources, "pulumi-nodejs:dynamic/moorage:Token");
    const { expiresIn, rotateBefore, scopes } = token?.inputs ?? {};
    assert.deepEqual(scopes, [{ type: "repository", name: "*", actions: ["pull"] }]);
    assert.deepEqual([expiresIn, rotateBefore], ["90d", "30d"]);
  });

  it("asks for Secrets that change in place, of a provider of its own", async () => {
    const { resources } = await runMocked(
      ({ PullSecret }) =>
        new PullSecret("pull", {
          namespaces: ["one"],
          credentials: [{ dockerConfigJson: configOf("a") }],
        }),
    );
    const [provider] = of(resources, "pulumi:providers:kubernetes");
    assert.equal(String(provider?.inputs["enableSecretMutable"]), "true");
    assert.match(of(resources, SECRET)[0]?.provider ?? "", /pull-kubernetes/);
  });

  it("uses the provider that it is given", async () => {
    const { resources } = await runMocked(({ PullSecret }) => {
      const provider = new k8s.Provider("mine", { enableSecretMutable: true });
      const credentials = [{ dockerConfigJson: configOf("a") }];
      return new PullSecret(
        "pull",
        { namespaces: ["one"], credentials },
        { providers: [provider] },
      );
    });
    assert.deepEqual(
      of(resources, "pulumi:providers:kubernetes").map(({ name }) => name),
      ["mine"],
    );
    assert.match(of(resources, SECRET)[0]?.provider ?? "", /::mine::/);
  });

  it("changes one field of service accounts, and nothing else of them", async () => {
    const { resources } = await runMocked(({ PullSecret }) => {
      const credentials = [{ dockerConfigJson: configOf("a") }];
      return new PullSecret("pull", {
        namespaces: ["one"],
        serviceAccounts: ["default"],
        credentials,
      });
    });
    assert.deepEqual(
      of(resources, PATCH).map(({ inputs }) => inputs),
      [
        {
          apiVersion: "v1",
          kind: "ServiceAccount",
          metadata: { name: "default", namespace: "one" },
          imagePullSecrets: [{ name: "moorage-pull" }],
        },
      ],
    );
  });
});

describe("the component HostedRegistry", () => {
  it("declares a registry whose content goes with it, a schedule, a token, pull secrets and a route", async () => {
    const route = { name: "shop", namespace: "moorage", parent: { name: "public" } };
    const { resources } = await runMocked(
      ({ HostedRegistry }) =>
        new HostedRegistry("shop", {
          registry: { location: "de/fra" },
          pullSecret: { namespaces: ["shop"], serviceAccounts: ["default"] },
          route,
        }),
      OUTPUTS,
    );
    const types = resources.map(({ type }) => type.split(":").at(-1)).sort();
    assert.deepEqual(types, [
      ...["GCSchedule", "HTTPRoute", "HostedRegistry", "PullSecret", "Registry", "Secret"],
      ...["ServiceAccountPatch", "Stack", "Token", "kubernetes"],
    ]);
    const [registry] = of(resources, "pulumi-nodejs:dynamic/moorage:Registry");
    assert.equal(registry?.inputs["forceDestroy"], true);
    const declared = resources.find(({ type }) => type.endsWith(":HTTPRoute"));
    const spec = declared?.inputs["spec"] as { hostnames: string[] } | undefined;
    assert.deepEqual(spec?.hostnames, ["shop.cr.de-fra.example.com"]);
  });
});
