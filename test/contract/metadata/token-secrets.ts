import assert from "node:assert/strict";
import { OLD_SECRETS_PER_TOKEN_MAX } from "../../../provider/server/src/domain/limits.ts";
import type { Token } from "../../../provider/server/src/domain/token.ts";
import { makeScope, makeToken, NOW, newSecretHash } from "../../support/metadata-samples.ts";
import { type MakeMetadataStore, useMetadataStore } from "./store-under-test.ts";

const BY = { at: NOW + 5, byId: "someone", byName: "someone@example.test" };

export function describeTokenSecrets(make: MakeMetadataStore): void {
  describe("secrets of tokens", () => {
    const test = useMetadataStore(make);
    let token: Token;

    beforeEach(async () => {
      token = makeToken(test.registry, { scopes: [makeScope("a")] });
      await test.store.tokens.create(token, "first");
    });

    const rotate = (secretHash: string, oldUntil?: number) =>
      test.store.tokens.rotate(test.registry.id, token.id, secretHash, oldUntil, BY);

    async function works(secretHash: string, now: number): Promise<boolean> {
      return (await test.store.tokens.findBySecretHash(secretHash, now))?.id === token.id;
    }

    it("stop at once when they are rotated without a grace period", async () => {
      assert.deepEqual(await rotate("second"), { ...token, modified: BY });
      assert.equal(await works("first", NOW), false);
      assert.equal(await works("second", NOW), true);
    });

    it("work until the end of the grace period, and not at it", async () => {
      await rotate("second", NOW + 100);
      assert.equal(await works("first", NOW + 99), true);
      assert.equal(await works("first", NOW + 100), false);
      assert.equal(await works("second", NOW + 1000), true);
    });

    it("keep their own grace periods through further rotations", async () => {
      await rotate("second", NOW + 100);
      await rotate("third", NOW + 50);
      assert.equal(await works("first", NOW + 99), true);
      assert.equal(await works("second", NOW + 49), true);
      assert.equal(await works("second", NOW + 50), false);
      await rotate("fourth");
      for (const old of ["first", "second", "third"]) {
        assert.equal(await works(old, NOW), false, old);
      }
      assert.equal(await works("fourth", NOW), true);
    });

    it("are limited in number: the one that would end first goes", async () => {
      for (let count = 0; count <= OLD_SECRETS_PER_TOKEN_MAX; count++) {
        await rotate(`rotation ${count}`, NOW + 100 + count);
      }
      assert.equal(await works("first", NOW), false);
      assert.equal(await works("rotation 0", NOW), true);
      assert.equal(await works(`rotation ${OLD_SECRETS_PER_TOKEN_MAX}`, NOW), true);
    });

    it("end with their token", async () => {
      await rotate("second", NOW + 100);
      await test.store.tokens.remove(test.registry.id, token.id);
      assert.equal(await works("first", NOW), false);
      assert.equal(await works("second", NOW), false);
      await test.store.tokens.create(makeToken(test.registry), "first");
    });

    it("can be used again once a grace period is over and swept up", async () => {
      await rotate("second", NOW + 100);
      await test.store.tokens.removeExpired(NOW + 100, 10);
      const other = makeToken(test.registry);
      await test.store.tokens.create(other, "first");
      const found = await test.store.tokens.findBySecretHash("first", NOW);
      assert.equal(found?.id, other.id);
      assert.equal(await works("second", NOW), true);
    });

    it("belong to one token alone", async () => {
      const other = makeToken(test.registry);
      await assert.rejects(test.store.tokens.create(other, "first"));
      assert.equal(await test.store.tokens.findById(other.id), undefined);
      assert.equal(await works("first", NOW), true);
      await test.store.tokens.create(other, newSecretHash());
    });
  });
}
