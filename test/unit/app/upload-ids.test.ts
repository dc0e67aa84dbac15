import assert from "node:assert/strict";
import { createRegistry } from "../../../provider/server/src/app/create-registry.ts";
import {
  issueUploadId,
  type UploadOwner,
  uploadIdIssuedAt,
} from "../../../provider/server/src/app/upload-ids.ts";
import { parseUploadId, type UploadId } from "../../../provider/server/src/domain/ids.ts";
import { UPLOAD_IDLE_MILLISECONDS_MAX } from "../../../provider/server/src/domain/limits.ts";
import { parseRepositoryName } from "../../../provider/server/src/domain/repository-name.ts";
import { type Application, startApplication } from "../../support/application.ts";
import { registryDraft } from "./drafts.ts";

describe("an upload's id", () => {
  let application: Application;
  let holder: UploadOwner;
  let id: UploadId;

  beforeEach(async () => {
    application = await startApplication();
    const { context, owner } = application;
    const { registry } = await createRegistry(context, owner, registryDraft());
    const repository = parseRepositoryName("team/app");
    holder = { registryId: registry.id, repository, startedBy: "token:1" };
    id = await issueUploadId(context, holder);
  });
  afterEach(() => application.close());

  const issuedAt = (other: Partial<UploadOwner> = {}, text: string = id) =>
    uploadIdIssuedAt(application.context, { ...holder, ...other }, text as UploadId);

  it("tells whoever it was given to when that was", async () => {
    assert.equal(parseUploadId(id), id);
    const now = application.clock.now();
    application.clock.advance(1000);
    assert.equal(await issuedAt(), now);
  });

  it("differs each time", async () => {
    assert.notEqual(await issueUploadId(application.context, holder), id);
  });

  it("is worth nothing to others, elsewhere, or in another registry", async () => {
    const { context, owner } = application;
    const draft = { ...registryDraft(), name: "elsewhere" };
    const { registry } = await createRegistry(context, owner, draft);
    assert.equal(await issuedAt({ startedBy: "token:2" }), undefined);
    assert.equal(await issuedAt({ repository: parseRepositoryName("team/app2") }), undefined);
    assert.equal(await issuedAt({ registryId: registry.id }), undefined);
    assert.notEqual(await issuedAt(), undefined);
  });

  it("cannot be altered anywhere", async () => {
    for (let at = 0; at < id.length; at++) {
      // The last letter stands for two bits only: a few others decode to the same bytes.
      for (const letter of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") {
        const forged = id.slice(0, at) + letter + id.slice(at + 1);
        assert.equal((await issuedAt({}, forged)) !== undefined, forged === id, forged);
      }
    }
    for (const forged of [id.slice(0, -1), `${id}A`, `A${id}`, "A".repeat(id.length), ""]) {
      assert.equal(await issuedAt({}, forged), undefined, forged);
    }
  });

  it("is worth nothing once an upload that nobody goes on with would have ended", async () => {
    application.clock.advance(UPLOAD_IDLE_MILLISECONDS_MAX - 1);
    assert.notEqual(await issuedAt(), undefined);
    application.clock.advance(1);
    assert.equal(await issuedAt(), undefined);
  });
});
