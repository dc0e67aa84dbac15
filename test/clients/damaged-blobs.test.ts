import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { obtainClient } from "../../tools/obtain/obtain.ts";
import { printProgress } from "../../tools/obtain/progress.ts";
import { CRANE } from "../../tools/obtain/tool.ts";
import { ClientHome } from "../support/client-home.ts";
import { filesBelow, flipBit } from "../support/data-files.ts";
import { type LayoutImage, writeLargeFileImage } from "../support/oci-layout.ts";
import { type RegistryUnderTest, startRegistry } from "../support/registry-under-test.ts";

describe("a push of an image whose blob is damaged in the registry", function () {
  this.timeout(180_000);
  let under: RegistryUnderTest;
  let home: ClientHome;
  let crane: string;

  before(async () => {
    crane = await obtainClient(CRANE, printProgress);
    under = await startRegistry();
    home = await ClientHome.make();
    const { username, password } = under.token;
    const login = ["auth", "login", "--username", username, "--password", password];
    await home.run(crane, "--insecure", ...login, under.server.host);
  });
  after(async () => {
    await under.server.stop();
    await home.remove();
  });

  const creds = () => `${under.token.username}:${under.token.password}`;
  const clients = {
    skopeo: {
      push: (source: string, name: string) => [
        "skopeo",
        ...["copy", "--insecure-policy", "--dest-tls-verify=false", "--dest-creds", creds()],
        ...[`oci:${source}:latest`, `docker://${name}`],
      ],
      pull: (name: string, target: string) => [
        "skopeo",
        ...["copy", "--insecure-policy", "--src-tls-verify=false", "--src-creds", creds()],
        ...[`docker://${name}`, `dir:${target}`],
      ],
    },
    crane: {
      push: (source: string, name: string) => [crane, "--insecure", "push", source, name],
      pull: (name: string, target: string) => [
        crane,
        ...["--insecure", "pull", "--format=oci", name, target],
      ],
    },
  };

  for (const [client, { push, pull }] of Object.entries(clients)) {
    for (const [what, damage] of [
      ["a flipped bit", (file: string) => flipBit(file, 100_000)],
      ["no file any more", (file: string) => rm(file)],
    ] as const) {
      it(`by ${client}, a layer having ${what}, heals it for everybody`, async () => {
        const slug = `${client}/${what.replaceAll(" ", "-")}`;
        const one = `${under.server.host}/shop/${slug}:1`;
        const other = `${under.server.host}/shop/${slug}/again:1`;
        const run = ([program = "", ...args]: readonly string[]) => home.run(program, ...args);
        const fail = ([program = "", ...args]: readonly string[]) => home.fail(program, ...args);
        const image: LayoutImage = await writeLargeFileImage(home.file(slug.replace("/", "-")));
        const blobs = join(under.server.dataDir, "blobs");
        const before = new Set(await filesBelow(blobs));
        await run(push(image.path, one));
        await run(push(image.path, other));
        const files = (await filesBelow(blobs)).filter((file) => !before.has(file));
        assert.equal(files.length, 1, "the layer is not one file");
        await damage(files[0] ?? "");
        for (const name of [one, other]) {
          await fail(pull(name, home.file("broken")));
        }
        await run(push(image.path, one));
        for (const [turn, name] of [one, other].entries()) {
          await run(pull(name, home.file(`${slug.replace("/", "-")}-back-${turn}`)));
        }
      });
    }
  }
});
