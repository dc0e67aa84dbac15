import { describeAudit } from "./audit.ts";
import { describeBlobs } from "./blobs.ts";
import { describeCollections } from "./collections.ts";
import { describeConcurrency } from "./concurrency.ts";
import { describeContent } from "./content.ts";
import { describeDamage } from "./damage.ts";
import { describeGarbage } from "./garbage.ts";
import { describeInstance } from "./instance.ts";
import { describeManifests } from "./manifests.ts";
import { describeOrganizations } from "./organizations.ts";
import { describeReferrers } from "./referrers.ts";
import { describeRegistries } from "./registries.ts";
import { describeRegistryPorts } from "./registry-ports.ts";
import { describeRepositories } from "./repositories.ts";
import { describeScopes } from "./scopes.ts";
import type { MakeMetadataStore } from "./store-under-test.ts";
import { describeTokenSecrets } from "./token-secrets.ts";
import { describeTokens } from "./tokens.ts";
import { describeTree } from "./tree.ts";
import { describeUploads } from "./uploads.ts";
import { describeUsage } from "./usage.ts";
import { describeUsers } from "./users.ts";

/** Holds an adapter to the contract of `MetadataStore`. */
export function describeMetadataStore(name: string, make: MakeMetadataStore): void {
  describe(`${name} as a metadata store`, () => {
    describeOrganizations(make);
    describeUsers(make);
    describeRegistries(make);
    describeRegistryPorts(make);
    describeTokens(make);
    describeTokenSecrets(make);
    describeScopes(make);
    describeRepositories(make);
    describeBlobs(make);
    describeDamage(make);
    describeManifests(make);
    describeReferrers(make);
    describeUploads(make);
    describeContent(make);
    describeTree(make);
    describeUsage(make);
    describeGarbage(make);
    describeCollections(make);
    describeAudit(make);
    describeInstance(make);
    describeConcurrency(make);
  });
}
