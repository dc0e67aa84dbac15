import assert from "node:assert/strict";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { basic } from "../../support/management.ts";
import { RunningServer } from "../../support/running-server.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

/** As if the support had set neither: an empty variable counts as none. */
const NO_OWNER_GIVEN = { MOORAGE_ADMIN_EMAIL: "", MOORAGE_ADMIN_PASSWORD: "" };

async function canSignIn({ url }: RunningServer, password: string, username: string) {
  const headers = { authorization: basic({ username, password }) };
  const answer = await fetch(`${url}/containerregistries/locations`, { headers });
  await answer.arrayBuffer();
  return answer.status === 200;
}

async function modes(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const { mode } = await stat(join(folder, entry.name));
    found[entry.name] = `${entry.isDirectory() ? "d" : "-"}${(mode & 0o777).toString(8)}`;
  }
  return found;
}

describe("the first start", () => {
  it("makes the data directory, keys and an owner with a password, for nobody else to read", async () => {
    const server = await RunningServer.start(NO_OWNER_GIVEN);
    try {
      assert.equal((await stat(server.dataDir)).mode & 0o777, 0o700);
      const found = await modes(server.dataDir);
      for (const name of ["admin-email", "admin-password", "master-key", "metadata.sqlite"]) {
        assert.equal(found[name], "-600", name);
      }
      assert.deepEqual(
        Object.entries(found).filter(([, mode]) => !["-600", "d700"].includes(mode)),
        [],
      );
      const password = await readFile(join(server.dataDir, "admin-password"), "utf8");
      assert.ok(password.trim().length >= 32);
      assert.ok(await canSignIn(server, password.trim(), "admin@moorage.local"));
      assert.ok(!(await canSignIn(server, `${password.trim()}x`, "admin@moorage.local")));
    } finally {
      await server.stop();
    }
  });

  it("says where they are, once, and prints no secret", async () => {
    const server = await RunningServer.start(NO_OWNER_GIVEN);
    try {
      const notices = () => server.log.split("\n").filter((line) => line.includes("first-start"));
      await server.kill("SIGTERM");
      const { dataDir } = server;
      const passwordFile = join(dataDir, "admin-password");
      const masterKeyFile = join(dataDir, "master-key");
      const notice: unknown = JSON.parse(notices()[0] ?? "null");
      assert.partialDeepStrictEqual(notice, { dataDir, passwordFile, masterKeyFile });
      await server.restart();
      await server.kill("SIGTERM");
      assert.equal(notices().length, 1);
      for (const file of [passwordFile, masterKeyFile]) {
        const secret = (await readFile(file, "utf8")).trim();
        assert.ok(secret.length > 20 && !server.log.includes(secret), file);
      }
    } finally {
      await server.stop();
    }
  });

  it("takes the owner's password and the master key from files, and keeps neither", async () => {
    const files = await temporaryDirectory();
    const password = "a password out of a file";
    const masterKey = Buffer.alloc(32, 7).toString("base64");
    await writeFile(join(files.path, "password"), `${password}\n`);
    await writeFile(join(files.path, "key"), `${masterKey}\n`);
    const server = await RunningServer.start({
      MOORAGE_ADMIN_EMAIL: "ops@moorage.example",
      MOORAGE_ADMIN_PASSWORD: "",
      MOORAGE_ADMIN_PASSWORD_FILE: join(files.path, "password"),
      MOORAGE_MASTER_KEY_FILE: join(files.path, "key"),
    });
    try {
      assert.ok(await canSignIn(server, password, "ops@moorage.example"));
      const names = await readdir(server.dataDir);
      assert.deepEqual(
        names.filter((name) => ["admin-password", "master-key"].includes(name)),
        [],
      );
      assert.ok(!server.log.includes(password) && !server.log.includes(masterKey));
    } finally {
      await server.stop();
      await files.remove();
    }
  });
});
