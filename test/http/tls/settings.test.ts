import assert from "node:assert/strict";
import { join } from "node:path";
import { readConfig } from "../../../provider/server/src/config.ts";
import { Certificate } from "../../../provider/server/src/workers/certificate.ts";
import { type MadeCertificate, makeCertificate } from "../../support/certificate.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const FILES = { MOORAGE_TLS_CERT_FILE: "tls.crt", MOORAGE_TLS_KEY_FILE: "tls.key" };

describe("the settings for TLS", () => {
  let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
  let made: MadeCertificate;
  let other: MadeCertificate;

  before(async () => {
    folder = await temporaryDirectory();
    made = await makeCertificate(folder.path, "one");
    other = await makeCertificate(folder.path, "two");
  });
  after(() => folder.remove());

  it("make https what clients are told, and let the server listen anywhere", () => {
    const { publicUrl } = readConfig({ ...FILES, MOORAGE_LISTEN: "0.0.0.0:5443" });
    assert.equal(publicUrl, "https://localhost:5443");
  });

  it("give way to the public URL that is set", () => {
    const told = { ...FILES, MOORAGE_PUBLIC_URL: "https://registry.example.com" };
    assert.equal(readConfig(told).publicUrl, "https://registry.example.com");
  });

  it("go together, or not at all", () => {
    for (const [name, file] of Object.entries(FILES)) {
      assert.throws(
        () => readConfig({ [name]: file }),
        /^ConfigError: MOORAGE_TLS_\w+: .*set both/,
      );
    }
  });

  it("are named where plain HTTP is refused", () => {
    assert.throws(
      () => readConfig({ MOORAGE_LISTEN: "0.0.0.0:5000" }),
      /set MOORAGE_TLS_CERT_FILE/,
    );
  });

  it("name what is wrong with the files", async () => {
    const missing = join(folder.path, "missing");
    for (const [certFile, keyFile, says] of [
      [missing, made.keyFile, /^ConfigError: MOORAGE_TLS_CERT_FILE: cannot read ".*missing"/],
      [made.certFile, missing, /^ConfigError: MOORAGE_TLS_KEY_FILE: cannot read ".*missing"/],
      [made.keyFile, made.keyFile, /^ConfigError: MOORAGE_TLS_CERT_FILE: .* holds no certificate/],
      [made.certFile, made.certFile, /^ConfigError: MOORAGE_TLS_KEY_FILE: .* holds no private key/],
      [made.certFile, other.keyFile, /^ConfigError: MOORAGE_TLS_KEY_FILE: .* is not the key of/],
    ] as const) {
      await assert.rejects(Certificate.open({ certFile, keyFile }), says);
    }
  });
});
