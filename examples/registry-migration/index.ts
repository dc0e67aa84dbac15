// A registry that takes over from another one: a token for the move, which ends by itself, and one for those who pull.
import { Registry, Token } from "@moorage/pulumi";

const registry = new Registry("moved", {
  location: "de/fra",
  // The registry goes with the stack, content and all. Leave this out where content matters.
  forceDestroy: true,
});

const mover = new Token("mover", {
  registryId: registry.registryId,
  description: "Copies the content of the old registry",
  scopes: [{ type: "repository", name: "*", actions: ["pull", "push"] }],
  expiresIn: "2d",
});

const pull = new Token("pull", {
  registryId: registry.registryId,
  description: "Pulls what was moved",
  scopes: [{ type: "repository", name: "*", actions: ["pull"] }],
});

export const endpoint = registry.endpoint;
export const moverUsername = mover.username;
export const moverPassword = mover.password;
export const pullSecret = pull.dockerConfigJson;
