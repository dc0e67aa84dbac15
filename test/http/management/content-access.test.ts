import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { OrganizationId } from "../../../provider/server/src/domain/ids.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import { basic, type Credentials } from "../../support/management.ts";
import { empty, refused } from "../../support/management-answer.ts";
import { person, withPeople } from "../../support/people.ts";

describe("who may browse content, and delete it", () => {
  let local: LocalRegistry;
  let browsed: string[];
  let deleted: string[];
  before(async () => {
    const elsewhere = randomUUID() as OrganizationId;
    local = await LocalRegistry.start({
      adapt: (context) =>
        withPeople(context, {
          admin: { role: "admin" },
          developer: { role: "developer" },
          reader: { role: "reader" },
          stranger: { role: "owner", organizationId: elsewhere },
        }),
    });
    const { digest } = await local.client.pushImage("team/app", "v1");
    const registry = `/registries/${local.registry.id}`;
    const repository = `${registry}/repositories/team%2Fapp`;
    deleted = [repository, `${repository}/artifacts/${digest}`];
    browsed = [
      `${registry}/repositories`,
      `${registry}/artifacts`,
      `${registry}/tree`,
      `${registry}/credentials?tokenId=${local.token.id}`,
      ...deleted,
      `${repository}/artifacts`,
      `${repository}/artifacts/${digest}/vulnerabilities`,
      `${repository}/tags`,
    ];
  });
  after(() => local.close());

  const ask = (who: Credentials | undefined, method: string, path: string, prefix = true) =>
    fetch(`${local.url}${prefix ? "/containerregistries" : ""}${path}`, {
      method,
      headers: { ...(who && { authorization: basic(who) }) },
    });

  it("every person of the organization may browse, under both prefixes", async () => {
    for (const name of ["admin", "developer", "reader"]) {
      for (const path of [...browsed, "/organization"]) {
        for (const prefix of [true, false]) {
          const answer = await ask(person(name), "GET", path, prefix);
          assert.equal(answer.status, 200, `${name} ${path}: ${await answer.text()}`);
        }
      }
    }
  });

  it("a reader may not delete, whether there is something or not", async () => {
    const nothing = `/registries/${randomUUID()}/repositories/nothing`;
    for (const path of [...deleted, nothing]) {
      const answer = await ask(person("reader"), "DELETE", path);
      assert.deepEqual(await refused(answer, 403), ["access-denied"], path);
    }
  });

  it("people of another organization are told that there is no such registry", async () => {
    for (const [method, paths] of [
      ["GET", browsed],
      ["DELETE", deleted],
    ] as const) {
      for (const path of paths) {
        const answer = await ask(person("stranger"), method, path);
        assert.deepEqual(await refused(answer, 404), ["registry-unknown"], path);
      }
    }
  });

  it("tokens may not, and nobody without credentials", async () => {
    for (const [method, paths] of [
      ["GET", [...browsed, "/organization", "/vulnerabilities/CVE-1"]],
      ["DELETE", deleted],
    ] as const) {
      for (const path of paths) {
        const answer = await ask(local.token, method, path);
        assert.deepEqual(await refused(answer, 403), ["access-denied"], path);
        const anonymous = await ask(undefined, method, path);
        assert.deepEqual(await refused(anonymous, 401), ["credentials-missing"], path);
      }
    }
  });

  it("a developer may delete", async () => {
    const { digest } = await local.client.pushImage("team/other", "v1");
    const path = `/registries/${local.registry.id}/repositories/team%2Fother`;
    await empty(await ask(person("developer"), "DELETE", `${path}/artifacts/${digest}`), 204);
    await empty(await ask(person("admin"), "DELETE", path), 204);
  });
});
