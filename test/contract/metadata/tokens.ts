import assert from "node:assert/strict";
import type { Token } from "../../../provider/server/src/domain/token.ts";
import {
  addRegistry,
  makeRegistry,
  makeScope,
  makeToken,
  NOW,
  newSecretHash,
  newTokenId,
  refusal,
} from "../../support/metadata-samples.ts";
import { type MakeMetadataStore, useMetadataStore } from "./store-under-test.ts";

const BY = { at: NOW + 5, byId: "someone", byName: "someone@example.test" };

export function describeTokens(make: MakeMetadataStore): void {
  describe("tokens", () => {
    const test = useMetadataStore(make);

    async function add(parts: Partial<Token> = {}, secretHash = newSecretHash()): Promise<Token> {
      const token = makeToken(test.registry, parts);
      await test.store.tokens.create(token, secretHash);
      return token;
    }

    it("finds a token with every field and its scopes in order", async () => {
      const secretHash = newSecretHash();
      const token = await add(
        {
          description: "for the pipeline",
          status: "disabled",
          expiresAt: NOW + 1,
          isOneTime: true,
          lastUsedAt: NOW,
          modified: BY,
          scopes: ["z/*", "a", "m"].map((name) => makeScope(name, ["push", "pull", "custom"])),
        },
        secretHash,
      );
      await add({ scopes: [makeScope("other")] });
      const { tokens } = test.store;
      assert.deepEqual(await tokens.find(test.registry.id, token.id), token);
      assert.deepEqual(await tokens.findById(token.id), token);
      assert.deepEqual(await tokens.findBySecretHash(secretHash, NOW + 1000), token);
    });

    it("answers undefined for a token that is not there or of another registry", async () => {
      const token = await add();
      const { tokens } = test.store;
      const other = await addRegistry(test.store);
      assert.equal(await tokens.find(other.id, token.id), undefined);
      assert.equal(await tokens.update(other.id, token.id, { status: "disabled" }, BY), undefined);
      assert.equal(await tokens.rotate(other.id, token.id, "x", undefined, BY), undefined);
      assert.equal(await tokens.remove(other.id, token.id), false);
      assert.deepEqual(await tokens.list(other.id, { offset: 0, limit: 5 }), {
        tokens: [],
        total: 0,
      });
      assert.equal(await tokens.findById(newTokenId()), undefined);
      assert.equal(await tokens.findBySecretHash(newSecretHash(), NOW), undefined);
      assert.deepEqual(await tokens.findById(token.id), token);
    });

    it("refuses a name that the registry has, and takes it in another one", async () => {
      const { name } = await add();
      await assert.rejects(add({ name }), refusal("token-name-taken", { name }));
      const other = await addRegistry(test.store);
      await test.store.tokens.create(makeToken(other, { name }), newSecretHash());
    });

    it("refuses an id that is in use", async () => {
      const { id } = await add();
      await assert.rejects(add({ id }), refusal("token-name-taken"));
    });

    it("refuses a token of a registry that is gone", async () => {
      const token = makeToken(makeRegistry());
      await assert.rejects(
        test.store.tokens.create(token, newSecretHash()),
        refusal("registry-unknown"),
      );
      assert.equal(await test.store.tokens.findById(token.id), undefined);
    });

    it("lists tokens in the order of their creation", async () => {
      const tokens: Token[] = [];
      for (const name of ["c", "a", "d", "b"]) {
        tokens.push(await add({ name, scopes: [makeScope("y"), makeScope("x")] }));
      }
      await test.store.tokens.create(makeToken(await addRegistry(test.store)), newSecretHash());
      const list = (offset: number, limit: number) =>
        test.store.tokens.list(test.registry.id, { offset, limit });
      assert.deepEqual(await list(0, 10), { tokens, total: 4 });
      assert.deepEqual(await list(1, 2), { tokens: tokens.slice(1, 3), total: 4 });
      assert.deepEqual(await list(4, 2), { tokens: [], total: 4 });
    });

    it("changes what is named and leaves the rest", async () => {
      const scopes = [makeScope("a"), makeScope("b")];
      const token = await add({ scopes, expiresAt: NOW + 9, description: "first" });
      const update = (changes: Parameters<typeof test.store.tokens.update>[2]) =>
        test.store.tokens.update(test.registry.id, token.id, changes, BY);
      const disabled: Token = { ...token, status: "disabled", modified: BY };
      assert.deepEqual(await update({ status: "disabled" }), disabled);
      const replaced = { ...disabled, scopes: [makeScope("c"), ...scopes], isOneTime: true };
      assert.deepEqual(await update({ scopes: replaced.scopes, isOneTime: true }), replaced);
      const bare = { ...replaced, scopes: [], expiresAt: undefined, description: undefined };
      assert.deepEqual(await update({ scopes: [], expiresAt: null, description: null }), bare);
      const dated = { ...bare, expiresAt: NOW + 77, description: "second" };
      assert.deepEqual(await update({ expiresAt: NOW + 77, description: "second" }), dated);
      assert.deepEqual(await update({}), dated);
      assert.deepEqual(await test.store.tokens.findById(token.id), dated);
    });

    it("removes a token, and frees its name and id", async () => {
      const secretHash = newSecretHash();
      const token = await add({ scopes: [makeScope("a")] }, secretHash);
      const { tokens } = test.store;
      assert.equal(await tokens.remove(test.registry.id, token.id), true);
      assert.equal(await tokens.remove(test.registry.id, token.id), false);
      assert.equal(await tokens.findBySecretHash(secretHash, NOW), undefined);
      await tokens.create({ ...token, scopes: [] }, secretHash);
      assert.deepEqual(await tokens.findBySecretHash(secretHash, NOW), { ...token, scopes: [] });
    });

    it("removes expired tokens of every registry, a limited number at a time", async () => {
      const first = await add({ expiresAt: NOW - 2, scopes: [makeScope("a")] });
      const second = await add({ expiresAt: NOW - 1 });
      const elsewhere = makeToken(await addRegistry(test.store), { expiresAt: NOW });
      await test.store.tokens.create(elsewhere, newSecretHash());
      const later = await add({ expiresAt: NOW + 1 });
      const never = await add();
      const { tokens } = test.store;
      assert.deepEqual(await tokens.removeExpired(NOW, 2), [first, second]);
      assert.deepEqual(await tokens.removeExpired(NOW, 2), [elsewhere]);
      assert.deepEqual(await tokens.removeExpired(NOW, 2), []);
      assert.equal(await tokens.findById(first.id), undefined);
      const { tokens: left } = await tokens.list(test.registry.id, { offset: 0, limit: 9 });
      assert.deepEqual(left, [later, never]);
    });

    it("notes when tokens were last used, and never goes back", async () => {
      const token = await add();
      const other = await add();
      const { tokens } = test.store;
      const used = async () => (await tokens.findById(token.id))?.lastUsedAt;
      await tokens.touch(
        new Map([
          [newTokenId(), NOW],
          [token.id, NOW + 10],
        ]),
      );
      assert.equal(await used(), NOW + 10);
      await tokens.touch(new Map([[token.id, NOW + 9]]));
      assert.equal(await used(), NOW + 10);
      await tokens.touch(new Map());
      assert.equal((await tokens.findById(other.id))?.lastUsedAt, undefined);
    });
  });
}
