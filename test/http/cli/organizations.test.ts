import assert from "node:assert/strict";
import { organization } from "@moorage/core/contract/organization";
import { user, usersResponse } from "@moorage/core/contract/user";
import { printed, runProgram } from "../../support/command.ts";
import { type Credentials, makeRegistry, manage, OWNER } from "../../support/management.ts";
import { answered, refused } from "../../support/management-answer.ts";
import { RunningServer } from "../../support/running-server.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

describe("the commands for organizations and people, while a server runs", () => {
  let server: RunningServer;
  before(async () => {
    server = await RunningServer.start({ MOORAGE_WORKERS: "2" });
  });
  after(() => server.stop());

  const run = (...args: readonly string[]) =>
    runProgram(args, { MOORAGE_DATA_DIR: server.dataDir });
  const create = (name: string, email: string) =>
    run("organization", "create", "--name", name, "--owner-email", email);
  const seenBy = async (who: Credentials) =>
    answered(await manage(server.url, "GET", "/organization", undefined, who), 200, organization);

  it("make an organization with an owner, who signs in at once and sees nothing else", async () => {
    await makeRegistry(server.url, "shop");
    const made = await create("Second & Söhne", "boss@second.example");
    assert.deepEqual([made.code, made.errors], [0, ""]);
    assert.equal(printed(made, "contract number"), "2");
    const boss = { username: "boss@second.example", password: printed(made, "password") };
    const { properties } = await seenBy(boss);
    assert.deepEqual(properties, { name: "Second & Söhne", contractNumber: 2, usage: [] });
    const people = await manage(server.url, "GET", "/users", undefined, boss);
    const { items } = await answered(people, 200, usersResponse);
    const [owner, ...others] = items;
    assert.deepEqual(others, []);
    assert.equal(owner?.properties.role, "owner");
    assert.equal(owner.metadata.createdBy, "operator");
    assert.ok(!server.log.includes(boss.password));
  });

  it("make none whose name or whose owner's address is taken", async () => {
    const name = await create("moorage.example", "someone@third.example");
    assert.deepEqual([name.code, name.output], [1, ""]);
    assert.match(
      name.errors,
      /^moorage: there is an organization named "moorage.example" already\n$/,
    );
    const email = await create("Third", OWNER.username.toUpperCase());
    assert.deepEqual([email.code, email.output], [1, ""]);
    assert.match(email.errors, /^moorage: the e-mail address .* is taken/);
  });

  it("list the organizations by number", async () => {
    const { code, output } = await run("organization", "list");
    assert.equal(code, 0);
    const rows = output
      .trimEnd()
      .split("\n")
      .map((line) => line.split("\t"));
    assert.deepEqual(rows.map(([number, , name]) => [number, name]).slice(0, 1), [
      ["1", "moorage.example"],
    ]);
    assert.equal(rows[0]?.[1], (await seenBy(OWNER)).id);
  });

  it("set a new password, which counts at once; the old one does not", async () => {
    const made = await create("Lost", "lost@lost.example");
    const before = { username: "lost@lost.example", password: printed(made, "password") };
    const { items } = await answered(
      await manage(server.url, "GET", "/users", undefined, before),
      200,
      usersResponse,
    );
    const reset = await run("user", "reset-password", "--email", "LOST@lost.example");
    assert.deepEqual([reset.code, printed(reset, "user")], [0, "lost@lost.example"]);
    const answer = await manage(server.url, "GET", "/organization", undefined, before);
    assert.deepEqual(await refused(answer, 401), ["credentials-invalid"]);
    const after = { ...before, password: printed(reset, "password") };
    const path = `/users/${items[0]?.id}`;
    const seen = await manage(server.url, "GET", path, undefined, after);
    assert.equal((await answered(seen, 200, user)).metadata.lastModifiedBy, "operator");
    const unknown = await run("user", "reset-password", "--email", "nobody@lost.example");
    assert.deepEqual([unknown.code, unknown.output], [1, ""]);
    assert.match(unknown.errors, /there is no user "nobody@lost.example"/);
  });

  it("do in an empty data directory what a first start does, and say so", async () => {
    const empty = await temporaryDirectory();
    try {
      const { code, output, errors } = await runProgram(["organization", "list"], {
        MOORAGE_DATA_DIR: empty.path,
      });
      assert.equal(code, 0);
      assert.match(output, /^1\t\S+\tmoorage\.local\n$/);
      assert.match(errors, /^This was the first start: the owner is admin@moorage\.local/);
    } finally {
      await empty.remove();
    }
  });
});
