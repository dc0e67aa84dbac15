import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { bearerFor, bearing } from "../../support/bearer.ts";
import type { DistributionClient } from "../../support/distribution-client.ts";
import { send } from "../../support/http-request.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import { basic, makeRegistry, makeToken, OWNER } from "../../support/management.ts";

/** Ways to write a path that could lead elsewhere, if anybody decoded twice, tidied up, or compared more loosely than it stores. */
const TRICKS = [
  "team/../vault",
  "team/%2e%2e/vault",
  "team/.%2e/vault",
  "team/..%2fvault",
  "team/..%2Fvault",
  "team/%2e%2e%2fvault",
  "team/%252e%252e%252fvault",
  "team%2f..%2fvault",
  "team/..%5cvault",
  "team/..%5C..%5Cvault",
  "team/..%c0%afvault",
  "team/..%ef%bc%8fvault",
  "team/%ef%bc%8e%ef%bc%8e/vault",
  "team/..;/vault",
  "team/./../vault",
  "team//vault",
  "//vault",
  "/vault",
  "vault/",
  "vault.",
  "vault%20",
  "vault%00",
  "vault%00/team/x",
  "team/x%00/../../vault",
  "vault%0d%0a",
  "VAULT",
  "Vault",
  "vau%6ct/",
  "v%d0%b0ult",
  "%ef%bd%96ault",
  "%F0%9D%90%AFault",
  "vau%CC%81lt",
  "*",
  "%2a",
  "vault?x=team/app",
  "vault%3fteam/app",
  "vault%23",
  "team%2f%2e%2e%2fvault",
  "./vault",
  "%2e/vault",
  "%2fvault",
  "shop/vault",
  "team/app/../../vault",
  "~",
  "team/~/../vault",
  "file:%2f%2fvault",
  "team/%",
  "team/%zz",
  "team/%u002e%u002e/vault",
  "team/%ed%a0%80",
];

/** Files outside of the repositories that a path could be after. */
const FILES = ["master-key", "metadata.sqlite", "../data/master-key", "../../../etc/passwd"];

describe("a path that is written to lead elsewhere", () => {
  let local: LocalRegistry;
  let team: DistributionClient;
  const mark = `mark-${Math.random().toString(36).slice(2)}`;
  let key = "";
  before(async () => {
    local = await LocalRegistry.start();
    const { url } = local;
    await local.client.pushImage("vault", mark);
    await local.client.pushImage("team/app", "1");
    const other = await makeRegistry(url, "other");
    const inOther = local.client.with({
      registry: "other",
      credentials: await makeToken(url, other, "ci"),
    });
    await inOther.pushImage("team/app", mark);
    const scopes = [{ type: "repository", name: "team/*", actions: ["*"] }];
    const credentials = await makeToken(url, local.registry, "team", scopes);
    team = local.client.with({ credentials });
    key = (await readFile(join(local.dataDir, "master-key"), "utf8")).trim();
  });
  after(() => local.close());

  function assertNothingOfIt(what: string, text: string): void {
    assert.ok(!text.includes(mark) && !text.includes(key), `${what}: ${text.slice(0, 200)}`);
  }

  const REQUESTS = [
    ["GET", "tags/list"],
    ["GET", "manifests/1"],
    ["POST", "blobs/uploads/"],
    ["DELETE", "manifests/1"],
  ] as const;

  for (const prefix of ["shop/", "other/", "shop/../other/", "shop%2f", "SHOP/", ""]) {
    it(`reaches nothing beyond a token's scope: below ${prefix || "the host"}`, async () => {
      for (const trick of TRICKS) {
        for (const [method, rest] of REQUESTS) {
          const path = `/v2/${prefix}${trick}/${rest}`;
          const answer = await team.send(method, path);
          assert.ok(answer.status >= 400 && answer.status < 500, `${path}: ${answer.status}`);
          assertNothingOfIt(path, answer.body.toString().replaceAll(path, ""));
        }
      }
    });
  }

  it("is granted nothing by the token endpoint, by a star no more", async () => {
    const names = [...TRICKS, "team/*", "*/app", "t*m/app", "**", "team/**"];
    for (const name of names.flatMap((trick) => [`shop/${trick}`, `other/${trick}`, trick])) {
      const written = name.replaceAll(" ", "%20");
      for (const spelt of [written, decodedOr(written)].filter((text) => !text.includes(" "))) {
        const bearer = await bearerFor(
          local.url,
          team.options.credentials,
          `repository:${spelt}:*`,
        );
        const payload = Buffer.from(bearer.split(".")[1] ?? "", "base64url").toString();
        assert.deepEqual((JSON.parse(payload) as { access: unknown }).access, [], spelt);
        const headers = bearing(bearer);
        const pull = await team.anonymous().ask("GET", "vault", `manifests/${mark}`, { headers });
        assert.equal(pull.status, 403);
      }
    }
  });

  it("is no source of a mount", async () => {
    const image = await local.client.pushImage("vault", "2");
    const { config } = JSON.parse(image.bytes.toString()) as { config: { digest: string } };
    for (const trick of [...TRICKS, "vault", "shop/vault", "other/team/app"]) {
      for (const from of [trick, encodeURIComponent(trick)]) {
        const rest = `blobs/uploads/?mount=${encodeURIComponent(config.digest)}&from=${from}`;
        const answer = await team.ask("POST", "team/app", rest.replaceAll("#", "%23"));
        assert.ok(answer.status === 202 || answer.status === 400, `${from}: ${answer.status}`);
      }
    }
  });

  it("names no file of the data directory, whatever a digest, tag or upload is called", async () => {
    const before = await readdir(local.dataDir);
    const client = local.client;
    for (const file of FILES) {
      for (const climb of ["", "../", "../../", "../../../../"]) {
        const plain = `${climb}${file}`;
        for (const spelt of [
          plain,
          encodeURIComponent(plain),
          encodeURIComponent(encodeURIComponent(plain)),
          plain.replaceAll("/", "%5c"),
          `${encodeURIComponent(plain)}%00`,
          `sha256:${encodeURIComponent(plain)}`,
        ]) {
          for (const rest of ["manifests", "blobs", "blobs/uploads", "referrers"]) {
            for (const method of ["GET", "PUT", "DELETE"]) {
              const answer = await client.ask(method, "team/app", `${rest}/${spelt}`);
              assert.ok(answer.status >= 400 && answer.status < 500, `${method} ${rest}/${spelt}`);
              assertNothingOfIt(spelt, answer.body.toString());
            }
          }
        }
      }
    }
    assert.deepEqual(await readdir(local.dataDir), before);
  });

  it("is a registry's name or an id nowhere on the management API", async () => {
    const headers = { authorization: basic(OWNER) };
    for (const trick of TRICKS) {
      for (const path of [
        `/registries/${trick}`,
        `/registries/${local.registry.id}/tokens/${trick}`,
        `/registries/${local.registry.id}/../${trick}`,
        `/users/${trick}`,
        `/names/${trick}`,
      ]) {
        const answer = await send(local.url, "GET", `/containerregistries${path}`, { headers });
        assert.ok(answer.status >= 400 && answer.status < 500, `${path}: ${answer.status}`);
      }
    }
  });
});

function decodedOr(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
