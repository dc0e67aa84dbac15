import assert from "node:assert/strict";
import { apiErrorResponse } from "@moorage/core/contract/errors";
import { registriesResponse, registry } from "@moorage/core/contract/registry";
import { basic, OWNER } from "../../support/management.ts";
import { answered, empty, refused } from "../../support/management-answer.ts";
import { RunningServer } from "../../support/running-server.ts";

describe("requests of the management API", () => {
  let server: RunningServer;
  let names = 0;
  before(async () => {
    server = await RunningServer.start();
  });
  after(() => server.stop());

  const send = (
    method: string,
    path: string,
    body?: string | Buffer<ArrayBuffer>,
    headers: Readonly<Record<string, string>> = { "content-type": "application/json" },
  ) =>
    fetch(`${server.url}${path}`, {
      method,
      headers: { authorization: basic(OWNER), ...headers },
      ...(body !== undefined && { body }),
    });
  const problems = async (answer: Response) => {
    const { messages } = await answered(answer, 400, apiErrorResponse);
    return messages?.map(({ message }) => message) ?? [];
  };
  const allowed = (answer: Response) =>
    (answer.headers.get("allow") ?? "").split(", ").sort().join(", ");
  const draft = () => ({ properties: { name: `sent-${++names}`, location: "de/fra" } });
  const list = async () => {
    const answer = await send("GET", "/containerregistries/registries");
    return (await answered(answer, 200, registriesResponse)).items?.length;
  };

  it("are served under /containerregistries and at the root alike", async () => {
    const made = await answered(
      await send("POST", "/registries", JSON.stringify(draft())),
      201,
      registry,
    );
    for (const prefix of ["", "/containerregistries"]) {
      const answer = await send("GET", `${prefix}/registries/${made.id}`);
      const found = await answered(answer, 200, registry);
      assert.equal(found.href, `${server.url}/containerregistries/registries/${made.id}`);
    }
  });

  it("may carry a contract number, a charset, and a media type without a body", async () => {
    const json = { "content-type": "application/json; charset=utf-8", "x-contract-number": "42" };
    const answer = await send("POST", "/registries", JSON.stringify(draft()), json);
    const { id } = await answered(answer, 201, registry);
    await empty(await send("DELETE", `/registries/${id}`, undefined), 204);
  });

  it("are refused with 400 where the body is not JSON", async () => {
    const before = await list();
    for (const body of ["{", "properties", '{"properties":}', '{"a":1}}', "\u0000"]) {
      const codes = await refused(await send("POST", "/registries", body), 400);
      assert.deepEqual(codes, ["body-invalid"], body);
    }
    assert.equal(await list(), before);
  });

  it("are refused with 400 where the body is JSON and its text is not UTF-8", async () => {
    const before = await list();
    const body = Buffer.from(JSON.stringify(draft()).replace("de/fra", "de/fr\u00e4"), "latin1");
    const answer = await send("POST", "/registries", body);
    assert.deepEqual(await problems(answer), ["the body cannot be read: its text must be UTF-8"]);
    assert.equal(await list(), before);
  });

  it("say of a body what is wrong with it", async () => {
    const half = await send("POST", "/registries", "{");
    assert.deepEqual(await problems(half), ["the body cannot be read: it must be JSON"]);
    const poisoned = await send("POST", "/registries", '{"__proto__":{"admin":true}}');
    assert.match(
      (await problems(poisoned))[0] ?? "",
      /no object in it may have a member "__proto__"/,
    );
  });

  it("are refused with 400 where the body is JSON and no object, or missing", async () => {
    for (const body of ["null", "[]", "1", '"text"', "true", undefined]) {
      const codes = await refused(await send("POST", "/registries", body), 400);
      assert.deepEqual(codes, ["invalid-body"], String(body));
    }
  });

  it("are refused with 400 where a member would reach an object's prototype", async () => {
    const properties = '"name":"poisoned","location":"de/fra"';
    for (const body of [
      `{"__proto__":{"admin":true},"properties":{${properties}}}`,
      `{"properties":{${properties},"__proto__":{"visibility":"public"}}}`,
      `{"properties":{${properties}},"constructor":{"prototype":{"admin":true}}}`,
    ]) {
      const codes = await refused(await send("POST", "/registries", body), 400);
      assert.deepEqual(codes, ["body-invalid"], body);
    }
  });

  it("are refused with 400 where an object has two members of the same name", async () => {
    const before = await list();
    const properties = '"name":"twice","location":"de/fra"';
    for (const body of [
      `{"properties":{${properties},"visibility":"private","visibility":"public"}}`,
      `{"properties":{${properties}},"properties":{${properties},"visibility":"public"}}`,
      `{"properties":{${properties},"\\u006eame":"other"}}`,
    ]) {
      const answer = await send("POST", "/registries", body);
      assert.deepEqual(await problems(answer), [
        "the body cannot be read: no object in it may have two members of the same name",
      ]);
    }
    assert.equal(await list(), before);
  });

  it("are refused with 415 where the body has another media type", async () => {
    const body = JSON.stringify(draft());
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "nonsense"]) {
      const answer = await send("POST", "/registries", body, { "content-type": type });
      assert.deepEqual(await refused(answer, 415), ["media-type-unsupported"], type);
    }
  });

  it("are refused with 413 where the body is too large", async () => {
    const body = JSON.stringify({ properties: { name: "a".repeat(1_100_000) } });
    const answer = await send("POST", "/registries", body);
    const { messages } = await answered(answer, 413, apiErrorResponse);
    const message = "the body is larger than 1048576 bytes";
    assert.deepEqual(messages, [{ errorCode: "body-too-large", message }]);
  });

  it("are answered with 404 in the contract's format where there is nothing", async () => {
    for (const prefix of ["", "/containerregistries"]) {
      for (const [method, path] of [
        ["GET", "/nothing"],
        ["POST", "/registries/"],
        ["GET", "/contracts?depth=1"],
      ] as const) {
        const answer = await send(method, `${prefix}${path}`);
        assert.deepEqual(await refused(answer, 404), ["route-unknown"], `${method} ${path}`);
      }
    }
  });

  it("are refused with 405 and the methods that there are where the path takes another", async () => {
    const uuid = "5d1c7a52-0f3e-4a6e-9b52-0c9a3c1f0e11";
    for (const [method, path, allow] of [
      ["POST", "/locations", "GET, HEAD"],
      ["DELETE", "/registries?limit=1", "GET, HEAD, POST"],
      ["POST", `/registries/${uuid}`, "DELETE, GET, HEAD, PATCH, PUT"],
      ["GET", "/names/shop", "HEAD"],
      ["GET", `/registries/${uuid}/tokens/${uuid}/rotate`, "POST"],
    ] as const) {
      for (const prefix of ["", "/containerregistries"]) {
        const answer = await send(method, `${prefix}${path}`);
        assert.equal(allowed(answer), allow, `${method} ${path}`);
        assert.deepEqual(await refused(answer, 405), ["method-unsupported"], `${method} ${path}`);
      }
    }
    for (const path of ["/healthz", "/readyz"]) {
      const answer = await send("POST", path, "{}");
      assert.equal(allowed(answer), "GET, HEAD", path);
      assert.deepEqual(await refused(answer, 405), ["method-unsupported"], path);
    }
  });

  it("are refused with 400 where an id in the path is no UUID", async () => {
    const uuid = "5d1c7a52-0f3e-4a6e-9b52-0c9a3c1f0e11";
    for (const id of ["1", "shop", `${uuid}0`, "..%2F..", "a".repeat(600), "%00"]) {
      for (const path of [
        `/registries/${id}`,
        `/registries/${id}/tokens`,
        `/registries/${uuid}/tokens/${id}`,
        `/registries/${uuid}/tokens/${uuid}/scopes/${id}`,
      ]) {
        assert.deepEqual(await refused(await send("GET", path), 400), ["invalid-id"], path);
      }
    }
  });

  it("find an id in whatever case it is spelt", async () => {
    const made = await answered(
      await send("POST", "/registries", JSON.stringify(draft())),
      201,
      registry,
    );
    const answer = await send("GET", `/registries/${made.id.toUpperCase()}`);
    assert.equal((await answered(answer, 200, registry)).id, made.id);
  });
});
