// A registry from which anyone may pull, without an account, and the token of the job that fills it.
import { GCSchedule, Registry, Token } from "@moorage/pulumi";

const registry = new Registry("mirror", {
  location: "de/fra",
  visibility: "public",
  // The registry goes with the stack, content and all: all of it can be had again.
  forceDestroy: true,
});

// Tags like `stable` move with every run, and what they pointed at before becomes garbage.
new GCSchedule("nightly", {
  registryId: registry.registryId,
  days: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
  time: "03:30",
});

const filler = new Token("filler", {
  registryId: registry.registryId,
  description: "Copies the images of images.yaml",
  scopes: [{ type: "repository", name: "*", actions: ["pull", "push"] }],
  expiresIn: "30d",
  rotateBefore: "7d",
});

export const endpoint = registry.endpoint;
export const fillerUsername = filler.username;
export const fillerPassword = filler.password;
