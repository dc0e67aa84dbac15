import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { runProgram } from "../../support/command.ts";
import { eventually } from "../../support/eventually.ts";
import { RunningServer } from "../../support/running-server.ts";

describe("a start on data that is there", function () {
  this.timeout(60_000);
  let server: RunningServer;

  before(async () => {
    server = await RunningServer.start({
      MOORAGE_WORKERS: "1",
      MOORAGE_SERVICE_HOST: "10.0.0.1",
      MOORAGE_PASSWORT: "a secret in the wrong place",
    });
  });
  after(() => server.stop());

  const refused = async (workers: string): Promise<string> => {
    const { code, errors } = await runProgram(["serve"], {
      MOORAGE_DATA_DIR: server.dataDir,
      MOORAGE_LISTEN: server.host,
      MOORAGE_WORKERS: workers,
    });
    assert.equal(code, 1);
    assert.doesNotMatch(errors, /^ {4}at /m);
    return errors;
  };

  it("warns of variables that look like settings, by their names alone", async () => {
    const line = await eventually("the warning", async () =>
      server.log.split("\n").find((each) => each.includes('"settings-unknown"')),
    );
    assert.doesNotMatch(line, /MOORAGE_SERVICE_HOST/);
    assert.match(line, /MOORAGE_PASSWORT/);
    assert.ok(!server.log.includes("a secret in the wrong place"));
    await server.kill("SIGTERM");
  });

  it("refuses a database that a newer version has changed, in a sentence, and leaves it alone", async () => {
    const database = new DatabaseSync(join(server.dataDir, "metadata.sqlite"));
    database.exec("insert into migrations (number, name) values (9999, 'from-the-future')");
    database.close();
    for (const workers of ["1", "2"]) {
      const said = await refused(workers);
      assert.match(
        said,
        /^moorage: the database has schema 9999, and this program knows schemas up to \d+: a newer Moorage has changed it; run that version, or restore a backup from before$/m,
      );
    }
    const again = new DatabaseSync(join(server.dataDir, "metadata.sqlite"));
    again.exec("delete from migrations where number = 9999");
    again.close();
  });

  it("makes no new master key where the one that the data needs is missing", async () => {
    await rm(join(server.dataDir, "master-key"));
    assert.match(
      await refused("1"),
      /master-key is not there, and the database needs the master key with id [0-9a-f]{16}/,
    );
    assert.match(await refused("1"), /is not there/);
  });
});
