// What one run of CI needs: a token that ends with its first push, made by the run itself.
import { Registry, Token } from "@moorage/pulumi";

const registry = new Registry("builds", {
  location: "de/fra",
  // The registry goes with the stack, content and all. Leave this out where content matters.
  forceDestroy: true,
});

// Any value that is another one in every run: CI systems number theirs.
const run = process.env["CI_RUN_ID"] ?? "by hand";

const push = new Token("push", {
  registryId: registry.registryId,
  description: `Pushes what run ${run} builds, once`,
  scopes: [{ type: "repository", name: "app", actions: ["pull", "push"] }],
  oneTime: true,
  // For runs that never get as far as their push.
  expiresIn: "1h",
  triggers: [run],
});

export const endpoint = registry.endpoint;
export const username = push.username;
export const password = push.password;
