import assert from "node:assert/strict";
import { join } from "node:path";
import { run } from "../../../tools/obtain/run.ts";
import { REPOSITORY } from "../../../tools/repository.ts";

/** What Node has loaded of its own once a worker's program is there. */
async function builtinsOf(program: string): Promise<readonly string[]> {
  const script = `await import(${JSON.stringify(join(REPOSITORY, program))});
    console.log(JSON.stringify(process.moduleLoadList));`;
  const { code, output, errors } = await run(
    process.execPath,
    ["--conditions=@moorage/source", "--input-type=module", "--eval", script],
    { folder: REPOSITORY },
  );
  assert.equal(code, 0, errors);
  return JSON.parse(output);
}

describe("the program of a worker", function () {
  this.timeout(30_000);

  it("loads no client of WebSockets, which `import` of node:http brings along and a start waits for", async () => {
    const loaded = await builtinsOf("provider/server/src/workers/serve.ts");
    assert.ok(loaded.includes("NativeModule http"), "it is the one that answers requests");
    assert.deepEqual(
      loaded.filter((name) => name.includes("undici")),
      [],
    );
  });
});
