import assert from "node:assert/strict";
import { jobsOf, startJobs } from "../../../provider/server/src/jobs/loop.ts";
import { type Application, startApplication } from "../../support/application.ts";
import { eventually } from "../../support/eventually.ts";

describe("the jobs of the server", () => {
  let application: Application;
  before(async () => {
    application = await startApplication();
  });
  after(() => application.close());

  it("all run at the start, show in the log with counts, the quiet ones if they did something, and stop", async () => {
    const { context, events } = application;
    const jobs = startJobs(context);
    const done = () => events.named("job-done");
    await eventually("all jobs to have run", async () => (done().length === 5 ? true : undefined));
    await jobs.stop();
    const counts = done().map(({ fields = {} }) => {
      const { milliseconds: _, ...rest } = fields;
      return JSON.stringify(rest);
    });
    assert.deepEqual(counts.sort(), [
      '{"job":"expire-tokens","tokens":0}',
      '{"job":"expire-uploads","uploads":0}',
      '{"job":"forget-leases","leases":0}',
      '{"job":"sweep-orphans","objects":0}',
      '{"job":"sweep-registries","registries":0}',
    ]);
    assert.deepEqual(
      events.all.filter(({ level }) => level !== "info"),
      [],
    );
  });

  it("have names of their own, since a name is a lease", () => {
    const names = jobsOf(application.context).map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
  });
});
