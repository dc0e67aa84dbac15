import assert from "node:assert/strict";
import { compose } from "../../provider/server/src/compose.ts";
import { readConfig } from "../../provider/server/src/config.ts";
import { createServer } from "../../provider/server/src/http/server.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { code, tableRows } from "./markdown.ts";

const PAGE = "docs/reference/management-api.md";
const PREFIX = "/containerregistries";
/** Paths of the other two APIs, which the page on the distribution API describes. */
const ELSEWHERE = /^\/(?:v2|token)(?:\/|$)/;

describe("the page on the management API", () => {
  let routes: readonly string[] = [];

  before(async () => {
    routes = await servedRoutes();
  });

  it("lists every endpoint, and no other", () => {
    const served = routes
      .filter((route) => route.includes(` ${PREFIX}`))
      .map((route) => route.replace(PREFIX, ""));
    assert.deepEqual(listed("Endpoints"), served);
  });

  it("lists what is served at the root alone", () => {
    const both = new Set(routes.map((route) => route.replace(PREFIX, "")));
    const prefixed = new Set(routes.filter((route) => route.includes(` ${PREFIX}`)));
    const atRoot = [...both].filter((route) => !prefixed.has(route.replace(" ", ` ${PREFIX}`)));
    assert.deepEqual(listed("For probes"), atRoot);
  });
});

function listed(heading: string): string[] {
  return tableRows(PAGE, heading)
    .map(([endpoint]) => code(endpoint) ?? "")
    .sort();
}

/** `<method> <path>` of all routes of a server, sorted, parameters as `{name}`. */
async function servedRoutes(): Promise<string[]> {
  const data = await temporaryDirectory();
  const config = readConfig({ MOORAGE_DATA_DIR: data.path, MOORAGE_LOG_LEVEL: "silent" });
  const { context, close } = await compose(config);
  try {
    const found = new Set<string>();
    const app = createServer(context);
    app.addHook("onRoute", ({ method, url }) => {
      for (const each of [method].flat()) {
        found.add(`${each} ${url.replace(/:([A-Za-z]+)/g, "{$1}").replace("/*", "/{name}")}`);
      }
    });
    await app.ready();
    await app.close();
    return [...found].filter((route) => !ELSEWHERE.test(route.split(" ")[1] ?? "")).sort();
  } finally {
    await close();
    await data.remove();
  }
}
