import type { Principal } from "../domain/access.ts";
import { decideOnCatalog, isListed } from "../domain/access.ts";
import { RegistryError } from "../domain/errors.ts";
import type { Registry } from "../domain/registry.ts";
import { admitToCatalog } from "./admit.ts";
import { admitsAddress, expectAdmittedAddress } from "./allow-list.ts";
import type { Context } from "./context.ts";
import type { Page, PageRequest } from "./list-tags.ts";

type Parts = Pick<Context, "metadata">;

/**
 * Lists the repositories of one registry that the caller may see, by their bytes (Docker Registry HTTP API v2, "Listing Repositories").
 * @throws what `admitToCatalog` throws
 */
export async function listCatalog(
  context: Parts,
  principal: Principal,
  registryName: string,
  page: PageRequest,
): Promise<Page<string>> {
  const registry = await admitToCatalog(context, principal, registryName);
  return pageOf(await listRegistry(context, principal, registry, page), page.limit);
}

/**
 * Lists the repositories of all registries that the caller may see, as `<registry>/<repository>`: what a host name that all registries
 * share has to offer. A token sees its own registry, a person those of the organization whose allow-lists have the person's address.
 * @throws RegistryError `credentials-missing`, `credentials-insufficient`, `access-denied`, `address-refused`
 */
export async function listSharedCatalog(
  context: Parts,
  principal: Principal,
  { after, limit }: PageRequest,
): Promise<Page<string>> {
  const entries: string[] = [];
  const slash = after?.indexOf("/") ?? -1;
  const startAt = after?.slice(0, slash < 0 ? undefined : slash);
  for await (const registry of visibleRegistries(context, principal, startAt)) {
    if (!admitsAddress(registry, principal.address)) {
      continue;
    }
    const isFirst = registry.name === startAt && slash >= 0;
    const missing = limit + 1 - entries.length;
    const repositories = await listRegistry(context, principal, registry, {
      after: isFirst ? after?.slice(slash + 1) : undefined,
      limit: missing - 1,
    });
    entries.push(...repositories.map((repository) => `${registry.name}/${repository}`));
    if (entries.length > limit) {
      break;
    }
  }
  return pageOf(entries, limit);
}

async function* visibleRegistries(
  context: Parts,
  principal: Principal,
  startAt: string | undefined,
): AsyncGenerator<Registry> {
  const { registries } = context.metadata;
  switch (principal.kind) {
    case "anonymous":
      throw new RegistryError("credentials-missing", {});
    case "token": {
      const registry = await registries.find(principal.organizationId, principal.registryId);
      if (registry !== undefined && (startAt === undefined || registry.name >= startAt)) {
        expectAdmittedAddress(registry, principal.address);
        yield expectVisible(principal, registry);
      }
      return;
    }
    case "workload":
      for (const name of [...principal.scopesByRegistry.keys()].sort()) {
        const registry = await registries.findByName(name);
        const isDue = startAt === undefined || name >= startAt;
        // Which of its registries a pipeline may list differs; the others are left out.
        if (isDue && registry !== undefined && mayEverList(principal, registry)) {
          yield expectVisible(principal, registry);
        }
      }
      return;
    case "user": {
      const first = startAt === undefined ? undefined : await registries.findByName(startAt);
      if (first?.organizationId === principal.organizationId) {
        yield expectVisible(principal, first);
      }
      for (let after = startAt; ; ) {
        const page = await registries.list(principal.organizationId, { after, limit: 100 });
        for (const registry of page) {
          yield expectVisible(principal, registry);
          after = registry.name;
        }
        if (page.length === 0) {
          return;
        }
      }
    }
  }
}

function mayEverList(principal: Principal, registry: Registry): boolean {
  const decision = decideOnCatalog(principal, registry);
  return decision !== "invisible" && decision !== "denied";
}

function expectVisible(principal: Principal, registry: Registry): Registry {
  const decision = decideOnCatalog(principal, registry);
  switch (decision) {
    case "granted":
      return registry;
    case "insufficient":
      throw new RegistryError("credentials-insufficient", {});
    case "unauthenticated":
      throw new RegistryError("credentials-missing", {});
    case "denied":
    case "invisible":
      throw new RegistryError("access-denied", {
        action: "list",
        resource: `registry ${registry.name}`,
      });
    default:
      return decision satisfies never;
  }
}

/** Up to `limit + 1` names, so that the caller can tell whether more follow. */
async function listRegistry(
  context: Parts,
  principal: Principal,
  registry: Registry,
  { after, limit }: PageRequest,
): Promise<string[]> {
  const wanted = limit + 1;
  const names: string[] = [];
  for (let last = after; ; ) {
    const page = await context.metadata.repositories.list(registry.id, {
      after: last,
      limit: wanted,
    });
    names.push(...page.filter((name) => isListed(principal, registry, name)));
    last = page.at(-1);
    if (page.length < wanted || names.length >= wanted) {
      return names.slice(0, wanted);
    }
  }
}

function pageOf(entries: readonly string[], limit: number): Page<string> {
  return { entries: entries.slice(0, limit), hasMore: entries.length > limit };
}
