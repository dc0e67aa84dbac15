import { z } from "zod";
import { requestObject } from "../contract/request-object.ts";
import { parseOptions } from "./deployment-error.ts";
import { dockerConfigJson, mergeDockerConfigs } from "./docker-config.ts";
import type { KubernetesObject } from "./kubernetes-object.ts";
import { pullSecretObjects, pullSecretOptions } from "./pull-secret.ts";
import { registryServerObjects, serverKeys } from "./registry-server.ts";
import { registryServerOptions } from "./server-options.ts";

const login = requestObject("credentials", {
  registry: z.string("must be what stands before a repository's name").min(1),
  username: z.string("must be a user name").min(1),
  password: z.string("must be a password").min(1),
});
const config = requestObject("credentials", {
  dockerConfigJson: z.string("must be the content of a config.json"),
});
const credentials = z.union(
  [login, config],
  "must have either registry, username and password, or dockerConfigJson",
);

const file = requestObject("the file", {
  registryServer: registryServerOptions.in.optional(),
  keys: serverKeys.optional(),
  pullSecrets: z
    .array(
      requestObject("a pull secret", {
        ...pullSecretOptions.shape,
        credentials: z.array(credentials, "must be a list of credentials"),
      }),
    )
    .default([]),
}).refine(
  ({ pullSecrets, registryServer }) => registryServer !== undefined || pullSecrets.length > 0,
  "must have registryServer, pullSecrets, or both",
);

/**
 * What a file of options stands for.
 * @throws DeploymentError
 */
export function objectsOfFile(content: unknown): KubernetesObject[] {
  const { keys, pullSecrets, registryServer } = parseOptions("the file", file, content);
  const server = registryServer === undefined ? [] : registryServerObjects(registryServer, keys);
  const secrets = pullSecrets.flatMap(({ credentials: given, ...options }) => {
    const configs = given.map((each) =>
      "registry" in each ? dockerConfigJson([each]) : each.dockerConfigJson,
    );
    return pullSecretObjects(options, mergeDockerConfigs(configs));
  });
  return [...server, ...secrets];
}
