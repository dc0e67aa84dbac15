import assert from "node:assert/strict";
import { obtainClient } from "../../tools/obtain/obtain.ts";
import { printProgress } from "../../tools/obtain/progress.ts";
import { CRANE } from "../../tools/obtain/tool.ts";
import { type MadeCertificate, makeCertificate } from "../support/certificate.ts";
import { ClientHome } from "../support/client-home.ts";
import { digestOf } from "../support/content.ts";
import { type LayoutImage, writeSmallImage } from "../support/oci-layout.ts";
import { type RegistryUnderTest, startRegistry } from "../support/registry-under-test.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { startTlsProxy } from "../support/tls-proxy.ts";
import { trustCertificates } from "../support/trusted-ca.ts";

interface Reached {
  readonly under: RegistryUnderTest;
  readonly host: string;
  close(): Promise<void>;
}

/** Without `MOORAGE_PUBLIC_URL`: what clients are sent to follows from what the proxy says, or from the certificate. */
const ways: readonly [name: string, reach: (certificate: MadeCertificate) => Promise<Reached>][] = [
  ["through a proxy that ends TLS", reachThroughProxy],
  ["over TLS of the server's own", reachDirectly],
];

async function reachThroughProxy(certificate: MadeCertificate): Promise<Reached> {
  const under = await startRegistry({ MOORAGE_TRUSTED_PROXIES: "127.0.0.1" });
  const proxy = await startTlsProxy(under.server.url, certificate);
  return { under, host: proxy.host, close: () => proxy.close() };
}

async function reachDirectly({ cert, certFile, keyFile }: MadeCertificate): Promise<Reached> {
  const distrust = trustCertificates(cert);
  const under = await startRegistry({
    MOORAGE_TLS_CERT_FILE: certFile,
    MOORAGE_TLS_KEY_FILE: keyFile,
  });
  return { under, host: under.server.host, close: async () => distrust() };
}

for (const [way, reach] of ways) {
  describe(way, function () {
    this.timeout(180_000);
    let reached: Reached;
    let home: ClientHome;
    let image: LayoutImage;
    let crane: string;
    let certificates: Awaited<ReturnType<typeof temporaryDirectory>>;

    before(async () => {
      crane = await obtainClient(CRANE, printProgress);
      certificates = await temporaryDirectory();
      const certificate = await makeCertificate(certificates.path, "registry");
      reached = await reach(certificate);
      home = await ClientHome.make({ SSL_CERT_FILE: certificate.certFile });
      image = await writeSmallImage(home.file("image"));
    });
    after(async () => {
      await reached.close();
      await reached.under.server.stop();
      await home.remove();
      await certificates.remove();
    });

    function login(): string[] {
      const { username, password } = reached.under.token;
      return ["login", "--username", username, "--password", password, reached.host];
    }

    it("skopeo logs in, pushes and pulls", async () => {
      const remote = `docker://${reached.host}/shop/team/skopeo:1`;
      await home.run("skopeo", ...login());
      await home.run("skopeo", "copy", "--insecure-policy", `oci:${image.path}:latest`, remote);
      assert.equal(digestOf(await home.run("skopeo", "inspect", "--raw", remote)), image.digest);
      const back = `oci:${home.file("back")}:latest`;
      await home.run("skopeo", "copy", "--insecure-policy", remote, back);
      assert.equal(digestOf(await home.run("skopeo", "inspect", "--raw", back)), image.digest);
    });

    it("crane logs in, pushes, lists and pulls", async () => {
      const remote = `${reached.host}/shop/team/crane`;
      await home.run(crane, "auth", ...login());
      await home.run(crane, "push", image.path, `${remote}:1`);
      assert.equal((await home.run(crane, "digest", `${remote}:1`)).trim(), image.digest);
      await home.run(crane, "tag", `${remote}:1`, "2");
      const tags = await home.run(crane, "ls", remote);
      assert.deepEqual(tags.split("\n").filter(Boolean), ["1", "2"]);
      await home.run(crane, "pull", "--format=oci", `${remote}:2`, home.file("pulled"));
      await home.run(crane, "validate", "--remote", `${remote}:2`);
    });

    it("a client that does not know the certificate's signer is not served", async () => {
      const stranger = await ClientHome.make();
      try {
        const said = await stranger.fail(crane, "ls", `${reached.host}/shop/team/crane`);
        assert.match(said, /certificate/);
      } finally {
        await stranger.remove();
      }
    });

    it("clients get their bearer tokens where they push", () => {
      assert.match(reached.under.server.log, /"path":"\/token","status":200/);
    });
  });
}
