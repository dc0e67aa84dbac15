import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { user, usersResponse } from "@moorage/core/contract/user";
import { LocalRegistry } from "../../support/local-registry.ts";
import { basic, type Credentials, makeUser, manage, OWNER } from "../../support/management.ts";
import { answered, answeredExactly, empty, refused } from "../../support/management-answer.ts";

describe("people of an organization", () => {
  let local: LocalRegistry;
  let ownerId: string;
  before(async () => {
    local = await LocalRegistry.start();
    const listed = await answered(await call("GET", "/users"), 200, usersResponse);
    ownerId = listed.items[0]?.id ?? assert.fail("there is no owner");
  });
  after(() => local.close());

  const call = (method: string, path: string, body?: unknown, who?: Credentials, etag?: string) =>
    manage(local.url, method, path, body, who, etag === undefined ? {} : { "if-match": etag });
  const add = (properties: object, who?: Credentials) =>
    call("POST", "/users", { properties }, who);
  const signsIn = async (who: Credentials) => {
    const answer = await call("GET", "/locations", undefined, who);
    await answer.arrayBuffer();
    return answer.status === 200;
  };

  it("are added with a password that is shown once and works", async () => {
    const answer = await add({ email: "Ada@moorage.example", role: "reader", displayName: "Ada" });
    assert.equal(answer.headers.get("etag"), '"1"');
    const { headers } = answer;
    const made = await answeredExactly(answer, 201, user);
    const { id, href, properties, metadata } = made;
    const { password = "", ...others } = properties;
    assert.deepEqual(others, { email: "Ada@moorage.example", role: "reader", displayName: "Ada" });
    assert.deepEqual([metadata.createdBy, metadata.createdByUserId], [OWNER.username, ownerId]);
    assert.equal(headers.get("location"), href);
    assert.ok(await signsIn({ username: "ada@MOORAGE.example", password }));
    const seen = await answeredExactly(await call("GET", `/users/${id}`), 200, user);
    assert.deepEqual(seen, { ...made, properties: others });
  });

  it("are added with a password of the caller's choice, which no answer repeats", async () => {
    const password = "a password of my own";
    const email = "own@moorage.example";
    const made = await answered(await add({ email, role: "reader", password }), 201, user);
    assert.deepEqual(made.properties, { email, role: "reader", displayName: "" });
    assert.ok(await signsIn({ username: email, password }));
  });

  it("have addresses that nobody else has, in whatever case", async () => {
    await makeUser(local.url, "taken@moorage.example", "reader");
    const answer = await add({ email: "TAKEN@moorage.example", role: "reader" });
    assert.deepEqual(await refused(answer, 409), ["user-email-taken"]);
    const both = await Promise.all(
      [1, 2, 3].map(() => add({ email: "race@moorage.example", role: "reader" })),
    );
    assert.deepEqual(both.map(({ status }) => status).sort(), [201, 409, 409]);
  });

  it("are refused by what is wrong with them", async () => {
    const right = { email: "new@moorage.example", role: "reader" };
    for (const [properties, code] of [
      [{ role: "reader" }, "invalid-email"],
      [{ ...right, email: "nobody" }, "invalid-email"],
      [{ ...right, email: "a:b@moorage.example" }, "invalid-email"],
      [{ ...right, email: "a\u0000b@moorage.example" }, "invalid-email"],
      [{ ...right, email: `${"a".repeat(250)}@moorage.example` }, "invalid-email"],
      [{ ...right, role: "king" }, "invalid-role"],
      [{ email: right.email }, "invalid-role"],
      [{ ...right, password: "short" }, "invalid-password"],
      [{ ...right, password: `mrg_${"a".repeat(43)}` }, "invalid-password"],
      [{ ...right, displayName: "x".repeat(129) }, "invalid-display-name"],
      [{ ...right, displayName: "\ud800" }, "invalid-display-name"],
      [{ ...right, admin: true }, "unknown-field"],
    ] as const) {
      assert.deepEqual(await refused(await add(properties), 400), [code]);
    }
    assert.deepEqual(await refused(await call("GET", "/users/7"), 400), ["invalid-id"]);
    for (const method of ["GET", "PATCH", "DELETE"]) {
      const body = method === "PATCH" ? {} : undefined;
      const answer = await call(method, `/users/${randomUUID()}`, body);
      assert.deepEqual(await refused(answer, 404), ["user-unknown"]);
    }
  });

  it("change in role, name and password; the address stays", async () => {
    const grace = await makeUser(local.url, "grace@moorage.example", "reader");
    const path = `/users/${grace.id}`;
    const patch = async (body: object) => answered(await call("PATCH", path, body), 200, user);
    const promoted = await patch({ role: "developer", displayName: "Grace" });
    const { email, role, displayName } = promoted.properties;
    assert.deepEqual([email, role, displayName], [grace.username, "developer", "Grace"]);
    assert.equal(promoted.metadata.lastModifiedBy, OWNER.username);
    assert.equal((await patch({ displayName: "" })).properties.displayName, "");
    const password = "another long password";
    assert.deepEqual((await patch({ password })).properties, {
      email,
      role: "developer",
      displayName: "",
    });
    assert.ok(!(await signsIn(grace)));
    assert.ok(await signsIn({ username: grace.username, password }));
    const moved = await call("PATCH", path, { email: "new@moorage.example" });
    assert.deepEqual(await refused(moved, 400), ["invalid-email"]);
  });

  it("change only as they were read, where If-Match says so", async () => {
    const alan = await makeUser(local.url, "alan@moorage.example", "reader");
    const path = `/users/${alan.id}`;
    const first = await call("PATCH", path, { role: "developer" }, OWNER, '"1"');
    assert.equal(first.headers.get("etag"), '"2"');
    await answered(first, 200, user);
    for (const [method, body] of [["PATCH", { role: "admin" }], ["DELETE"]] as const) {
      const late = await call(method, path, body, OWNER, '"1"');
      assert.deepEqual(await refused(late, 412), ["user-changed"]);
    }
    await empty(await call("DELETE", path, undefined, OWNER, "2"), 204);
    assert.deepEqual(await refused(await call("GET", path), 404), ["user-unknown"]);
  });

  it("are listed page by page, by address, with links and without passwords", async () => {
    const all: string[] = [];
    let path = "/users?limit=2";
    for (let pages = 0; path !== ""; pages++) {
      assert.ok(pages < 20);
      const answer = await call("GET", path);
      const page = await answeredExactly(answer, 200, usersResponse);
      assert.equal(page.pagination.limit, 2);
      all.push(...page.items.map(({ properties }) => properties.email.toLowerCase()));
      assert.ok(page.items.every(({ properties }) => !("password" in properties)));
      const token = encodeURIComponent(page.pagination.token);
      path = page.pagination.token === "" ? "" : `/users?limit=2&pagination.token=${token}`;
      assert.equal(page._links.next === "", path === "");
    }
    assert.ok(all.includes(OWNER.username) && all.length > 4);
    assert.deepEqual(all, [...new Set(all)].sort());
    const foreign = await call("GET", "/users?pagination.token=x.y");
    assert.deepEqual(await refused(foreign, 400), ["page-invalid"]);
  });

  it("are owners as long as nobody else is one", async () => {
    const path = `/users/${ownerId}`;
    for (const [method, body] of [["PATCH", { role: "admin" }], ["DELETE"]] as const) {
      assert.deepEqual(await refused(await call(method, path, body), 409), ["owner-last"]);
    }
    const others = [
      await makeUser(local.url, "o1@moorage.example", "owner"),
      await makeUser(local.url, "o2@moorage.example", "owner"),
    ];
    const outcomes = await Promise.all([
      call("PATCH", `/users/${others[0]?.id}`, { role: "reader" }),
      call("DELETE", `/users/${others[1]?.id}`),
      call("PATCH", path, { role: "owner" }),
    ]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      [200, 204, 200],
    );
    assert.deepEqual(await refused(await call("DELETE", path), 409), ["owner-last"]);
  });

  it("are made and removed by admins, but for owners", async () => {
    const admin = await makeUser(local.url, "admin@moorage.example", "admin");
    const made = await makeUser(local.url, "dev@moorage.example", "developer", admin);
    const denied: (readonly [string, string, object?])[] = [
      ["POST", "/users", { properties: { email: "x@moorage.example", role: "owner" } }],
      ["PATCH", `/users/${made.id}`, { role: "owner" }],
      ["PATCH", `/users/${admin.id}`, { role: "owner" }],
      ["PATCH", `/users/${ownerId}`, { role: "reader" }],
      ["PATCH", `/users/${ownerId}`, { password: "the password of an admin" }],
      ["DELETE", `/users/${ownerId}`],
    ];
    for (const [method, path, body] of denied) {
      const answer = await call(method, path, body, admin);
      assert.deepEqual(await refused(answer, 403), ["access-denied"], `${method} ${path}`);
    }
    await answered(await call("GET", `/users/${ownerId}`, undefined, admin), 200, user);
    await empty(await call("DELETE", `/users/${made.id}`, undefined, admin), 204);
    assert.ok(await signsIn(OWNER));
  });

  it("come by both prefixes, whatever X-Contract-Number says", async () => {
    for (const prefix of ["", "/containerregistries"]) {
      const headers = { authorization: basic(OWNER), "x-contract-number": "31415" };
      const answer = await fetch(`${local.url}${prefix}/users/${ownerId}`, { headers });
      assert.equal((await answered(answer, 200, user)).properties.email, OWNER.username);
    }
  });
});
