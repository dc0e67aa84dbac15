import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, lstat, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildImage } from "../../tools/image/build.ts";
import { run } from "../../tools/obtain/run.ts";
import { REPOSITORY } from "../../tools/repository.ts";
import { ClientHome } from "../support/client-home.ts";
import { eventually } from "../support/eventually.ts";
import { freePort } from "../support/free-port.ts";
import { type RegistryUnderTest, startRegistry } from "../support/registry-under-test.ts";

const IMAGE = "localhost/moorage:test";
const BYTES_MAX = 150_000_000;
/** What `buildah run` puts into a container's root file system: mount points, and names of the network. */
const OF_BUILDAH = /^\/(?:dev|proc|sys|run|data|etc\/(?:hosts|resolv\.conf|hostname))(?:\/|$)/;

describe("the container image", function () {
  this.timeout(300_000);
  let home: ClientHome;
  let environment: Record<string, string>;
  let digest: string;
  let root: string;

  before(async () => {
    home = await ClientHome.make();
    environment = {
      PATH: process.env["PATH"] ?? "",
      HOME: home.path,
      TMPDIR: home.path,
      XDG_RUNTIME_DIR: home.file("run"),
      CONTAINERS_STORAGE_CONF: home.file("storage.conf"),
    };
    const storage = { driver: "vfs", graphroot: home.file("images"), runroot: home.file("run") };
    const lines = Object.entries(storage).map(([name, value]) => `${name} = "${value}"`);
    await writeFile(home.file("storage.conf"), ["[storage]", ...lines, ""].join("\n"));
    const build = ["run", "build", "-w", "provider/server", "--", "--without-compile-cache"];
    assert.equal((await run("npm", build, { folder: REPOSITORY })).code, 0);
    digest = await buildImage(IMAGE, environment);
    await buildah("from", "--name", "under-test", IMAGE);
    root = (await buildah("mount", "under-test")).trim();
  });
  after(async () => {
    await buildah("rm", "--all");
    await home.remove();
  });

  async function buildah(...args: string[]): Promise<string> {
    const { code, output, errors } = await run("buildah", args, { environment });
    assert.equal(code, 0, `buildah ${args[0]}:\n${errors}${output}`);
    return output;
  }

  it("is made in stages, of which the last begins with nothing and runs nothing", async () => {
    const file = join(REPOSITORY, "provider", "server", "Containerfile");
    const stages = (await readFile(file, "utf8")).split(/^(?=FROM )/m).slice(1);
    assert.equal(stages.length, 2);
    const last = (stages.at(-1) ?? "").split("\n").map((line) => line.split(" "));
    const of = (name: string) =>
      last.filter(([word]) => word === name).map((words) => words.slice(1));
    assert.deepEqual(of("FROM"), [["scratch"]]);
    assert.deepEqual(of("RUN"), []);
    assert.ok(of("COPY").every(([from]) => from === "--from=assembled"));
    // There is no shell to run a command that is one text.
    const program = ["/usr/local/bin/node", "/app/main.js"];
    assert.deepEqual(JSON.parse(of("ENTRYPOINT")[0]?.join(" ") ?? ""), program);
    const probe = of("HEALTHCHECK")[0]?.join(" ").split(" CMD ")[1] ?? "";
    assert.deepEqual(JSON.parse(probe), [...program, "healthcheck"]);
  });

  it("is the same to the byte when the same source is built again", async () => {
    assert.equal(await buildImage(IMAGE, environment), digest);
  });

  it("is smaller than 150 MB and holds Node, its libraries and the program alone", async () => {
    let bytes = 0;
    const programs: string[] = [];
    for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
      const file = join(entry.parentPath, entry.name);
      if (entry.isFile()) {
        const { size, mode } = await stat(file);
        bytes += size;
        assert.equal(mode & 0o6000, 0, `${file} runs as somebody else`);
        if ((mode & 0o111) !== 0 && !/\.so(\.\d+)*$/.test(entry.name)) {
          programs.push(file.slice(root.length));
        }
      }
    }
    assert.ok(bytes < BYTES_MAX, `${bytes} bytes`);
    assert.deepEqual(programs, ["/usr/local/bin/node"]);
  });

  it("runs as a user without rights, which owns the data alone", async () => {
    const { OCIv1 } = JSON.parse(await buildah("inspect", "--type", "image", IMAGE));
    assert.equal(OCIv1.config.User, "65532:65532");
    assert.deepEqual(Object.keys(OCIv1.config.Volumes), ["/data"]);
    const owners = async (path: string) => {
      const { uid, mode } = await stat(join(root, path));
      return [uid, mode & 0o777];
    };
    assert.deepEqual(await owners("data/moorage"), [65532, 0o700]);
    assert.deepEqual(await owners("app"), [0, 0o755]);
    assert.deepEqual(await owners("app/main.js"), [0, 0o644]);
  });

  describe("as it runs", () => {
    let server: ChildProcess;
    let port: number;
    let untouched: ReadonlyMap<string, string>;

    before(async () => {
      port = await freePort();
      untouched = await filesIn(root);
      // The volume of a host that knows nothing of the image's user.
      await mkdir(home.file("data"));
      await chmod(home.file("data"), 0o777);
      server = spawn("buildah", inImage(), { env: environment, stdio: "ignore" });
      await eventually("the server in the image to be ready", async () => {
        const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
        return answer?.status === 200 ? true : undefined;
      });
    });
    after(async () => {
      const ended = once(server, "close");
      server.kill("SIGTERM");
      await ended;
    });

    function inImage(...command: string[]): string[] {
      const settings = ["MOORAGE_ALLOW_HTTP=true", `MOORAGE_LISTEN=0.0.0.0:${port}`].flatMap(
        (setting) => ["--env", setting],
      );
      const volume = ["--volume", `${home.file("data")}:/data/moorage`];
      const program = ["/usr/local/bin/node", "/app/main.js"];
      const options = ["--isolation", "chroot", ...volume, ...settings];
      return ["run", ...options, "under-test", "--", ...program, ...command];
    }

    it("is asked by its own probe, which tells a server that is not there", async () => {
      await buildah(...inImage("healthcheck"));
      const nowhere = inImage("healthcheck").map((word) =>
        word.startsWith("MOORAGE_LISTEN") ? `MOORAGE_LISTEN=127.0.0.1:1` : word,
      );
      const { code, errors } = await run("buildah", nowhere, { environment });
      assert.equal(code, 1);
      assert.match(errors, /the server at 127\.0\.0\.1:1 does not answer: .*ECONNREFUSED/);
      assert.doesNotMatch(errors, / at .*\.js:\d+/);
    });

    it("writes nothing to its root file system, which may be read-only", async () => {
      const files = await filesIn(root);
      const written = [...files].filter(([file, state]) => untouched.get(file) !== state);
      assert.deepEqual(
        written.filter(([file]) => !OF_BUILDAH.test(file)),
        [],
      );
      for (const file of untouched.keys()) assert.ok(files.has(file), file);
    });

    it("keeps its data where the volume is", async () => {
      const files = await readdir(home.file("data"));
      assert.deepEqual(
        files.filter((file) => /^(metadata.sqlite|master-key)$/.test(file)).sort(),
        ["master-key", "metadata.sqlite"],
        files.join(" "),
      );
    });
  });

  it("goes into a registry of Moorage and comes back the same", async () => {
    const under: RegistryUnderTest = await startRegistry();
    try {
      const { username, password } = under.token;
      const creds = ["--tls-verify=false", "--creds", `${username}:${password}`];
      const remote = `docker://${under.server.host}/shop/moorage:1`;
      await buildah("push", ...creds, IMAGE, remote);
      const pushed = await home.run(
        "skopeo",
        "inspect",
        ...creds,
        "--format",
        "{{.Digest}}",
        remote,
      );
      await buildah("pull", ...creds, remote);
      const name = `${under.server.host}/shop/moorage:1`;
      const format = ["--type", "image", "--format", "{{.FromImageDigest}} {{.FromImageID}}"];
      const [pulled, id] = (await buildah("inspect", ...format, name)).trim().split(" ");
      assert.equal(pulled, pushed.trim());
      const [, built] = (await buildah("inspect", ...format, IMAGE)).trim().split(" ");
      assert.equal(id, built);
    } finally {
      await under.server.stop();
    }
  });
});

/** Every file below a folder, with what would show that it was written to. */
async function filesIn(folder: string): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const file = join(entry.parentPath, entry.name);
    const { mode, mtimeMs, size } = await lstat(file);
    files.set(file.slice(folder.length), `${mode} ${size} ${mtimeMs}`);
  }
  return files;
}
