import type { RegistriesResponse, Registry as RegistryJson } from "@moorage/core/contract/registry";
import type { ApplicationSettings } from "../../app/context.ts";
import type { RegistriesPage, RegistriesQuery } from "../../app/list-registries.ts";
import type { RegistryReport } from "../../app/registry-draft.ts";
import { endpointOf, hostnameOf, portOf } from "../../domain/addressing.ts";
import { tokenLinks } from "../wire/page-links.ts";
import { collectionSummary } from "./collection-view.ts";
import type { Hrefs } from "./hrefs.ts";
import { signatureView } from "./signature-view.ts";

/** A registry as answers show it (contract, section 2, "Registry"; extensions). */
export function registryView(
  { registry, usage, state, collection }: RegistryReport,
  settings: ApplicationSettings,
  hrefs: Hrefs,
): RegistryJson {
  const { schedule } = registry;
  const port = portOf(registry, settings);
  return {
    id: registry.id,
    type: "registry",
    href: hrefs.registry(registry.id),
    metadata: {
      ...signatureView(registry.created, registry.modified),
      state,
      etag: String(registry.revision),
    },
    properties: {
      name: registry.name,
      location: registry.location,
      hostname: hostnameOf(registry, settings.domain),
      endpoint: endpointOf(registry, { ...settings, publicUrl: hrefs.publicUrl }),
      ...(port !== undefined && { port }),
      visibility: registry.visibility,
      deletionProtection: registry.isProtected,
      garbageCollectionSchedule:
        schedule === undefined ? null : { ...schedule, days: [...schedule.days] },
      garbageCollection: collectionSummary(collection),
      storageUsage: { bytes: usage.bytes },
      features: { vulnerabilityScanning: { enabled: registry.isScanned } },
      apiSubnetAllowList: [...registry.allowList],
    },
  };
}

/** Answer of GET /registries (contract, section 2, "RegistriesResponse"). */
export function registriesView(
  page: RegistriesPage,
  query: RegistriesQuery,
  settings: ApplicationSettings,
  hrefs: Hrefs,
): RegistriesResponse {
  return {
    id: "registries",
    type: "collection",
    href: hrefs.registries(),
    items: page.reports.map((report) => registryView(report, settings, hrefs)),
    pagination: { limit: query.limit, token: page.nextPageToken },
    _links: tokenLinks(hrefs.registries(), query, page.nextPageToken),
  };
}
