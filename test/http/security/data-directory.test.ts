import assert from "node:assert/strict";
import { mkdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { compose } from "../../../provider/server/src/compose.ts";
import { settingsFor } from "../../support/local-registry.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const SECRETS = ["master-key", "admin-password", "admin-email"];
const KEPT = "what somebody else has written\n";

describe("a data directory in which somebody has planted links", () => {
  let place: Awaited<ReturnType<typeof temporaryDirectory>>;
  let dataDir = "";
  let outside = "";

  beforeEach(async () => {
    place = await temporaryDirectory();
    dataDir = join(place.path, "data");
    outside = join(place.path, "outside");
    await mkdir(dataDir, { mode: 0o700 });
    await mkdir(outside);
  });
  afterEach(() => place.remove());

  /** Starts as the first start does, without a password that is set, and stops. */
  async function start(): Promise<unknown> {
    try {
      const admin = { email: "owner@moorage.example", password: undefined };
      const composition = await compose({ ...settingsFor(dataDir), admin });
      await composition.close();
      return undefined;
    } catch (error) {
      return error;
    }
  }

  it("writes through no link that waits where a secret is made", async () => {
    for (const name of SECRETS) {
      await symlink(join(outside, name), join(dataDir, name));
    }
    await start();
    for (const name of SECRETS) {
      await assert.rejects(stat(join(outside, name)), { code: "ENOENT" }, name);
    }
  });

  it("takes no key from a link that leads nowhere", async () => {
    await symlink(join(outside, "nothing"), join(dataDir, "master-key"));
    const error = await start();
    assert.ok(error instanceof Error, "it started without a key that it can find again");
  });

  it("overwrites nothing that such a link leads to", async () => {
    const kept = join(outside, "kept");
    await writeFile(kept, KEPT);
    for (const name of SECRETS) {
      await symlink(kept, join(dataDir, name));
    }
    await start();
    assert.equal(await readFile(kept, "utf8"), KEPT);
  });
});
