import assert from "node:assert/strict";
import { SCOPES_PER_TOKEN_MAX } from "../../../provider/server/src/domain/limits.ts";
import type { Scope } from "../../../provider/server/src/domain/scope.ts";
import type { Token } from "../../../provider/server/src/domain/token.ts";
import {
  makeScope,
  makeToken,
  newSecretHash,
  newTokenId,
  refusal,
} from "../../support/metadata-samples.ts";
import { type MakeMetadataStore, useMetadataStore } from "./store-under-test.ts";

export function describeScopes(make: MakeMetadataStore): void {
  describe("scopes", () => {
    const test = useMetadataStore(make);
    const [a, b, c] = ["a", "b", "c"].map((name) => makeScope(name)) as [Scope, Scope, Scope];
    let token: Token;

    beforeEach(async () => {
      token = makeToken(test.registry, { scopes: [a] });
      await test.store.tokens.create(token, newSecretHash());
    });

    async function scopes(): Promise<readonly Scope[] | undefined> {
      return (await test.store.tokens.findById(token.id))?.scopes;
    }

    it("are added behind the others", async () => {
      assert.equal(await test.store.scopes.add(token.id, c), true);
      assert.equal(await test.store.scopes.add(token.id, b), true);
      assert.deepEqual(await scopes(), [a, c, b]);
    });

    it("are replaced in their place", async () => {
      await test.store.scopes.add(token.id, b);
      const replaced: Scope = { id: a.id, type: "namespace", name: "team", actions: ["*"] };
      assert.equal(await test.store.scopes.replace(token.id, replaced), true);
      assert.deepEqual(await scopes(), [replaced, b]);
    });

    it("are removed, and the others keep their order", async () => {
      await test.store.scopes.add(token.id, b);
      await test.store.scopes.add(token.id, c);
      assert.equal(await test.store.scopes.remove(token.id, b.id), true);
      assert.equal(await test.store.scopes.remove(token.id, b.id), false);
      await test.store.scopes.add(token.id, b);
      assert.deepEqual(await scopes(), [a, c, b]);
    });

    it("of one token cannot be reached through another", async () => {
      const other = makeToken(test.registry);
      await test.store.tokens.create(other, newSecretHash());
      for (const id of [other.id, newTokenId()]) {
        assert.equal(await test.store.scopes.replace(id, { ...a, name: "x" }), false);
        assert.equal(await test.store.scopes.remove(id, a.id), false);
      }
      assert.equal(await test.store.scopes.add(newTokenId(), b), false);
      assert.equal(await test.store.scopes.replace(token.id, b), false);
      assert.deepEqual(await scopes(), [a]);
    });

    it("are limited in number", async () => {
      const many = Array.from({ length: SCOPES_PER_TOKEN_MAX - 1 }, (_, n) => makeScope(`r${n}`));
      for (const scope of many) {
        await test.store.scopes.add(token.id, scope);
      }
      await assert.rejects(
        test.store.scopes.add(token.id, b),
        refusal("scopes-exhausted", { scopesMax: SCOPES_PER_TOKEN_MAX }),
      );
      assert.deepEqual(await scopes(), [a, ...many]);
      await test.store.scopes.remove(token.id, a.id);
      assert.equal(await test.store.scopes.add(token.id, b), true);
      assert.deepEqual(await scopes(), [...many, b]);
    });
  });
}
