import assert from "node:assert/strict";
import type { Manifest } from "../../../provider/server/src/domain/manifest.ts";
import {
  APP,
  describing,
  digestFor,
  imageOf,
  OTHER,
  type Push,
  pushTo,
} from "../../support/metadata-samples.ts";
import { type MakeMetadataStore, useMetadataStore } from "./store-under-test.ts";

const SUBJECT = digestFor("subject");

export function describeReferrers(make: MakeMetadataStore): void {
  describe("referrers", () => {
    const test = useMetadataStore(make);

    function referring(text: string, parts: Partial<Manifest> = {}): Push {
      return imageOf(text, [], { subject: describing("subject"), ...parts });
    }

    async function list(artifactType?: string, after?: string, limit = 100) {
      const filter = { artifactType };
      const page = { after, limit };
      return test.store.manifests.referrers(test.registry.id, APP, SUBJECT, filter, page);
    }

    it("show what a list of referrers needs", async () => {
      const annotations = { "org.example.kind": "signature", __proto__x: "ü" };
      const { record, manifest } = referring("signature", {
        artifactType: "application/example.signature",
        annotations,
      });
      await pushTo(test.store, test.registry, APP, { record, manifest });
      const { digest, mediaType, size } = record;
      assert.deepEqual(await list(), [
        { digest, mediaType, size, artifactType: manifest.artifactType, annotations },
      ]);
    });

    it("may come before their subject and have no type", async () => {
      const referrer = referring("early", { artifactType: undefined });
      await pushTo(test.store, test.registry, APP, referrer);
      const [found] = await list();
      assert.equal(found?.digest, referrer.record.digest);
      assert.equal(found?.artifactType, undefined);
      assert.equal(found?.annotations, undefined);
    });

    it("are those of one subject in one repository", async () => {
      const { store, registry } = test;
      await pushTo(store, registry, APP, imageOf("subject", []), "v1");
      await pushTo(store, registry, APP, imageOf("other", [], { subject: describing("x") }));
      await pushTo(store, registry, OTHER, referring("elsewhere"));
      assert.deepEqual(await list(), []);
    });

    it("are listed by digest, page by page, and filtered by type", async () => {
      const types = ["application/a", "application/b"];
      const pushes = Array.from({ length: 9 }, (_, number) =>
        referring(`referrer ${number}`, { artifactType: types[number % 2] }),
      ).sort((left, right) => (left.record.digest < right.record.digest ? -1 : 1));
      for (const push of pushes.toReversed()) {
        await pushTo(test.store, test.registry, APP, push);
      }
      const digests = (page: readonly { readonly digest: string }[]) =>
        page.map(({ digest }) => digest);
      const all = digests(pushes.map(({ record }) => record));
      assert.deepEqual(digests(await list()), all);
      assert.deepEqual(digests(await list(undefined, undefined, 4)), all.slice(0, 4));
      assert.deepEqual(digests(await list(undefined, all[3], 4)), all.slice(4, 8));
      const ofType = digests(
        pushes
          .filter(({ manifest }) => manifest.artifactType === "application/b")
          .map(({ record }) => record),
      );
      assert.deepEqual(digests(await list("application/b")), ofType);
      assert.deepEqual(digests(await list("application/b", ofType[1], 1)), [ofType[2]]);
      assert.deepEqual(await list("application/c"), []);
    });

    it("end when they are removed, and outlive their subject", async () => {
      const { store, registry } = test;
      const [first, second] = [referring("first"), referring("second")];
      await pushTo(store, registry, APP, imageOf("subject", []), "v1");
      await pushTo(store, registry, APP, first);
      await pushTo(store, registry, APP, second);
      await store.manifests.remove(registry.id, APP, SUBJECT);
      await store.manifests.remove(registry.id, APP, first.record.digest);
      assert.deepEqual(
        (await list()).map(({ digest }) => digest),
        [second.record.digest],
      );
    });
  });
}
