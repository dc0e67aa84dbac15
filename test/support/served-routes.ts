import { OPERATIONS } from "@moorage/core/contract/openapi/document";
import type { Context } from "../../provider/server/src/app/context.ts";
import { createServer } from "../../provider/server/src/http/server.ts";

/** The management API stands below this prefix and at the root. */
export const MANAGEMENT_PREFIX = "/containerregistries";

/** `<method> <path>` of all routes that a server with these parts knows, sorted; HEAD where GET is goes without saying. */
export async function servedRoutes(context: Context): Promise<readonly string[]> {
  const found = new Set<string>();
  const app = createServer(context);
  app.addHook("onRoute", ({ method, url }) => {
    for (const each of [method].flat()) {
      found.add(`${each} ${url}`);
    }
  });
  await app.ready();
  await app.close();
  return [...found]
    .filter((route) => !found.has(route.replace(/^HEAD /, "GET ")) || !route.startsWith("HEAD "))
    .sort();
}

/** Those of the management API, without its prefix, that need somebody's credentials. */
export async function managementRoutes(context: Context): Promise<readonly string[]> {
  return (await servedRoutes(context))
    .filter((route) => route.includes(` ${MANAGEMENT_PREFIX}/`))
    .map((route) => route.replace(MANAGEMENT_PREFIX, ""))
    .filter((route) => !OPERATIONS[asDocumented(route)]?.isOpen);
}

/** Parameters as `{name}`. */
export function asDocumented(route: string): string {
  return route.replace(/:([A-Za-z]+)/g, "{$1}").replace("/*", "/{name}");
}
