import assert from "node:assert/strict";
import { LiveUploads } from "../../../provider/server/src/app/live-uploads.ts";
import { isRefusal } from "../../../provider/server/src/domain/errors.ts";
import type { UploadId } from "../../../provider/server/src/domain/ids.ts";
import { UPLOADS_HELD_MAX } from "../../../provider/server/src/domain/limits.ts";
import { eventually } from "../../support/eventually.ts";

const ID = "upload-0123456789" as UploadId;
const OTHER = "upload-9876543210" as UploadId;

describe("requests that write to the same upload", () => {
  it("take turns, each after the one before has ended, whether well or not", async () => {
    const uploads = new LiveUploads();
    const story: string[] = [];
    const work = (name: string) =>
      uploads.exclusively(ID, async () => {
        story.push(`${name} begins`);
        await new Promise((resolve) => setImmediate(resolve));
        story.push(`${name} ends`);
        if (name === "b") {
          throw new Error("b breaks off");
        }
        return name;
      });
    const outcomes = await Promise.allSettled(["a", "b", "c", "d"].map(work));
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ["fulfilled", "rejected", "fulfilled", "fulfilled"],
    );
    assert.deepEqual(
      story,
      ["a", "b", "c", "d"].flatMap((name) => [`${name} begins`, `${name} ends`]),
    );
  });

  it("are refused when the other goes on for too long, which the other does not notice", async () => {
    const uploads = new LiveUploads(5);
    const held = Promise.withResolvers<string>();
    const holder = uploads.exclusively(ID, () => held.promise);
    await assert.rejects(
      uploads.exclusively(ID, async () => assert.fail("it is not its turn")),
      (error) => isRefusal(error, "upload-busy"),
    );
    assert.equal(await uploads.exclusively(OTHER, async () => "free"), "free");
    held.resolve("done");
    assert.equal(await holder, "done");
    assert.equal(await uploads.exclusively(ID, async () => "next"), "next");
  });
});

describe("the digest of an upload under way", () => {
  it("is new at the start, and kept from request to request", () => {
    const uploads = new LiveUploads();
    const digest = uploads.take(ID, 0, "sha256");
    assert.ok(digest);
    digest.hash.update("ab");
    digest.offset = 2;
    uploads.keep(ID, digest);
    assert.equal(uploads.take(ID, 2, "sha256"), digest);
  });

  it("is unknown when it was taken, forgotten, or covers other bytes or another algorithm", () => {
    const uploads = new LiveUploads();
    const keep = () => {
      const digest = uploads.take(OTHER, 0, "sha256");
      assert.ok(digest);
      digest.offset = 2;
      uploads.keep(ID, digest);
    };
    keep();
    assert.equal(uploads.take(ID, 3, "sha256"), undefined);
    assert.equal(uploads.take(ID, 2, "sha256"), undefined, "it was taken");
    keep();
    assert.equal(uploads.take(ID, 2, "sha512"), undefined);
    keep();
    uploads.forget(ID);
    assert.equal(uploads.take(ID, 2, "sha256"), undefined);
    assert.equal(uploads.take(ID, 0, "sha512")?.algorithm, "sha512", "nothing has any digest");
  });
});

describe("an upload that is held open between requests", () => {
  let uploads: LiveUploads;
  let other: LiveUploads;
  let letGo: PromiseWithResolvers<void>;

  beforeEach(() => {
    [uploads, other] = [new LiveUploads(), new LiveUploads()];
    letGo = Promise.withResolvers();
  });
  afterEach(() => Promise.all([uploads.close(), other.close()]));

  const upload = () => ({ letGo: async () => letGo.resolve() });

  it("is taken by whoever goes on with it, once", () => {
    const held = upload();
    assert.equal(uploads.hold(ID, held), true);
    assert.equal(uploads.held(ID), held);
    assert.equal(uploads.held(OTHER), undefined);
    assert.equal(uploads.takeHeld(ID), held);
    assert.equal(uploads.takeHeld(ID), undefined);
  });

  it("is let go when another worker wants it", async () => {
    uploads.hold(ID, upload());
    other.want(OTHER);
    other.want(ID);
    await letGo.promise;
    assert.equal(uploads.held(ID), undefined);
  });

  it("is let go when nobody comes for it", async () => {
    uploads.hold(ID, upload());
    await eventually(
      "the upload to be let go",
      async () => uploads.held(ID) === undefined || undefined,
    );
    await letGo.promise;
  });

  it("is let go with all others at the end", async () => {
    uploads.hold(ID, upload());
    await uploads.letGoAll();
    await letGo.promise;
    assert.equal(uploads.held(ID), undefined);
  });

  it("is not held where there are many already", () => {
    for (let count = 0; count < UPLOADS_HELD_MAX; count++) {
      assert.equal(uploads.hold(`${ID}-${count}` as UploadId, upload()), true);
    }
    assert.equal(uploads.hold(ID, upload()), false);
    assert.equal(uploads.held(ID), undefined);
  });
});
