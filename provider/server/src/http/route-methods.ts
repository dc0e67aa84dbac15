import type { FastifyInstance } from "fastify";

/** The methods that a path takes; none where there is nothing. */
export type MethodsAt = (path: string) => readonly string[];

/**
 * Collects the methods of every route that is declared from now on, so that a method that a path does not take can be told apart
 * from a path that does not exist (RFC 9110, section 15.5.6).
 */
export function collectRouteMethods(app: FastifyInstance): MethodsAt {
  const routes = new Map<string, { readonly form: RegExp; readonly methods: Set<string> }>();
  app.addHook("onRoute", ({ method, url }) => {
    // Preflights of every path, there or not.
    if (url === "*") {
      return;
    }
    const route = routes.get(url) ?? { form: formOf(url), methods: new Set() };
    for (const each of [method].flat()) {
      route.methods.add(each);
    }
    routes.set(url, route);
  });
  return (path) => {
    const found = [...routes.values()].filter(({ form }) => form.test(path));
    return [...new Set(found.flatMap(({ methods }) => [...methods]))];
  };
}

/** `/registries/:registryId` and `/names/*`, as the router spells them. */
function formOf(url: string): RegExp {
  const segments = url.split("/").map((segment) => {
    if (segment.startsWith(":")) {
      return "[^/]+";
    }
    return segment === "*" ? ".+" : segment.replaceAll(".", "\\.");
  });
  return new RegExp(`^${segments.join("/")}$`);
}
