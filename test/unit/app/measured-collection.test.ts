import assert from "node:assert/strict";
import { measureMetadata } from "../../../provider/server/src/adapters/metadata-measured/measured-metadata-store.ts";
import { Exposition } from "../../../provider/server/src/adapters/meter-shared/exposition.ts";
import { SharedMeter } from "../../../provider/server/src/adapters/meter-shared/shared-meter.ts";
import { collectGarbage } from "../../../provider/server/src/app/collect-garbage.ts";
import type { Context } from "../../../provider/server/src/app/context.ts";
import { createRegistry } from "../../../provider/server/src/app/create-registry.ts";
import { startCollection } from "../../../provider/server/src/app/start-collection.ts";
import { METRIC_PAGE_BYTES } from "../../../provider/server/src/domain/limits.ts";
import { type Application, startApplication } from "../../support/application.ts";
import { someContent } from "../../support/content.ts";
import { ContentInProcess } from "../../support/content-in-process.ts";
import { samplesIn, sumOf } from "../../support/prometheus-text.ts";
import { registryDraft } from "./drafts.ts";

const HOUR = 60 * 60_000;
const PREFIX = "moorage_garbage_collection";

describe("a garbage collection that is watched", () => {
  let application: Application;
  let context: Context;
  const page = new SharedArrayBuffer(METRIC_PAGE_BYTES);

  before(async () => {
    application = await startApplication();
    const { metadata } = application.context;
    context = {
      ...application.context,
      metadata: measureMetadata(metadata, new SharedMeter(page)),
    };
  });
  after(() => application.close());

  const value = async (name: string) =>
    sumOf(samplesIn(await (await Exposition.of([page])).text()), `${PREFIX}_${name}`);

  it("tells of its end and of what it freed; a dry run tells nothing", async () => {
    const { owner, clock } = application;
    const { registry } = await createRegistry(context, owner, registryDraft());
    const bytes = someContent(1234);
    await new ContentInProcess(context, owner, "shop").pushBlob("app", bytes);
    clock.advance(HOUR + 1);
    for (const isDryRun of [true, false]) {
      assert.equal(await value("runs_total"), 0);
      await startCollection(context, owner, registry.id, isDryRun);
      await collectGarbage(context);
    }
    assert.equal(await value("runs_total"), 1);
    assert.equal(await value("freed_blobs_total"), 1);
    assert.equal(await value("freed_bytes_total"), bytes.byteLength);
    assert.equal(await value("last_run_timestamp_seconds"), clock.now() / 1000);
  });
});
