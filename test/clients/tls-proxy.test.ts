import assert from "node:assert/strict";
import { obtainClient } from "../../tools/obtain/obtain.ts";
import { printProgress } from "../../tools/obtain/progress.ts";
import { CRANE } from "../../tools/obtain/tool.ts";
import { makeCertificate } from "../support/certificate.ts";
import { ClientHome } from "../support/client-home.ts";
import { digestOf } from "../support/content.ts";
import { type LayoutImage, writeSmallImage } from "../support/oci-layout.ts";
import { type RegistryUnderTest, startRegistry } from "../support/registry-under-test.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { startTlsProxy, type TlsProxy } from "../support/tls-proxy.ts";

/** No `MOORAGE_PUBLIC_URL`: what clients are sent to follows from what the proxy says. */
describe("through a proxy that ends TLS", function () {
  this.timeout(180_000);
  let under: RegistryUnderTest;
  let proxy: TlsProxy;
  let home: ClientHome;
  let image: LayoutImage;
  let crane: string;
  let certificates: Awaited<ReturnType<typeof temporaryDirectory>>;

  before(async () => {
    crane = await obtainClient(CRANE, printProgress);
    certificates = await temporaryDirectory();
    const certificate = await makeCertificate(certificates.path, "proxy");
    under = await startRegistry({ MOORAGE_TRUSTED_PROXIES: "127.0.0.1" });
    proxy = await startTlsProxy(under.server.url, certificate);
    home = await ClientHome.make({ SSL_CERT_FILE: certificate.certFile });
    image = await writeSmallImage(home.file("image"));
  });
  after(async () => {
    await proxy.close();
    await under.server.stop();
    await home.remove();
    await certificates.remove();
  });

  it("skopeo logs in, pushes and pulls", async () => {
    const { username, password } = under.token;
    const remote = `docker://${proxy.host}/shop/team/skopeo:1`;
    await home.run("skopeo", "login", "--username", username, "--password", password, proxy.host);
    await home.run("skopeo", "copy", "--insecure-policy", `oci:${image.path}:latest`, remote);
    assert.equal(digestOf(await home.run("skopeo", "inspect", "--raw", remote)), image.digest);
    const back = `oci:${home.file("back")}:latest`;
    await home.run("skopeo", "copy", "--insecure-policy", remote, back);
    assert.equal(digestOf(await home.run("skopeo", "inspect", "--raw", back)), image.digest);
  });

  it("crane logs in, pushes, lists and pulls", async () => {
    const { username, password } = under.token;
    const login = ["auth", "login", "--username", username, "--password", password, proxy.host];
    await home.run(crane, ...login);
    const remote = `${proxy.host}/shop/team/crane`;
    await home.run(crane, "push", image.path, `${remote}:1`);
    assert.equal((await home.run(crane, "digest", `${remote}:1`)).trim(), image.digest);
    await home.run(crane, "tag", `${remote}:1`, "2");
    assert.deepEqual((await home.run(crane, "ls", remote)).split("\n").filter(Boolean), ["1", "2"]);
    await home.run(crane, "pull", "--format=oci", `${remote}:2`, home.file("pulled"));
    await home.run(crane, "validate", "--remote", `${remote}:2`);
  });

  it("clients learn nothing of the server's own address", async () => {
    assert.ok(under.server.log.includes('"path":"/token"'));
    const challenge = await under.client.anonymous().send("GET", "/v2/", {
      headers: { "x-forwarded-proto": "https", "x-forwarded-host": proxy.host },
    });
    const realm = /realm="([^"]*)"/.exec(String(challenge.headers["www-authenticate"]))?.[1];
    assert.equal(realm, `https://${proxy.host}/token`);
  });
});
