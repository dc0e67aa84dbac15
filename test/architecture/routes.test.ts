import assert from "node:assert/strict";
import { OPERATIONS } from "@moorage/core/contract/openapi/document";
import { compose } from "../../provider/server/src/compose.ts";
import { readConfig } from "../../provider/server/src/config.ts";
import { MANAGEMENT_ROUTES } from "../support/management-routes.ts";
import { asDocumented, servedRoutes } from "../support/served-routes.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { code, tableRows } from "./markdown.ts";

const PAGE = "docs/reference/management-api.md";
const PREFIX = "/containerregistries";
/** Paths of the other two APIs, which the page on the distribution API describes. */
const ELSEWHERE = /^\/(?:v2|token)(?:\/|$)/;

describe("the page on the management API", () => {
  let routes: readonly string[] = [];

  before(async () => {
    routes = await routesOfServer();
  });

  it("is tested for roles and organizations: test/support/management-routes.ts has every endpoint", () => {
    const served = routes
      .filter((route) => route.includes(` ${PREFIX}`))
      .map((route) => route.replace(PREFIX, ""))
      .filter((route) => !OPERATIONS[asDocumented(route)]?.isOpen);
    assert.deepEqual(Object.keys(MANAGEMENT_ROUTES).sort(), served);
  });

  it("has an OpenAPI description of every endpoint, and of no other", () => {
    const served = new Set(routes.map((route) => asDocumented(route.replace(PREFIX, ""))));
    assert.deepEqual(Object.keys(OPERATIONS).sort(), [...served].sort());
  });

  it("has an OpenAPI description that says where each endpoint is", () => {
    const prefixed = new Set(
      routes.filter((route) => route.includes(` ${PREFIX}`)).map(asDocumented),
    );
    for (const [endpoint, { isAtRootAlone = false }] of Object.entries(OPERATIONS)) {
      assert.equal(prefixed.has(endpoint.replace(" ", ` ${PREFIX}`)), !isAtRootAlone, endpoint);
    }
  });

  it("lists every endpoint, and no other", () => {
    const served = routes
      .filter((route) => route.includes(` ${PREFIX}`))
      .map((route) => asDocumented(route.replace(PREFIX, "")));
    assert.deepEqual(listed("Endpoints"), served.sort());
  });

  it("lists what is served at the root alone", () => {
    const both = new Set(routes.map((route) => route.replace(PREFIX, "")));
    const prefixed = new Set(routes.filter((route) => route.includes(` ${PREFIX}`)));
    const atRoot = [...both].filter((route) => !prefixed.has(route.replace(" ", ` ${PREFIX}`)));
    assert.deepEqual(listed("For probes"), atRoot.map(asDocumented).sort());
  });
});

function listed(heading: string): string[] {
  return tableRows(PAGE, heading)
    .map(([endpoint]) => code(endpoint) ?? "")
    .sort();
}

/** All routes of a server but those of the other APIs, sorted. */
async function routesOfServer(): Promise<readonly string[]> {
  const data = await temporaryDirectory();
  const config = readConfig({ MOORAGE_DATA_DIR: data.path, MOORAGE_LOG_LEVEL: "silent" });
  const { context, close } = await compose(config);
  try {
    const served = await servedRoutes(context);
    return served.filter((route) => !ELSEWHERE.test(route.split(" ")[1] ?? ""));
  } finally {
    await close();
    await data.remove();
  }
}
