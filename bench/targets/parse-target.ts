import { REPOSITORY } from "../../tools/repository.ts";
import { startDistribution } from "./distribution.ts";
import { startMoorage } from "./moorage.ts";
import type { Target } from "./target.ts";
import { startZot } from "./zot.ts";

/** How targets are named on the command line. */
export const TARGET_HELP = `
  moorage            this checkout, from source; moorage-bundle: what \`npm run build\` made
  moorage-bearer     the same with Bearer instead of Basic credentials
    …:<folder>       another checkout
    …@<name>=<value> a setting or variable of its environment; several separated by commas
  distribution       CNCF distribution 3, built from Go modules; distribution-auth: with htpasswd
  docker-registry    CNCF distribution 2.8 from Debian; docker-registry-auth: with htpasswd
  zot                the zot of PATH; zot-auth: with htpasswd
  <name>=http://[user:password@]host:port/[prefix/]   a registry that runs already`;

/** Reads a target's name and returns what starts it. */
export function parseTarget(text: string): () => Promise<Target> {
  const url = /^([-\w]+)=(https?:.*)$/.exec(text);
  if (url !== null) {
    return async () => running(url[1] ?? "", new URL(url[2] ?? ""));
  }
  const match = /^([-a-z]+)(?::([^@]+))?(?:@(.+))?$/.exec(text);
  const [, kind = "", folder = REPOSITORY, variables = ""] = match ?? [];
  switch (kind) {
    case "moorage":
    case "moorage-bundle":
    case "moorage-bearer":
      return () =>
        startMoorage({
          name: text,
          folder,
          isBundle: kind === "moorage-bundle",
          credentials: kind === "moorage-bearer" ? "bearer" : "basic",
          environment: Object.fromEntries(
            variables.split(",").flatMap((pair) => {
              const equals = pair.indexOf("=");
              return equals < 0 ? [] : [[pair.slice(0, equals), pair.slice(equals + 1)]];
            }),
          ),
        });
    case "distribution":
    case "distribution-auth":
      return () => startDistribution({ name: text, from: "modules", hasPasswords: isAuth(text) });
    case "docker-registry":
    case "docker-registry-auth":
      return () => startDistribution({ name: text, from: "debian", hasPasswords: isAuth(text) });
    case "zot":
    case "zot-auth":
      return () => startZot({ name: text, hasPasswords: isAuth(text) });
    default:
      throw new Error(`no target ${JSON.stringify(text)}; there are:${TARGET_HELP}`);
  }
}

function isAuth(text: string): boolean {
  return text.endsWith("-auth");
}

function running(name: string, url: URL): Target {
  return {
    endpoint: {
      name,
      host: url.hostname,
      port: Number(url.port || 80),
      prefix: url.pathname.slice(1),
      credentials:
        url.username === ""
          ? { kind: "none" }
          : {
              kind: "basic",
              username: decodeURIComponent(url.username),
              password: decodeURIComponent(url.password),
            },
    },
    description: url.host,
    pid: undefined,
    startSeconds: undefined,
    stop: async () => {},
  };
}
