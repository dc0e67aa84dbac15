import assert from "node:assert/strict";
import { changeRegistry } from "../../../provider/server/src/app/change-registry.ts";
import { addScope, listScopes } from "../../../provider/server/src/app/change-scopes.ts";
import { changeToken } from "../../../provider/server/src/app/change-token.ts";
import { createRegistry } from "../../../provider/server/src/app/create-registry.ts";
import { deleteRegistry } from "../../../provider/server/src/app/delete-registry.ts";
import { deleteToken } from "../../../provider/server/src/app/delete-token.ts";
import type { TokenAddress } from "../../../provider/server/src/app/find-registry.ts";
import { getRegistry } from "../../../provider/server/src/app/get-registry.ts";
import { getToken } from "../../../provider/server/src/app/get-token.ts";
import { isNameTaken } from "../../../provider/server/src/app/is-name-taken.ts";
import { issueToken } from "../../../provider/server/src/app/issue-token.ts";
import { listLocations } from "../../../provider/server/src/app/list-locations.ts";
import { listRegistries } from "../../../provider/server/src/app/list-registries.ts";
import { listTokens } from "../../../provider/server/src/app/list-tokens.ts";
import { replaceRegistry } from "../../../provider/server/src/app/replace-registry.ts";
import { replaceToken } from "../../../provider/server/src/app/replace-token.ts";
import { rotateToken } from "../../../provider/server/src/app/rotate-token.ts";
import type { UserPrincipal } from "../../../provider/server/src/domain/access.ts";
import type { OrganizationId, RegistryId } from "../../../provider/server/src/domain/ids.ts";
import { type Application, startApplication } from "../../support/application.ts";
import { registryDraft, tokenDraft } from "./drafts.ts";

type Call = (caller: UserPrincipal) => Promise<unknown>;

describe("what people may do over the management API", () => {
  let application: Application;
  let registryId: RegistryId;
  let address: TokenAddress;
  before(async () => {
    application = await startApplication();
    const { context, owner } = application;
    registryId = (await createRegistry(context, owner, registryDraft())).registry.id;
    const { token } = await issueToken(context, owner, registryId, tokenDraft());
    address = { registryId, tokenId: token.id };
  });
  after(() => application.close());

  const page = { offset: 0, limit: 100 };
  const query = { nameContains: "", limit: 100, pageToken: "" };
  const scope = { type: "repository", name: "*", actions: ["pull"] } as const;

  const reads = (): Record<string, Call> => {
    const { context } = application;
    return {
      getRegistry: (caller) => getRegistry(context, caller, registryId),
      listTokens: (caller) => listTokens(context, caller, registryId, page),
      getToken: (caller) => getToken(context, caller, address),
      listScopes: (caller) => listScopes(context, caller, address),
    };
  };
  const changes = (): Record<string, Call> => {
    const { context } = application;
    return {
      changeRegistry: (caller) => changeRegistry(context, caller, registryId, {}, undefined),
      issueToken: (caller) => issueToken(context, caller, registryId, tokenDraft({ name: "x1" })),
      changeToken: (caller) => changeToken(context, caller, address, {}),
      replaceToken: (caller) => replaceToken(context, caller, address, tokenDraft()),
      rotateToken: (caller) => rotateToken(context, caller, address, 0),
      addScope: (caller) => addScope(context, caller, address, scope),
      deleteToken: (caller) => deleteToken(context, caller, address),
      deleteRegistry: (caller) => deleteRegistry(context, caller, registryId, undefined),
    };
  };

  it("readers read, and change nothing", async () => {
    const { context, owner } = application;
    const reader: UserPrincipal = { ...owner, role: "reader" };
    await listLocations(context, reader);
    await listRegistries(context, reader, query);
    await isNameTaken(context, reader, "shop");
    for (const read of Object.values(reads())) {
      await read(reader);
    }
    const draft = registryDraft({ name: "another" });
    const creations: Record<string, Call> = {
      createRegistry: (caller) => createRegistry(context, caller, draft),
      replaceRegistry: (caller) =>
        replaceRegistry(context, caller, context.ids.uuid<RegistryId>(), draft, undefined),
    };
    for (const [name, change] of Object.entries({ ...changes(), ...creations })) {
      await assert.rejects(change(reader), { reason: "access-denied" }, name);
    }
    assert.equal(await isNameTaken(context, owner, "another"), false);
    assert.equal((await getToken(context, owner, address)).modified, undefined);
  });

  it("other organizations find what is not theirs as little as what does not exist", async () => {
    const { context, owner } = application;
    const organizationId = context.ids.uuid<OrganizationId>();
    const stranger: UserPrincipal = { ...owner, organizationId };
    for (const [name, call] of Object.entries({ ...reads(), ...changes() })) {
      const message = `there is no registry "${registryId}"`;
      await assert.rejects(call(stranger), { reason: "registry-unknown", message }, name);
    }
    assert.deepEqual((await listRegistries(context, stranger, query)).reports, []);
    assert.equal((await getToken(context, owner, address)).modified, undefined);
  });

  it("a page token of one organization is refused to another", async () => {
    const { context, owner } = application;
    const second = await createRegistry(context, owner, registryDraft({ name: "shop-2" }));
    const { nextPageToken } = await listRegistries(context, owner, { ...query, limit: 1 });
    const following = await listRegistries(context, owner, { ...query, pageToken: nextPageToken });
    assert.equal(following.reports[0]?.registry.id, second.registry.id);
    const organizationId = context.ids.uuid<OrganizationId>();
    await assert.rejects(
      listRegistries(context, { ...owner, organizationId }, { ...query, pageToken: nextPageToken }),
      { reason: "page-invalid" },
    );
  });
});
