export const VERSION = "4.34.2";

const ANY = { $ref: "pulumi.json#/Any" };
const FIELDS = ["apiVersion", "kind", "metadata", "spec", "data", "stringData", "type"];
/** What programs in YAML may name; the SDKs of other languages ask nobody. */
const TYPES = [
  "core/v1:ConfigMap",
  "core/v1:Namespace",
  "core/v1:Secret",
  "core/v1:Service",
  "core/v1:ServiceAccount",
  "core/v1:ServiceAccountPatch",
];
const SETTINGS = {
  kubeconfig: { type: "string" },
  context: { type: "string" },
  cluster: { type: "string" },
  namespace: { type: "string" },
  enableSecretMutable: { type: "boolean" },
  enableConfigMapMutable: { type: "boolean" },
};

/** As much of the package's schema as the tests' programs need. */
export const KUBERNETES_SCHEMA = {
  name: "kubernetes",
  version: VERSION,
  config: { variables: SETTINGS },
  provider: { inputProperties: SETTINGS },
  resources: Object.fromEntries(TYPES.map((type) => [`kubernetes:${type}`, resourceOf(type)])),
};

function resourceOf(type: string): object {
  const [group = "", kind = ""] = type.replace(/^core\//, "").split(":");
  const fields: Record<string, object> = Object.fromEntries(FIELDS.map((name) => [name, ANY]));
  return {
    inputProperties: {
      ...fields,
      apiVersion: { type: "string", const: group },
      kind: { type: "string", const: kind.replace(/Patch$/, "") },
    },
    properties: fields,
  };
}
