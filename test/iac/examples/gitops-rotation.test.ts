import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { eventually } from "../../support/eventually.ts";
import { ExampleRun } from "../../support/example-run.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const MOVED_CLOCK = path.join(import.meta.dirname, "../../support/moved-clock.js");
const HOUR = 3_600_000;
const PULL_SECRET = z.object({ auths: z.record(z.string(), z.object({ auth: z.string() })) });

// One story: each step needs the ones before it.
describe("the example of rotation by a pipeline", function () {
  this.timeout(600_000);
  let example: ExampleRun;
  let clock: string;
  let remove: () => Promise<void>;
  before(async () => {
    const place = await temporaryDirectory();
    remove = place.remove;
    clock = path.join(place.path, "ahead");
    await writeFile(clock, "0");
    example = await ExampleRun.open("gitops-rotation", {
      NODE_OPTIONS: `--import=${MOVED_CLOCK}`,
      MOVED_CLOCK_FILE: clock,
    });
  });
  after(async () => {
    await example?.close();
    await remove?.();
  });

  /** The `Authorization` header of what the pipeline delivered last. */
  const delivered = async (): Promise<string> => {
    const file = path.join(example.folder, ".moorage/pull-secret.json");
    const { auths } = PULL_SECRET.parse(JSON.parse(await readFile(file, "utf8")));
    return `Basic ${Object.values(auths)[0]?.auth}`;
  };
  const status = async (authorization: string): Promise<number> => {
    const answer = await fetch(`${example.url}/v2/`, { headers: { authorization } });
    await answer.arrayBuffer();
    return answer.status;
  };

  it("has a new token every other hour, and always one that works", async () => {
    await example.step("A run of the pipeline");
    const secrets = [await delivered()];
    for (const hour of [1, 2, 3, 4]) {
      await writeFile(clock, String(hour * HOUR));
      assert.equal(await status(String(secrets.at(-1))), 200, `before the run of hour ${hour}`);
      await example.shell("examples/gitops-rotation/pipeline.sh");
      secrets.push(await delivered());
    }
    const numbers = secrets.map((secret) => [...new Set(secrets)].indexOf(secret));
    assert.deepEqual(numbers, [0, 0, 1, 1, 2]);
    const found = await Promise.all([...new Set(secrets)].map(status));
    assert.deepEqual(found, [401, 401, 200], "those that were replaced are refused");
  });

  it("makes up for a time in which no pipeline ran", async () => {
    await writeFile(clock, String(24 * HOUR));
    await eventually("the token to have expired", async () =>
      (await status(await delivered())) === 401 ? true : undefined,
    );
    await example.shell("examples/gitops-rotation/pipeline.sh");
    assert.equal(await status(await delivered()), 200);
  });

  it("leaves nothing behind", async () => {
    assert.match(await example.step("Down"), /3 deleted/);
    assert.deepEqual(example.left, []);
  });
});
