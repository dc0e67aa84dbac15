import assert from "node:assert/strict";
import { obtainClient } from "../../tools/obtain/obtain.ts";
import { printProgress } from "../../tools/obtain/progress.ts";
import { CRANE } from "../../tools/obtain/tool.ts";
import { ClientHome } from "../support/client-home.ts";
import { freePorts } from "../support/free-port.ts";
import { type LayoutImage, writeSmallImage } from "../support/oci-layout.ts";
import { type RegistryUnderTest, startRegistry } from "../support/registry-under-test.ts";

describe("clients at a registry's own port", function () {
  this.timeout(180_000);
  let under: RegistryUnderTest;
  let home: ClientHome;
  let image: LayoutImage;
  let host: string;

  before(async () => {
    const port = await freePorts(2);
    under = await startRegistry({
      MOORAGE_WORKERS: "2",
      MOORAGE_ADDRESSING: "port",
      MOORAGE_REGISTRY_PORTS: `${port}-${port + 1}`,
    });
    host = `127.0.0.1:${port}`;
    home = await ClientHome.make();
    image = await writeSmallImage(home.file("small"));
  });
  after(async () => {
    await under.server.stop();
    await home.remove();
  });

  it("crane logs in, pushes, lists and pulls", async () => {
    const crane = await obtainClient(CRANE, printProgress);
    const run = (...args: string[]) => home.run(crane, "--insecure", ...args);
    const { username, password } = under.token;
    await run("auth", "login", "--username", username, "--password", password, host);
    await run("push", image.path, `${host}/team/app:1`);
    assert.equal((await run("digest", `${host}/team/app:1`)).trim(), image.digest);
    assert.deepEqual((await run("ls", `${host}/team/app`)).trim(), "1");
    assert.match(await run("validate", "--remote", `${host}/team/app:1`), /^PASS/);
    assert.equal((await run("digest", `${host}/team/app:1`)).trim(), image.digest);
  });

  it("skopeo copies in and out", async () => {
    const creds = `${under.token.username}:${under.token.password}`;
    const copy = ["copy", "--insecure-policy"];
    const there = `docker://${host}/team/copied:1`;
    const to = ["--dest-tls-verify=false", "--dest-creds", creds, `oci:${image.path}`, there];
    await home.run("skopeo", ...copy, ...to);
    const from = [
      "--src-tls-verify=false",
      "--src-creds",
      creds,
      there,
      `oci:${home.file("back")}`,
    ];
    await home.run("skopeo", ...copy, ...from);
  });
});
