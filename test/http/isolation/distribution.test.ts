import assert from "node:assert/strict";
import { bearerFor, bearing } from "../../support/bearer.ts";
import type { DistributionClient, PushedImage } from "../../support/distribution-client.ts";
import { DISTRIBUTION_OPERATIONS } from "../../support/distribution-operations.ts";
import type { Answer } from "../../support/http-request.ts";
import { jsonOf } from "../../support/http-request.ts";
import { type InhabitedOrganization, inhabit } from "../../support/inhabited-organization.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import { makeUser, manage } from "../../support/management.ts";

/** As long as `theirs`, so that answers have the same length. */
const NOBODYS = "nobody";

describe("a registry of another organization is, on the distribution API,", () => {
  let local: LocalRegistry;
  let theirs: InhabitedOrganization;
  let ours: InhabitedOrganization;
  let image: PushedImage;
  const callers: Record<string, DistributionClient> = {};
  before(async () => {
    local = await LocalRegistry.start();
    theirs = await inhabit(local, "theirs");
    ours = await inhabit(local, "ours");
    image = await theirs.client.pushImage("app", "v1");
    const { url } = local;
    const anonymous = ours.client.anonymous();
    const scopes = ["theirs/app", "nobody/app"].map(
      (name) => `repository:${name}:pull,push,delete`,
    );
    const bearer = await bearerFor(url, ours.owner, ...scopes, "registry:catalog:*");
    const reader = await makeUser(url, "reader@ours.example", "reader", ours.owner);
    callers["an owner"] = ours.client.with({ credentials: ours.owner });
    callers["a reader"] = ours.client.with({ credentials: reader });
    callers["a token"] = ours.client;
    callers["a bearer token"] = anonymous.with({ headers: bearing(bearer) });
    callers["nobody known"] = anonymous;
    const closed = {
      properties: { name: "closed", location: "de/fra", apiSubnetAllowList: ["192.0.2.1"] },
    };
    const made = await manage(url, "POST", "/registries", closed, theirs.owner);
    assert.equal(made.status, 201, await made.text());
  });
  after(() => local.close());

  /** What an answer says, but for the registry that was asked for. */
  function saying({ status, headers, body }: Answer, registry: string) {
    const { date: _, ...others } = headers;
    const plain = (text: string) => text.replaceAll(registry, "<registry>");
    const said = Object.entries(others).map(([name, value]) => [name, plain(String(value))]);
    return { status, headers: said, body: plain(body.toString()) };
  }

  for (const host of [undefined, "<registry>.cr.de-fra.localhost"]) {
    it(`what does not exist, whoever asks for whatever${host === undefined ? "" : ", by host too"}`, async () => {
      for (const [who, client] of Object.entries(callers)) {
        for (const { name, ask } of DISTRIBUTION_OPERATIONS) {
          const at = (registry: string) => {
            if (host === undefined) {
              return ask(client.with({ registry }), "app", image);
            }
            const there = client.onHost(host.replace("<registry>", registry));
            return name.endsWith("catalog")
              ? there.send("GET", "/v2/_catalog")
              : ask(there, "app", image);
          };
          const known = await at("theirs");
          const unknown = saying(await at(NOBODYS), NOBODYS);
          assert.ok(known.status === 404 || known.status === 401, `${who}: ${name}`);
          assert.deepEqual(saying(known, "theirs"), unknown, `${who}: ${name}`);
          const closed = saying(await at("closed"), "closed");
          assert.deepEqual(closed, unknown, `${who}: ${name} behind an allow-list`);
        }
      }
    });
  }

  it("in no catalog", async () => {
    for (const who of ["an owner", "a reader", "a bearer token"]) {
      const answer = await callers[who]?.send("GET", "/v2/_catalog");
      assert.equal(answer?.status, 200, who);
      assert.deepEqual(jsonOf(answer), { repositories: ["ours/team-ours/app"] }, who);
    }
  });

  it("granted to nobody by the token endpoint", async () => {
    const { url } = local;
    for (const who of [ours.owner, ours.client.options.credentials, undefined]) {
      const granted = await Promise.all(
        ["theirs", NOBODYS].map(async (name) => {
          const bearer = await bearerFor(url, who, `repository:${name}/app:pull,push`);
          const payload = Buffer.from(bearer.split(".")[1] ?? "", "base64url").toString();
          return (JSON.parse(payload) as { access: unknown }).access;
        }),
      );
      assert.deepEqual(granted, [[], []]);
    }
  });

  it("no source of a mount, and what it holds has to be sent", async () => {
    const { config } = JSON.parse(image.bytes.toString()) as { config: { digest: string } };
    const mount = `blobs/uploads/?mount=${encodeURIComponent(config.digest)}`;
    for (const query of ["", "&from=theirs/app", "&from=nobody/app", "&from=app"]) {
      const answer = await ours.client.ask("POST", "app", mount + query);
      assert.equal(answer.status, 202, query);
    }
  });
});
