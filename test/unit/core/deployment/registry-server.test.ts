import assert from "node:assert/strict";
import type { KubernetesObject } from "@moorage/core/deployment/kubernetes-object";
import { registryServerObjects, serverKeys } from "@moorage/core/deployment/registry-server";
import { readConfig } from "../../../../provider/server/src/config.ts";
import { EMBEDDED, EXTERNAL, KEYS, SMALL } from "../../../support/deployed-options.ts";

const find = (objects: readonly KubernetesObject[], kind: string): KubernetesObject => {
  const found = objects.find((object) => object.kind === kind);
  assert.ok(found, `there is no ${kind}`);
  return found;
};

describe("a registry server's objects", () => {
  it("are one pod with a volume for embedded storage, several pods without one for external storage", () => {
    const embedded = registryServerObjects(EMBEDDED);
    const { replicas, volumeClaimTemplates } = find(embedded, "StatefulSet")["spec"] as {
      replicas: number;
      volumeClaimTemplates: { spec: unknown }[];
    };
    assert.equal(replicas, 1);
    assert.deepEqual(volumeClaimTemplates[0]?.spec, {
      accessModes: ["ReadWriteOnce"],
      storageClassName: "fast",
      resources: { requests: { storage: "20Gi" } },
    });
    const external = registryServerObjects(EXTERNAL);
    assert.equal((find(external, "Deployment")["spec"] as { replicas: number }).replicas, 3);
    assert.ok(!external.some(({ kind }) => kind === "StatefulSet"));
  });

  it("give the server an environment that it accepts", () => {
    const objects = registryServerObjects(EMBEDDED);
    const written = find(objects, "ConfigMap")["data"] as Record<string, string>;
    const { MOORAGE_MASTER_KEY_FILE, MOORAGE_ADMIN_PASSWORD_FILE, ...settings } = written;
    assert.equal(MOORAGE_MASTER_KEY_FILE, "/etc/moorage/keys/master-key");
    assert.equal(MOORAGE_ADMIN_PASSWORD_FILE, "/etc/moorage/keys/owner-password");
    const config = readConfig({ ...settings, MOORAGE_MASTER_KEY: KEYS.masterKey });
    assert.equal(config.domain, "registry.example.com");
    assert.equal(config.logLevel, "warn");
  });

  it("make other pods of other settings, which are read at the start", () => {
    const note = (level: string) => {
      const objects = registryServerObjects({ ...SMALL, settings: { MOORAGE_LOG_LEVEL: level } });
      const { template } = find(objects, "StatefulSet")["spec"] as {
        template: { metadata: { annotations: Record<string, string> } };
      };
      return template.metadata.annotations["moorage/settings"];
    };
    assert.equal(note("warn"), note("warn"));
    assert.notEqual(note("warn"), note("info"));
  });

  it("hold keys in a Secret and nowhere else, and no Secret without keys", () => {
    const objects = registryServerObjects(EMBEDDED, KEYS);
    const others = objects.filter(({ kind }) => kind !== "Secret");
    assert.equal(others.length, objects.length - 1);
    for (const key of Object.values(KEYS)) assert.ok(!JSON.stringify(others).includes(key));
    assert.deepEqual(registryServerObjects(EMBEDDED), others);
  });

  it("let nobody in who is not named, and the server out to nothing but DNS and what is named", () => {
    const spec = find(registryServerObjects(EXTERNAL), "NetworkPolicy")["spec"];
    const { egress, ingress } = spec as { egress: { to: unknown }[]; ingress: unknown };
    assert.equal(ingress, undefined);
    assert.deepEqual(
      egress.map(({ to }) => to),
      [[{ namespaceSelector: {} }], [{ podSelector: { matchLabels: { app: "postgres" } } }]],
    );
  });

  it("let only those who scrape reach the metrics, and never from outside", () => {
    const objects = registryServerObjects({ ...EMBEDDED, service: { type: "LoadBalancer" } });
    const ports = objects
      .filter(({ kind }) => kind === "Service")
      .map(({ spec }) => spec as { type: string; ports: { name: string }[] })
      .map(({ type, ports: [port] }) => [type, port?.name]);
    assert.deepEqual(ports, [
      ["LoadBalancer", "http"],
      ["ClusterIP", "metrics"],
    ]);
    const { ingress } = find(objects, "NetworkPolicy")["spec"] as { ingress: { ports: unknown }[] };
    assert.deepEqual(
      ingress.map(({ ports: rulePorts }) => rulePorts),
      [[{ port: 5000, protocol: "TCP" }], [{ port: 9464, protocol: "TCP" }]],
    );
  });

  it("route the API's host, and the host of each registry or all that there may ever be", () => {
    const hosts = (objects: readonly KubernetesObject[]) =>
      objects
        .filter(({ kind }) => kind === "HTTPRoute")
        .flatMap(({ spec }) => (spec as { hostnames: string[] }).hostnames);
    const all = registryServerObjects(EMBEDDED);
    assert.deepEqual(hosts(all), [
      "registry.example.com",
      "*.cr.de-fra.registry.example.com",
      "*.cr.es-vit.registry.example.com",
    ]);
    const { listeners } = find(all, "Gateway")["spec"] as { listeners: { hostname: string }[] };
    assert.deepEqual(
      listeners.map(({ hostname }) => hostname),
      hosts(all),
    );
    const one = registryServerObjects(EXTERNAL);
    assert.deepEqual(hosts(one), ["registry.example.com", "shop.cr.de-fra.registry.example.com"]);
    assert.ok(!one.some(({ kind }) => kind === "Gateway"), "the gateway is there already");
  });

  it("have certificates by cert-manager, one for each host, or a given one for all", () => {
    const gatewayOf = (certificate: object) => {
      const gateway = { className: "public", registryHosts: "*", ...certificate } as const;
      const { metadata, spec } = find(registryServerObjects({ ...EMBEDDED, gateway }), "Gateway");
      const { listeners } = spec as { listeners: { tls: { certificateRefs: object[] } }[] };
      const secrets = listeners.map(({ tls }) => tls.certificateRefs.map((ref) => ({ ...ref })));
      return { annotations: metadata.annotations, secrets: secrets.flat() };
    };
    const { annotations, secrets } = gatewayOf({ clusterIssuer: "letsencrypt" });
    assert.deepEqual(annotations, { "cert-manager.io/cluster-issuer": "letsencrypt" });
    assert.equal(new Set(secrets.map((secret) => JSON.stringify(secret))).size, 3);
    assert.deepEqual(gatewayOf({ issuer: "ours" }).annotations, {
      "cert-manager.io/issuer": "ours",
    });
    const given = gatewayOf({ tlsSecretName: "wildcard" });
    assert.equal(given.annotations, undefined);
    const wildcard = { kind: "Secret", name: "wildcard" };
    assert.deepEqual(given.secrets, [wildcard, wildcard, wildcard]);
  });

  const refusals: readonly [what: string, options: object, sentence: string][] = [
    [
      "no image",
      { image: undefined },
      "registryServer.image: must be the reference of the server's image",
    ],
    [
      "an unknown option",
      { imgae: "a" },
      'registryServer: a registry server has the unknown field "imgae"',
    ],
    [
      "a wrong host",
      { host: "https://a" },
      "registryServer.host: must be a host name in lower case, such as registry.example.com",
    ],
    [
      "a setting that another option decides",
      { settings: { MOORAGE_DOMAIN: "a" } },
      "registryServer.settings.MOORAGE_DOMAIN: use domain",
    ],
    [
      "a setting that is none",
      { settings: { PATH: "a" } },
      "registryServer.settings.PATH: must be a setting of the server, MOORAGE_… or OTEL_…",
    ],
    [
      "a gateway without certificates",
      { gateway: { className: "a" } },
      "registryServer.gateway: must have one of tlsSecretName, issuer and clusterIssuer",
    ],
    [
      "a gateway without class and parent",
      { gateway: {} },
      "registryServer.gateway: must have either className, for a new Gateway, or parent",
    ],
    [
      "hosts without a gateway",
      { addressing: "host" },
      "registryServer.addressing: needs a gateway: registries' hosts must lead to the server",
    ],
    [
      "a peer that is nobody",
      { network: { from: [{}] } },
      "registryServer.network.from.0: must have either cidr or namespaceLabels and podLabels",
    ],
    [
      "an amount without a unit that exists",
      { storage: { type: "embedded", size: "10 GB" } },
      "registryServer.storage.size: must be an amount, such as 10Gi or 500m",
    ],
  ];
  for (const [what, options, sentence] of refusals) {
    it(`are refused for ${what}, with a sentence that says what would be right`, () => {
      assert.throws(
        () => registryServerObjects({ ...SMALL, ...options }),
        (error: Error) =>
          error.name === "DeploymentError" &&
          error.message.split("\n").some((line) => line.startsWith(sentence)),
      );
    });
  }

  it("are refused keys that the server would refuse", () => {
    assert.ok(serverKeys.safeParse(KEYS).success);
    assert.ok(!serverKeys.safeParse({ ...KEYS, masterKey: "short" }).success);
    assert.ok(!serverKeys.safeParse({ ...KEYS, ownerPassword: "short" }).success);
  });
});
