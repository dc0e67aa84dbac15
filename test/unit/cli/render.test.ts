import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pullSecretObjects } from "@moorage/core/deployment/pull-secret";
import { registryServerObjects } from "@moorage/core/deployment/registry-server";
import { parseAllDocuments, stringify } from "yaml";
import { runCommand } from "../../../provider/server/src/cli/run-command.ts";
import { EMBEDDED, KEYS } from "../../support/deployed-options.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

describe("the command render", () => {
  let directory: { path: string; remove: () => Promise<void> };
  before(async () => {
    directory = await temporaryDirectory();
  });
  after(() => directory.remove());

  async function render(text: string) {
    const file = join(directory.path, "options.yaml");
    await writeFile(file, text);
    const printed: string[] = [];
    const noted: string[] = [];
    const code = await runCommand(["render", "--file", file], {
      environment: {},
      print: (line) => printed.push(line),
      note: (line) => noted.push(line),
    });
    return { code, printed: printed.join("\n"), noted: noted.join("\n") };
  }

  it("prints the objects that the options stand for, from YAML and from JSON", async () => {
    const pull = { name: "pull", namespaces: ["shop"], serviceAccounts: ["default"] };
    const dockerConfigJson = '{"auths":{"a.example":{"auth":"YTpi"}}}';
    const content = {
      registryServer: EMBEDDED,
      keys: KEYS,
      pullSecrets: [{ ...pull, credentials: [{ dockerConfigJson }] }],
    };
    const expected = [
      ...registryServerObjects(EMBEDDED, KEYS),
      ...pullSecretObjects(pull, dockerConfigJson),
    ];
    for (const text of [stringify(content), JSON.stringify(content)]) {
      const { code, printed } = await render(text);
      assert.equal(code, 0);
      const documents = parseAllDocuments(printed).map((document) => document.toJS());
      assert.deepEqual(documents, expected);
    }
  });

  for (const [what, text, sentence] of [
    ["is no YAML", "a: [", /cannot be rendered/],
    ["says nothing", "{}", /must have registryServer, pullSecrets, or both/],
    ["says what there is not", "server: {}", /unknown field "server"/],
    [
      "has options that are wrong",
      "registryServer: { image: a, host: A }",
      /registryServer\.host: must be a host name/,
    ],
    [
      "has wrong keys",
      "keys: { masterKey: a, ownerPassword: a }",
      /keys\.masterKey: must be 32 bytes/,
    ],
  ] as const) {
    it(`refuses a file that ${what}, and says what would be right`, async () => {
      const { code, noted, printed } = await render(text);
      assert.deepEqual([code, printed], [1, ""]);
      assert.match(noted, sentence);
    });
  }

  it("says so where there is no such file", async () => {
    const noted: string[] = [];
    const code = await runCommand(["render", "--file", join(directory.path, "none")], {
      environment: {},
      print: () => {},
      note: (line) => noted.push(line),
    });
    assert.equal(code, 1);
    assert.match(noted.join("\n"), /cannot be read; expected a file of YAML or JSON/);
  });
});
