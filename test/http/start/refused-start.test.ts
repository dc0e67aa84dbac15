import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { freePort } from "../../support/free-port.ts";
import { RunningServer } from "../../support/running-server.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const MAIN = join(import.meta.dirname, "../../../provider/server/src/main.ts");

/** What a start that fails prints; it must end by itself, with 1, and show no stack. */
async function refusal(environment: Readonly<Record<string, string>>): Promise<string> {
  const child = spawn(process.execPath, ["--conditions=@moorage/source", MAIN], {
    env: { PATH: process.env["PATH"], ...environment },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
  assert.equal(code, 1, said);
  assert.doesNotMatch(said, /^ {4}at /m);
  return said;
}

describe("a start that cannot be", () => {
  for (const workers of ["1", "2"]) {
    it(`says with ${workers} workers that the data directory cannot be one`, async () => {
      const folder = await temporaryDirectory();
      const file = join(folder.path, "file");
      await writeFile(file, "");
      const listen = `127.0.0.1:${await freePort()}`;
      try {
        const said = await refusal({
          MOORAGE_LISTEN: listen,
          MOORAGE_DATA_DIR: file,
          MOORAGE_WORKERS: workers,
        });
        assert.match(said, /^MOORAGE_DATA_DIR: expected a directory that this user may write to/m);
      } finally {
        await folder.remove();
      }
    });

    it(`says with ${workers} workers that the database is damaged`, async () => {
      const folder = await temporaryDirectory();
      await writeFile(join(folder.path, "metadata.sqlite"), Buffer.alloc(8192, 7));
      const listen = `127.0.0.1:${await freePort()}`;
      try {
        const said = await refusal({
          MOORAGE_LISTEN: listen,
          MOORAGE_DATA_DIR: folder.path,
          MOORAGE_WORKERS: workers,
        });
        assert.match(said, /^moorage: the database .* cannot be used: .*; "moorage verify" tells/);
      } finally {
        await folder.remove();
      }
    });

    it(`says with ${workers} workers that the master key is another one`, async () => {
      const server = await RunningServer.start({ MOORAGE_WORKERS: workers });
      try {
        await server.kill("SIGTERM");
        const masterKey = Buffer.alloc(32, 7).toString("base64");
        const said = await refusal({
          MOORAGE_LISTEN: server.host,
          MOORAGE_DATA_DIR: server.dataDir,
          MOORAGE_WORKERS: workers,
          MOORAGE_MASTER_KEY: masterKey,
        });
        assert.match(said, /^MOORAGE_MASTER_KEY: .*start the server with the master key that/m);
        assert.ok(!said.includes(masterKey));
      } finally {
        await server.stop();
      }
    });
  }

  it("lists every setting that is wrong, without the values of secrets", async () => {
    const said = await refusal({
      MOORAGE_LISTEN: "5000",
      MOORAGE_WORKERS: "0",
      MOORAGE_ADMIN_EMAIL: "nobody",
      MOORAGE_ADMIN_PASSWORD: "shorty",
      MOORAGE_MASTER_KEY: "c2hvcnQ=",
      MOORAGE_PUBLIC_URL: "moorage",
      MOORAGE_LOCATIONS: "fra",
      MOORAGE_ADDRESSING: "portal",
      MOORAGE_RATE_LIMIT: "500",
      MOORAGE_REGISTRY_PORTS: "20999-20000",
      MOORAGE_LOG_LEVEL: "loud",
      MOORAGE_ALLOW_HTTP: "yes",
    });
    const named = said.match(/^MOORAGE_[A-Z_]+/gm) ?? [];
    assert.deepEqual([...new Set(named)].sort(), [
      "MOORAGE_ADDRESSING",
      "MOORAGE_ADMIN_EMAIL",
      "MOORAGE_ADMIN_PASSWORD",
      "MOORAGE_ALLOW_HTTP",
      "MOORAGE_LISTEN",
      "MOORAGE_LOCATIONS",
      "MOORAGE_LOG_LEVEL",
      "MOORAGE_MASTER_KEY",
      "MOORAGE_PUBLIC_URL",
      "MOORAGE_RATE_LIMIT",
      "MOORAGE_REGISTRY_PORTS",
      "MOORAGE_WORKERS",
    ]);
    assert.doesNotMatch(said, /shorty|c2hvcnQ/);
  });

  it("says that ports for registries are missing, or that they are the server's own", async () => {
    assert.match(
      await refusal({ MOORAGE_ADDRESSING: "port" }),
      /MOORAGE_REGISTRY_PORTS: MOORAGE_ADDRESSING is port/,
    );
    const own = { MOORAGE_LISTEN: "127.0.0.1:20500", MOORAGE_REGISTRY_PORTS: "20000-20999" };
    assert.match(await refusal(own), /20000-20999 contains 20500, a port of MOORAGE_LISTEN/);
  });

  it("says that a secret's file cannot be read, or that the secret is given twice", async () => {
    assert.match(
      await refusal({ MOORAGE_MASTER_KEY_FILE: "/nonexistent/key" }),
      /MOORAGE_MASTER_KEY_FILE: cannot read "\/nonexistent\/key"/,
    );
    const twice = {
      MOORAGE_ADMIN_PASSWORD: "one of two passwords",
      MOORAGE_ADMIN_PASSWORD_FILE: "/nonexistent/password",
    };
    assert.match(await refusal(twice), /set either .* not both/);
  });

  it("says that plain HTTP beyond this machine must be allowed", async () => {
    assert.match(await refusal({ MOORAGE_LISTEN: "0.0.0.0:5000" }), /MOORAGE_ALLOW_HTTP=true/);
  });
});
