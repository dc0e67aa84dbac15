import assert from "node:assert/strict";
import { access, chmod, constants, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { obtainClient, obtainPulumi } from "../../../tools/obtain/obtain.ts";
import { CRANE } from "../../../tools/obtain/tool.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

/** Stands for `go build … -o TARGET PACKAGE`. */
const GO = `while [ "$1" != -o ]; do shift; done
echo built >> "$COUNTER"; printf '#!/bin/sh\\n' > "$2"; chmod +x "$2"`;
const CURL_OFFLINE = "exit 6";
/** Stands for curl that fetches an installer, which obeys \`--install-root\`. */
const CURL_ONLINE = `cat <<'SCRIPT'
while [ "$1" != --install-root ]; do shift; done
mkdir -p "$2/bin"; for name in pulumi pulumi-language-nodejs; do
printf '#!/bin/sh\\n' > "$2/bin/$name"; chmod +x "$2/bin/$name"; done
SCRIPT`;

describe("obtaining a tool", () => {
  let folder: string;
  let remove: () => Promise<void>;
  let said: string[];

  beforeEach(async () => {
    ({ path: folder, remove } = await temporaryDirectory());
    said = [];
    await mkdir(path.join(folder, "path"));
    await writeFile(path.join(folder, "builds"), "");
    for (const name of ["sh", "cat", "chmod", "mkdir"]) {
      await symlink(`/bin/${name}`, path.join(folder, "path", name));
    }
  });
  afterEach(() => remove());

  const onPath = (name: string) => path.join(folder, "path", name);
  const built = (name: string) => path.join(folder, "tools", name);
  const progress = (sentence: string) => said.push(sentence);
  const environment = () => ({
    PATH: path.join(folder, "path"),
    MOORAGE_TOOLS_DIR: path.join(folder, "tools"),
    COUNTER: path.join(folder, "builds"),
  });

  async function install(name: string, script: string): Promise<void> {
    await writeFile(onPath(name), `#!/bin/sh\n${script}\n`);
    await chmod(onPath(name), 0o755);
  }

  async function countBuilds(): Promise<number> {
    return (await readFile(path.join(folder, "builds"), "utf8")).split("\n").length - 1;
  }

  it("takes the one on PATH, and the language host beside it", async () => {
    await install("pulumi", "echo v3.200.0");
    await install("pulumi-language-nodejs", "");
    assert.deepEqual(await obtainPulumi(progress, environment()), {
      cli: onPath("pulumi"),
      languageHost: onPath("pulumi-language-nodejs"),
    });
    assert.deepEqual(said, []);
  });

  it("leaves one on PATH alone that is too old, its host as well, and says so", async () => {
    await install("pulumi", "echo v3.199.9");
    await install("pulumi-language-nodejs", "");
    await install("curl", CURL_OFFLINE);
    await install("go", GO);
    assert.deepEqual(await obtainPulumi(progress, environment()), {
      cli: built("pulumi"),
      languageHost: built("pulumi-language-nodejs"),
    });
    assert.match(said[0] ?? "", /is 3\.199\.9; 3\.200\.0 or newer is needed$/);
  });

  it("runs the makers' installer where it can be reached", async () => {
    await install("curl", CURL_ONLINE);
    const tools = await obtainPulumi(progress, environment());
    assert.equal(path.basename(path.dirname(tools.cli)), "bin");
    assert.equal(path.dirname(tools.languageHost), path.dirname(tools.cli));
    assert.ok(tools.cli.startsWith(path.join(folder, "tools", "pulumi-")));
    await install("curl", CURL_OFFLINE);
    assert.deepEqual(await obtainPulumi(progress, environment()), tools);
  });

  it("builds what it lacks once, and again when the sources changed", async () => {
    await install("go", GO);
    assert.equal(await obtainClient(CRANE, progress, environment()), built("crane"));
    await obtainClient(CRANE, progress, environment());
    assert.equal(await countBuilds(), 1);
    await obtainClient({ ...CRANE, version: "0.22.2" }, progress, environment());
    assert.equal(await countBuilds(), 2);
  });

  it("puts what an executable wants beside it there, whoever obtains it first", async () => {
    await mkdir(path.join(folder, "module", "cmd"), { recursive: true });
    await writeFile(path.join(folder, "module", "cmd", "crane-exec"), "#!/bin/sh\n");
    await install("go", `case $1 in list) echo ${folder}/module ;; mod) ;; *)\n${GO} ;; esac`);
    const companions = [{ module: "crane.example", file: "cmd/crane-exec" }];
    await obtainClient({ ...CRANE, companions }, progress, environment());
    await access(built("crane-exec"), constants.X_OK);
    assert.equal(await countBuilds(), 1);
  });

  it("tells how a build failed, and where its log is", async () => {
    await install("go", "echo first >&2; echo no such host >&2; exit 1");
    await assert.rejects(obtainClient(CRANE, progress, environment()), {
      name: "Problem",
      message: `building the registry client crane failed: no such host (the whole log: ${built("crane")}.build.log)`,
    });
  });

  it("tells what to install where Go is missing, too", async () => {
    await install("curl", CURL_OFFLINE);
    await assert.rejects(obtainPulumi(progress, environment()), {
      name: "Problem",
      message: /install pulumi 3\.200\.0 or newer, or Go 1\.26 or newer/,
    });
  });
});
