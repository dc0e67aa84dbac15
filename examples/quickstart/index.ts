// The quickstart stack: a registry, a schedule for its garbage collection, a token for CI that expires and
// rotates, and a token that may only pull. `npm run up` at the repository's root deploys it.
import { GCSchedule, Registry, Token } from "@moorage/pulumi";

const registry = new Registry("quickstart", {
  location: "de/fra",
  // `npm run down` takes the registry away together with what was pushed. Leave this out where content matters.
  forceDestroy: true,
});

new GCSchedule("weekly", {
  registryId: registry.registryId,
  days: ["Sunday"],
  time: "03:30",
});

const ci = new Token("ci", {
  registryId: registry.registryId,
  description: "Pushes what CI builds",
  scopes: [{ type: "repository", name: "*", actions: ["pull", "push"] }],
  expiresIn: "90d",
  rotateBefore: "14d",
});

const pull = new Token("pull", {
  registryId: registry.registryId,
  description: "Pulls what is deployed",
  scopes: [{ type: "repository", name: "*", actions: ["pull"] }],
});

/** What stands before a repository's name in an image reference. */
export const endpoint = registry.endpoint;
export const registryId = registry.registryId;
export const ciUsername = ci.username;
export const ciPassword = ci.password;
export const ciExpiryDate = ci.expiryDate;
export const pullUsername = pull.username;
export const pullPassword = pull.password;
/** A shell command that logs docker in with the CI token. */
export const dockerLogin = ci.dockerLogin;
