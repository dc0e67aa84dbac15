import assert from "node:assert/strict";
import { obtainClient } from "../../tools/obtain/obtain.ts";
import { printProgress } from "../../tools/obtain/progress.ts";
import { CRANE } from "../../tools/obtain/tool.ts";
import { ClientHome } from "../support/client-home.ts";
import { identityFile } from "../support/identity-file.ts";
import { AUDIENCE, IdentityProviderUnderTest } from "../support/identity-provider.ts";
import { type LayoutImage, writeSmallImage } from "../support/oci-layout.ts";
import { RunningServer } from "../support/running-server.ts";

describe("clients with the JWT of an identity provider", function () {
  this.timeout(300_000);
  let provider: IdentityProviderUnderTest;
  let file: Awaited<ReturnType<typeof identityFile>>;
  let server: RunningServer;
  let home: ClientHome;
  let crane: string;
  let image: LayoutImage;

  before(async () => {
    crane = await obtainClient(CRANE, printProgress);
    provider = await IdentityProviderUnderTest.start();
    const scopes = [{ type: "repository", name: "team/*", actions: ["pull", "push"] }];
    file = await identityFile([
      {
        issuer: provider.issuer,
        audience: AUDIENCE,
        roles: { admins: "admin" },
        rules: [
          { claims: { repository: "acme/*", ref: "refs/heads/main" }, registry: "shop", scopes },
        ],
      },
    ]);
    // Two workers, of which each has the provider's keys of its own.
    server = await RunningServer.start({ ...file.environment, MOORAGE_WORKERS: "2" });
    home = await ClientHome.make();
    image = await writeSmallImage(home.file("image"));
  });
  after(async () => {
    await server.stop();
    await provider.stop();
    await file.remove();
    await home.remove();
  });

  const pipeline = (ref: string) =>
    provider.issue("repo:acme/app", { repository: "acme/app", ref: `refs/heads/${ref}` });
  const asCrane = (...args: string[]) => home.run(crane, "--insecure", ...args);

  it("a person makes a registry by curl, with the JWT as bearer", async () => {
    const jwt = await provider.issue("ada", { roles: ["admins"] });
    const said = await home.run(
      "curl",
      ...["--silent", "--show-error", "--fail-with-body"],
      ...["-H", `Authorization: Bearer ${jwt}`, "-H", "Content-Type: application/json"],
      ...["-d", '{"properties": {"name": "shop", "location": "de/fra"}}'],
      `${server.url}/containerregistries/registries`,
    );
    assert.equal(JSON.parse(said).properties.name, "shop");
    assert.equal(JSON.parse(said).metadata.createdBy, "ada");
  });

  it("a pipeline pushes and pulls by skopeo, with the JWT as password", async () => {
    const creds = `oidc:${await pipeline("main")}`;
    const remote = `docker://${server.host}/shop/team/app:1`;
    await home.run(
      "skopeo",
      ...["copy", "--insecure-policy", "--dest-tls-verify=false", "--dest-creds", creds],
      ...[`oci:${image.path}:latest`, remote],
    );
    await home.run(
      "skopeo",
      ...["copy", "--insecure-policy", "--src-tls-verify=false", "--src-creds", creds],
      ...[remote, `oci:${home.file("back")}:latest`],
    );
  });

  it("a pipeline logs in by crane, and may do what its rule says, and no more", async () => {
    const jwt = await pipeline("main");
    await asCrane("auth", "login", "--username", "oidc", "--password", jwt, server.host);
    await asCrane("push", image.path, `${server.host}/shop/team/app:2`);
    assert.equal((await asCrane("digest", `${server.host}/shop/team/app:2`)).trim(), image.digest);
    const elsewhere = `${server.host}/shop/elsewhere:1`;
    assert.match(await home.fail(crane, "--insecure", "push", image.path, elsewhere), /DENIED|403/);
  });

  it("a pipeline of another branch is refused", async () => {
    const jwt = await pipeline("feature");
    await asCrane("auth", "login", "--username", "oidc", "--password", jwt, server.host);
    const remote = `${server.host}/shop/team/app:3`;
    const said = await home.fail(crane, "--insecure", "push", image.path, remote);
    assert.match(said, /DENIED|403/);
  });
});
