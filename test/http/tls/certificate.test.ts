import assert from "node:assert/strict";
import { copyFile, mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connect, type TLSSocket } from "node:tls";
import { type MadeCertificate, makeCertificate } from "../../support/certificate.ts";
import { eventually } from "../../support/eventually.ts";
import { type RegistryUnderTest, startRegistry } from "../../support/registry-under-test.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { trustCertificates } from "../../support/trusted-ca.ts";

const WORKERS = 2;

/** The files lie as Kubernetes mounts a secret: links into `..data`, which is itself a link to a folder. */
describe("the certificate of a running server", function () {
  this.timeout(60_000);
  let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
  let one: MadeCertificate;
  let two: MadeCertificate;
  let distrust: () => void;
  let under: RegistryUnderTest;

  const file = (name: string) => join(folder.path, name);

  before(async () => {
    folder = await temporaryDirectory();
    one = await makeCertificate(folder.path, "one");
    two = await makeCertificate(folder.path, "two");
    distrust = trustCertificates(one.cert, two.cert);
    await mkdir(file("mounted"));
    await symlink("..data/tls.crt", file("mounted/tls.crt"));
    await symlink("..data/tls.key", file("mounted/tls.key"));
    await mount(one, "first");
    under = await startRegistry({
      MOORAGE_TLS_CERT_FILE: file("mounted/tls.crt"),
      MOORAGE_TLS_KEY_FILE: file("mounted/tls.key"),
      MOORAGE_WORKERS: String(WORKERS),
    });
  });
  after(async () => {
    await under.server.stop();
    distrust();
    await folder.remove();
  });
  afterEach(async () => {
    await mount(one, `reset-${Math.random()}`);
    await shown(one);
  });

  /** As the kubelet does: a new folder, then one rename. */
  async function mount(certificate: MadeCertificate, name: string): Promise<void> {
    const data = file(`mounted/..${name}`);
    await mkdir(data);
    await copyFile(certificate.certFile, join(data, "tls.crt"));
    await copyFile(certificate.keyFile, join(data, "tls.key"));
    await symlink(`..${name}`, file("mounted/..new"));
    await rename(file("mounted/..new"), file("mounted/..data"));
  }

  async function open(): Promise<TLSSocket> {
    const socket = connect({
      host: "127.0.0.1",
      port: under.server.port,
      ca: [one.cert, two.cert],
    });
    await new Promise<void>((resolve, reject) => {
      socket.once("secureConnect", resolve);
      socket.once("error", reject);
    });
    return socket;
  }

  /** Waits until so many new connections in a row, more than one worker gets, are shown this certificate. */
  function shown(certificate: MadeCertificate): Promise<true> {
    return eventually("every worker to have the certificate", async () => {
      for (let count = 0; count < WORKERS * 8; count++) {
        const socket = await open();
        const { fingerprint256 } = socket.getPeerCertificate();
        socket.destroy();
        if (fingerprint256 !== certificate.fingerprint) {
          return undefined;
        }
      }
      return true;
    });
  }

  const logged = (event: string) =>
    under.server.log.split("\n").filter((line) => line.includes(`"event":"${event}"`));
  const problems = () => logged("certificate-not-changed").length;
  const nextProblem = (told: number) =>
    eventually("the problem to be told", async () => (problems() > told ? true : undefined));

  it("is replaced by turning a link, and open connections go on with the old one", async () => {
    const image = await under.client.pushImage("app", "1");
    const socket = await open();
    await mount(two, "second");
    await shown(two);
    assert.equal(socket.getPeerCertificate().fingerprint256, one.fingerprint);
    socket.write("GET /healthz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
    let answer = "";
    for await (const part of socket) {
      answer += part;
    }
    assert.match(answer, /^HTTP\/1\.1 200 /);
    const pulled = await under.client.ask("GET", "app", "manifests/1");
    assert.ok(pulled.body.equals(image.bytes));
    const [line] = await eventually("the change to be told", async () => {
      const lines = logged("certificate-changed");
      return lines.length > 0 ? lines : undefined;
    });
    assert.ok(line?.includes(two.fingerprint));
  });

  it("may be written in place, one file after the other", async () => {
    const told = problems();
    await writeFile(file("mounted/tls.crt"), two.cert);
    await writeFile(file("mounted/tls.key"), two.key);
    await shown(two);
    assert.equal(problems(), told);
  });

  const broken: readonly [
    name: string,
    files: () => { cert: string; key: string },
    says: RegExp,
  ][] = [
    ["a key of another certificate", () => ({ cert: two.cert, key: one.key }), /is not the key of/],
    ["no certificate", () => ({ cert: "", key: two.key }), /holds no certificate/],
    [
      "half a certificate",
      () => ({ cert: two.cert.slice(0, 300), key: two.key }),
      /no certificate/,
    ],
    ["no key", () => ({ cert: two.cert, key: "nonsense" }), /holds no private key/],
  ];
  for (const [name, files, says] of broken) {
    it(`stays when there is ${name}, which is told once`, async () => {
      const told = problems();
      const { cert, key } = files();
      await writeFile(file("mounted/tls.crt"), cert);
      await writeFile(file("mounted/tls.key"), key);
      await nextProblem(told);
      assert.match(logged("certificate-not-changed").at(-1) ?? "", says);
      await shown(one);
      assert.equal(problems(), told + 1);
    });
  }

  it("stays when a file is gone, and is replaced when it is back", async () => {
    const told = problems();
    await rm(file("mounted/..data"));
    await nextProblem(told);
    await shown(one);
    await mount(two, "back");
    await shown(two);
  });

  it("is shown by TLS 1.2 and 1.3, and not by less", async () => {
    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      const socket = connect({
        host: "127.0.0.1",
        port: under.server.port,
        ca: [one.cert],
        minVersion: version,
        maxVersion: version,
      });
      await new Promise((resolve) => socket.once("secureConnect", resolve));
      assert.equal(socket.getProtocol(), version);
      socket.destroy();
    }
    const old = connect({
      host: "127.0.0.1",
      port: under.server.port,
      ca: [one.cert],
      minVersion: "TLSv1",
      maxVersion: "TLSv1.1",
      ciphers: "DEFAULT@SECLEVEL=0",
    });
    const error = await new Promise((resolve) => old.once("error", resolve));
    assert.match(String(error), /protocol version|alert/);
  });

  it("makes https the server's own address", async () => {
    const answer = await under.client.anonymous().send("GET", "/v2/");
    const realm = /realm="([^"]*)"/.exec(String(answer.headers["www-authenticate"]))?.[1];
    assert.equal(realm, `https://127.0.0.1:${under.server.port}/token`);
    assert.match(logged("listening").join(), /"url":"https:/);
  });
});
