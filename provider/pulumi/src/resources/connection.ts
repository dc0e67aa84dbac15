import { randomBytes } from "node:crypto";
import { type Client, createClient } from "@moorage/core/client/client";
import { systemClock } from "./clock.ts";
import type { Context } from "./resource.ts";
import type { Settings } from "./settings.ts";

const clients = new Map<string, Client>();

/** What resources work with; one client for all of a run, so that they share its connections. */
export function contextFor(settings: Settings): Context {
  const key = JSON.stringify(settings);
  const client = clients.get(key) ?? createClient({ ...settings, userAgent: "moorage-pulumi" });
  clients.set(key, client);
  return { client, clock: systemClock, suffix: () => randomBytes(4).toString("hex").slice(1) };
}
