import assert from "node:assert/strict";
import {
  listRegistryArtifacts,
  listRepositoryArtifacts,
} from "../../../provider/server/src/app/list-artifacts.ts";
import { listRepositories } from "../../../provider/server/src/app/list-repositories.ts";
import { SORTED_ENTRIES_MAX } from "../../../provider/server/src/domain/limits.ts";
import type { ContentBrowser } from "../../../provider/server/src/ports/content-browser.ts";
import type { MetadataStore } from "../../../provider/server/src/ports/metadata-store.ts";
import { type Application, startApplication } from "../../support/application.ts";
import { APP, addRegistry, imageOf, pushTo } from "../../support/metadata-samples.ts";

const PAGE = { isDescending: true, offset: 0, limit: 10 };
const TOO_LONG = { reason: "page-invalid", message: /^the query parameter "orderBy" must be / };

describe("lists that are too long to be sorted", () => {
  let application: Application;
  before(async () => {
    application = await startApplication();
  });
  after(() => application.close());

  /** The lists of a registry that says that it has so many repositories and artifacts. */
  async function listsOf(entries: number) {
    const { owner } = application;
    const metadata = counting(application.context.metadata, entries);
    const registry = await addRegistry(metadata, { organizationId: owner.organizationId });
    await pushTo(metadata, registry, APP, imageOf("image", []));
    const { id } = registry;
    const address = { registryId: id, repository: APP };
    return {
      repositories: (orderBy: "lastPush" | "name" | "pullCount") =>
        listRepositories({ metadata }, owner, id, {
          ...PAGE,
          orderBy,
          nameContains: "",
          severity: "",
        }),
      artifacts: (orderBy: "lastPush" | "pullCount" | "lastScan") =>
        listRegistryArtifacts({ metadata }, owner, id, { ...PAGE, orderBy, vulnerability: "" }),
      own: (orderBy: "lastPush" | "pullCount" | "vulnMaxSeverity") =>
        listRepositoryArtifacts({ metadata }, owner, address, { ...PAGE, orderBy }),
    };
  }

  it("come in the orders of their indexes, and are refused in others", async () => {
    const { repositories, artifacts, own } = await listsOf(SORTED_ENTRIES_MAX + 1);
    for (const page of [
      await repositories("lastPush"),
      await repositories("name"),
      await artifacts("pullCount"),
      await artifacts("lastScan"),
      await own("lastPush"),
      await own("vulnMaxSeverity"),
    ]) {
      assert.equal(page.entries.length, 1);
    }
    await assert.rejects(repositories("pullCount"), TOO_LONG);
    await assert.rejects(artifacts("lastPush"), TOO_LONG);
    await assert.rejects(own("pullCount"), TOO_LONG);
  });

  it("are sorted up to that", async () => {
    const { repositories, artifacts, own } = await listsOf(SORTED_ENTRIES_MAX);
    for (const page of [
      await repositories("pullCount"),
      await artifacts("lastPush"),
      await own("pullCount"),
    ]) {
      assert.equal(page.entries.length, 1);
    }
  });
});

/** The same store, whose lists say that they have so many entries. */
function counting(metadata: MetadataStore, entries: number): MetadataStore {
  const count = async (max: number) => Math.min(max, entries);
  const { content } = metadata;
  const counted = new Proxy<ContentBrowser>(content, {
    get(target, name) {
      if (name === "repositoryCount") {
        return (_registry: unknown, max: number) => count(max);
      }
      if (name === "artifactCount") {
        return (_registry: unknown, _repository: unknown, max: number) => count(max);
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return { ...metadata, content: counted } as MetadataStore;
}
