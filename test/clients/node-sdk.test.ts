import assert from "node:assert/strict";
import {
  Configuration,
  LocationsApi,
  NamesApi,
  PatchTokenInputStatusEnum,
  RegistriesApi,
  TokensApi,
} from "@ionos-cloud/sdk-nodejs-container-registry";
import { OWNER } from "../support/management.ts";
import { RunningServer } from "../support/running-server.ts";

/** An SDK that was generated from the contract's description by somebody else, pointed at this server. */
describe("the management API through a client that knows only the contract", () => {
  let server: RunningServer;
  let configuration: Configuration;
  before(async () => {
    server = await RunningServer.start();
    const basePath = `${server.url}/containerregistries`;
    configuration = new Configuration({ ...OWNER, basePath });
    // It would wait a second before each call.
    configuration.setMaxWaitTime(0);
  });
  after(() => server.stop());

  /** The status of a call that is to fail. */
  const refusal = async (call: Promise<unknown>) => {
    const error: unknown = await call.then(
      () => assert.fail("the call went through"),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof Error && "response" in error);
    return Reflect.get(Object(error.response), "status");
  };

  it("creates, changes, lists and deletes a registry", async () => {
    const registries = new RegistriesApi(configuration);
    const names = new NamesApi(configuration);
    const locations = await new LocationsApi(configuration).locationsGet();
    assert.deepEqual(locations.data.items, [{ id: "de/fra" }]);

    assert.equal(await refusal(names.namesCheckUsage({ name: "shop" })), 404);
    const garbageCollectionSchedule = { days: ["Sunday" as never], time: "03:30:00+00:00" };
    const properties = { name: "shop", location: "de/fra", garbageCollectionSchedule };
    const made = await registries.registriesPost({ postRegistryInput: { properties } });
    assert.equal(made.status, 201);
    assert.equal((await names.namesCheckUsage({ name: "shop" })).status, 200);
    const registryId = made.data.id ?? "";

    const found = await registries.registriesFindById({ registryId });
    assert.equal(found.data.metadata?.state, "Running");
    assert.deepEqual(found.data.properties?.garbageCollectionSchedule, garbageCollectionSchedule);
    const changed = await registries.registriesPatch({
      registryId,
      patchRegistryInput: { garbageCollectionSchedule: { days: [], time: "03:30:00Z" } },
    });
    assert.equal(changed.data.properties?.garbageCollectionSchedule, null);
    const page = await registries.registriesGet({ filterName: "SHO", limit: "10" });
    assert.deepEqual(
      page.data.items?.map(({ id }) => id),
      [registryId],
    );

    assert.equal((await registries.registriesDelete({ registryId })).status, 204);
    assert.equal(await refusal(registries.registriesFindById({ registryId })), 404);

    const days = ["Sunday" as never, "Monday" as never];
    const again = {
      name: "shop",
      location: "de/fra",
      garbageCollectionSchedule: { days, time: "01:00:00" },
    };
    const put = await registries.registriesPut({
      registryId,
      putRegistryInput: { properties: again },
    });
    assert.deepEqual([put.status, put.data.id], [201, registryId]);
    const { garbageCollectionSchedule: kept } = put.data.properties ?? {};
    assert.deepEqual(kept, again.garbageCollectionSchedule);
    assert.deepEqual(put.data.properties?.features?.vulnerabilityScanning, { enabled: true });
  });

  it("creates, changes, lists and deletes a token", async () => {
    const registries = new RegistriesApi(configuration);
    const tokens = new TokensApi(configuration);
    const shop = { name: "token-shop", location: "de/fra" };
    const { data } = await registries.registriesPost({ postRegistryInput: { properties: shop } });
    const registryId = data.id ?? "";

    const scopes = [{ type: "repository", name: "*", actions: ["pull", "push", "delete"] }];
    const properties = { name: "ci", scopes, expiryDate: "2099-01-01T00:00:00Z" };
    const made = await tokens.registriesTokensPost({ registryId, postTokenInput: { properties } });
    assert.equal(made.data.properties?.credentials?.username, "ci");
    assert.notEqual(made.data.properties?.credentials?.password, "");
    const tokenId = made.data.id ?? "";
    const again = tokens.registriesTokensPost({ registryId, postTokenInput: { properties } });
    assert.equal(await refusal(again), 409);

    const status = PatchTokenInputStatusEnum.Disabled;
    await tokens.registriesTokensPatch({ registryId, tokenId, patchTokenInput: { status } });
    const found = await tokens.registriesTokensFindById({ registryId, tokenId });
    assert.equal(found.data.properties?.status, status);
    assert.equal(found.data.properties?.credentials?.password, "");
    const page = await tokens.registriesTokensGet({ registryId, limit: "1" });
    assert.deepEqual([page.data.count, page.data.total], [1, 1]);

    await tokens.registriesTokensDelete({ registryId, tokenId });
    const put = await tokens.registriesTokensPut({
      registryId,
      tokenId,
      putTokenInput: { properties },
    });
    assert.equal(put.data.id, tokenId);
  });
});
