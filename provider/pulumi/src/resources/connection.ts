import { randomBytes } from "node:crypto";
import { type Client, createClient } from "@moorage/core/client/client";
import { systemClock } from "./clock.ts";
import type { Context } from "./resource.ts";
import type { Settings } from "./settings.ts";

const clients = new Map<string, Client>();

/** How long one operation may take. */
export interface OperationLimits {
  /** Aborts the operation's calls. */
  readonly signal?: AbortSignal | undefined;
  readonly readyMilliseconds?: number | undefined;
}

/** What resources work with; one client for all of a run, so that they share its connections. Settings are asked for with it: what needs no server needs none. */
export function contextFor(settings: () => Settings, limits: OperationLimits = {}): Context {
  return {
    ...surroundings(limits),
    get client() {
      return clientFor(settings(), limits);
    },
  };
}

function surroundings({ readyMilliseconds }: OperationLimits): Omit<Context, "client"> {
  return {
    clock: systemClock,
    suffix: () => randomBytes(4).toString("hex").slice(1),
    readyMilliseconds,
  };
}

function clientFor(settings: Settings, { signal }: OperationLimits): Client {
  const key = JSON.stringify(settings);
  const client = clients.get(key) ?? createClient({ ...settings, userAgent: "moorage-pulumi" });
  clients.set(key, client);
  return signal === undefined ? client : client.under(signal);
}
