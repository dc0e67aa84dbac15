// A token that lives for three hours and is replaced in the second half of its life: a pipeline that runs this program
// every hour rotates it in time, and may miss a run.
import { Registry, Token } from "@moorage/pulumi";

const registry = new Registry("apps", {
  location: "de/fra",
  // The registry goes with the stack, content and all. Leave this out where content matters.
  forceDestroy: true,
});

const cluster = new Token("cluster", {
  registryId: registry.registryId,
  description: "Pulls what the cluster runs",
  scopes: [{ type: "repository", name: "*", actions: ["pull"] }],
  expiresIn: "3h",
  rotateBefore: "90m",
});

export const endpoint = registry.endpoint;
export const expiryDate = cluster.expiryDate;
/** Content of the cluster's pull secret. A stack that manages the cluster would declare the secret instead. */
export const pullSecret = cluster.dockerConfigJson;
