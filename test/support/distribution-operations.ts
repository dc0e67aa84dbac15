import type { DistributionPath } from "../../provider/server/src/http/wire/distribution-path.ts";
import { CONFIG_TYPE, descriptorOf, manifestBytes, OCI_MANIFEST } from "./content.ts";
import type { DistributionClient, PushedImage } from "./distribution-client.ts";
import type { Answer } from "./http-request.ts";

/** What a caller has to be allowed. `list`: the catalog. */
export type Right = "pull" | "push" | "delete" | "list";

/** One request on a repository that holds an image, which would succeed for whoever may. */
export interface DistributionOperation {
  readonly name: string;
  readonly right: Right;
  ask(client: DistributionClient, repository: string, image: PushedImage): Promise<Answer>;
}

type Kind = DistributionPath["kind"];

/** The requests of each kind of path that the server tells apart: a new kind does not compile without them. The version check has no registry. */
const BY_KIND: Readonly<Record<Exclude<Kind, "version">, readonly DistributionOperation[]>> = {
  catalog: [
    operation("GET", "list", (client) => {
      const { registry } = client.options;
      return client.send("GET", `/v2/${registry}/_catalog`);
    }),
  ],
  tags: [operation("GET", "pull", (client, name) => client.ask("GET", name, "tags/list"))],
  referrers: [
    operation("GET", "pull", (client, name, { digest }) =>
      client.ask("GET", name, `referrers/${digest}`),
    ),
  ],
  manifest: [
    ...(["GET", "HEAD"] as const).map((method) =>
      operation(method, "pull", (client, name, { digest }) =>
        client.ask(method, name, `manifests/${digest}`),
      ),
    ),
    operation("PUT", "push", (client, name, { config }) => {
      const bytes = manifestBytes({
        schemaVersion: 2,
        mediaType: OCI_MANIFEST,
        config: descriptorOf(CONFIG_TYPE, config),
        layers: [],
      });
      return client.putManifest(name, "other", bytes);
    }),
    operation("DELETE", "delete", (client, name) => client.ask("DELETE", name, "manifests/none")),
  ],
  blob: [
    ...(["GET", "HEAD"] as const).map((method) =>
      operation(method, "pull", async (client, name, { bytes }) => {
        const { config } = JSON.parse(bytes.toString()) as { config: { digest: string } };
        return client.ask(method, name, `blobs/${config.digest}`);
      }),
    ),
    operation("DELETE", "delete", (client, name) =>
      client.ask("DELETE", name, `blobs/sha256:${"0".repeat(64)}`),
    ),
  ],
  uploads: [
    operation("POST", "push", (client, name) => client.ask("POST", name, "blobs/uploads/")),
  ],
  upload: (["GET", "PATCH", "PUT", "DELETE"] as const).map((method) =>
    operation(method, "push", (client, name, { digest }) => {
      const query = method === "PUT" ? `?digest=${digest}` : "";
      return client.ask(method, name, `blobs/uploads/AAAAAAAAAAAAAAAAAAAAAA${query}`);
    }),
  ),
};

export const DISTRIBUTION_OPERATIONS: readonly DistributionOperation[] = Object.entries(
  BY_KIND,
).flatMap(([kind, operations]) =>
  operations.map((each) => ({ ...each, name: `${each.name} ${kind}` })),
);

function operation(
  method: string,
  right: Right,
  ask: DistributionOperation["ask"],
): DistributionOperation {
  return { name: method, right, ask };
}
