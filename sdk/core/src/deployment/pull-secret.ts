import { z } from "zod";
import { requestObject } from "../contract/request-object.ts";
import { parseOptions } from "./deployment-error.ts";
import type { KubernetesObject } from "./kubernetes-object.ts";
import { objectName, texts } from "./option-types.ts";

/** Every option of a pull secret, described. */
export const pullSecretFields = {
  name: objectName
    .default("moorage-pull")
    .describe("The Secret's name in each namespace; `moorage-pull` by default."),
  namespaces: z
    .array(objectName, "must be a list of namespaces")
    .min(1, "must name at least one namespace")
    .refine((names) => new Set(names).size === names.length, "must name each namespace once")
    .describe("The namespaces that get a Secret each."),
  serviceAccounts: z
    .array(objectName, "must be a list of service accounts")
    .refine((names) => new Set(names).size === names.length, "must name each account once")
    .default([])
    .describe(
      "Service accounts of these namespaces whose pods use the Secret. Replaces the account's list `imagePullSecrets`, and nothing else of it.",
    ),
  labels: texts.default({}).describe("Labels of the Secrets."),
};

/** Where a pull secret stands and who uses it. */
export const pullSecretOptions = requestObject("a pull secret", pullSecretFields);
/** What a pull secret is made from. */
export type PullSecretOptions = z.input<typeof pullSecretOptions>;

/**
 * A Secret of type `kubernetes.io/dockerconfigjson` for each namespace, and for each service account the one field that makes its
 * pods use it. The latter objects are no whole service accounts: apply them on the server's side, where the rest stays as it is.
 * @param dockerConfigJson the Secret's content, or what stands for it until it is known
 * @throws DeploymentError
 */
export function pullSecretObjects(
  options: PullSecretOptions,
  dockerConfigJson: unknown,
): KubernetesObject[] {
  const { name, namespaces, serviceAccounts, labels } = parseOptions(
    "pullSecret",
    pullSecretOptions,
    options,
  );
  return namespaces.flatMap((namespace) => [
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: {
        name,
        namespace,
        labels: { "app.kubernetes.io/managed-by": "moorage", ...labels },
      },
      type: "kubernetes.io/dockerconfigjson",
      stringData: { ".dockerconfigjson": dockerConfigJson },
    },
    ...serviceAccounts.map((account) => ({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: account, namespace },
      imagePullSecrets: [{ name }],
    })),
  ]);
}
