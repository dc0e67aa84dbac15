import assert from "node:assert/strict";
import { send } from "../../support/http-request.ts";
import { type InhabitedOrganization, inhabit } from "../../support/inhabited-organization.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import { basic, manage } from "../../support/management.ts";
import { refused } from "../../support/management-answer.ts";
import { MANAGEMENT_ROUTES, pathTo } from "../../support/management-routes.ts";

/** What SDKs of the contract add to any request, and what nobody knows. */
const UNKNOWN_PARAMETERS = [
  "maxResults=1",
  "depth=0",
  "pretty=true",
  "filter.anything=x",
  "order-by=name",
  "order-by=again",
  "unknown",
  "__proto__=1",
  "constructor=1",
];

describe("every route of the management API", () => {
  let local: LocalRegistry;
  let organization: InhabitedOrganization;
  before(async () => {
    local = await LocalRegistry.start();
    organization = await inhabit(local, "place");
  });
  after(() => local.close());

  const routes = Object.entries(MANAGEMENT_ROUTES);
  const methodOf = (route: string) => route.slice(0, route.indexOf(" "));
  const call = (route: string, more = "", method = methodOf(route)) => {
    const path = pathTo(route, organization.things);
    const query = more === "" ? "" : `${path.includes("?") ? "&" : "?"}${more}`;
    return manage(local.url, method, `${path}${query}`, undefined, organization.owner);
  };
  /** But the moment and what `fetch` does with its connection. */
  const headersOf = ({ headers }: Response) =>
    [...headers].filter(([name]) => !["date", "connection", "keep-alive"].includes(name));

  it("passes over query parameters that it does not know", async () => {
    const reads = routes.filter(([route]) => /^(?:GET|HEAD) /.test(route));
    assert.ok(reads.length > 20);
    for (const [route, { answers }] of reads) {
      const plain = await call(route);
      const adorned = await call(route, UNKNOWN_PARAMETERS.join("&"));
      assert.deepEqual([plain.status, adorned.status], [answers, answers], route);
      assert.equal(await adorned.text(), await plain.text(), route);
    }
  });

  it("passes over them in changes, too", async () => {
    for (const [method, route] of [
      ["PATCH", "PATCH /registries/:registryId"],
      ["PATCH", "PATCH /registries/:registryId/tokens/:tokenId"],
      ["PATCH", "PATCH /users/:userId"],
    ] as const) {
      const path = `${pathTo(route, organization.things)}?${UNKNOWN_PARAMETERS.join("&")}`;
      const answer = await manage(local.url, method, path, {}, organization.owner);
      await answer.text();
      assert.equal(answer.status, 200, route);
    }
  });

  it("answers HEAD as it answers GET, without the body", async () => {
    for (const [route] of routes.filter(([each]) => each.startsWith("GET "))) {
      const read = await call(route);
      const head = await call(route, "", "HEAD");
      assert.equal(await head.text(), "", route);
      assert.equal(head.status, read.status, route);
      assert.deepEqual(headersOf(head), headersOf(read), route);
      assert.equal(
        head.headers.get("content-length"),
        String((await read.arrayBuffer()).byteLength),
      );
    }
  });

  it("answers HEAD with the refusals of GET", async () => {
    const unknown = "/registries/5d1c7a52-0f3e-4a6e-9b52-0c9a3c1f0e11";
    for (const [path, status, headers] of [
      ["/registries", 401, {}],
      [unknown, 404, { authorization: basic(organization.owner) }],
      ["/registries/none", 400, { authorization: basic(organization.owner) }],
      ["/registries?limit=0", 400, { authorization: basic(organization.owner) }],
    ] as const) {
      const answer = await send(local.url, "HEAD", path, { headers });
      assert.deepEqual([answer.status, answer.body.length], [status, 0], path);
      assert.match(answer.headers["content-type"] ?? "", /^application\/json/);
    }
  });

  it("ends an export that HEAD asks for before it begins", async () => {
    const path = "/audit-events?format=jsonl";
    const answer = await manage(local.url, "HEAD", path, undefined, organization.owner);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("content-type"), "application/x-ndjson");
    assert.equal(await answer.text(), "");
  });

  it("that takes a body refuses what is none in the contract's format", async () => {
    const changes = routes.filter(([, { body }]) => body !== undefined);
    assert.ok(changes.length > 10);
    for (const [route] of changes) {
      const path = pathTo(route, organization.things);
      for (const [body, code] of [
        ["{", "body-invalid"],
        ['{"a":1,"a":2}', "body-invalid"],
        ['{"__proto__":{}}', "body-invalid"],
        ['{"constructor":{"prototype":{}}}', "body-invalid"],
        ["[]", "invalid-body"],
        ['"text"', "invalid-body"],
        ['{"surprise":1}', "unknown-field"],
      ] as const) {
        const answer = await fetch(`${local.url}/containerregistries${path}`, {
          method: methodOf(route),
          headers: {
            authorization: basic(organization.owner),
            "content-type": "application/json",
          },
          body,
        });
        const codes = await refused(answer, 400);
        assert.ok(codes.includes(code), `${route} ${body}: ${codes.join()}`);
      }
    }
  });
});
