import assert from "node:assert/strict";
import {
  ArtifactsApi,
  Configuration,
  RepositoriesApi,
  VulnerabilitiesApi,
} from "@ionos-cloud/sdk-nodejs-container-registry";
import { LocalRegistry } from "../support/local-registry.ts";
import { basic, OWNER } from "../support/management.ts";

describe("what a registry holds, through a client that knows only the contract", () => {
  let local: LocalRegistry;
  let configuration: Configuration;
  let registryId: string;
  before(async () => {
    local = await LocalRegistry.start();
    registryId = local.registry.id;
    configuration = new Configuration({
      basePath: `${local.url}/containerregistries`,
      // For these calls it would present bearer tokens alone, though the API takes both (contract, section 0).
      baseOptions: { headers: { authorization: basic(OWNER) } },
    });
    // It would wait a second before each call.
    configuration.setMaxWaitTime(0);
  });
  after(() => local.close());

  it("is listed, read and deleted", async () => {
    const repositories = new RepositoriesApi(configuration);
    const artifacts = new ArtifactsApi(configuration);
    const repositoryName = "team/app";
    const { digest } = await local.client.pushImage(repositoryName, "v1");
    await local.client.pushImage("other", "v1");

    const page = await repositories.registriesRepositoriesGet({
      registryId,
      filterName: "team",
      orderBy: "name",
      limit: 1,
    });
    assert.deepEqual(
      page.data.items?.map(({ id }) => id),
      [repositoryName],
    );
    const found = await repositories.registriesRepositoriesFindByName({
      registryId,
      repositoryName,
    });
    assert.equal(found.data.metadata.artifactCount, 1);

    const all = await artifacts.registriesArtifactsGet({ registryId, orderBy: "-lastPush" });
    assert.equal(all.data.items?.length, 2);
    const address = { registryId, repositoryName, digest };
    const own = await artifacts.registriesRepositoriesArtifactsGet(address);
    assert.deepEqual(own.data.items?.[0]?.properties.tags, ["v1"]);
    const one = await artifacts.registriesRepositoriesArtifactsFindByDigest(address);
    assert.deepEqual(one.data, own.data.items?.[0]);
    const none = await artifacts.registriesRepositoriesArtifactsVulnerabilitiesGet(address);
    assert.deepEqual(none.data.items, []);

    const vulnerabilities = new VulnerabilitiesApi(configuration);
    await assert.rejects(
      vulnerabilities.vulnerabilitiesFindByID({ vulnerabilityId: "CVE-2021-44228" }),
      /404/,
    );
    const removed = await repositories.registriesRepositoriesDelete({
      registryId,
      repositoryName,
    });
    assert.equal(removed.status, 204);
    await assert.rejects(
      repositories.registriesRepositoriesFindByName({ registryId, repositoryName }),
      /404/,
    );
  });
});
