import type { ServerPlan } from "./server-options.ts";

export const SERVER_PORT = 5000;
/** Of the metrics alone, so that who may scrape need not reach the registry. */
export const METRICS_PORT = 9464;
/** Where the image expects its volume. */
export const DATA_VOLUME_PATH = "/data";
export const KEYS_PATH = "/etc/moorage/keys";
export const MASTER_KEY = "master-key";
export const OWNER_PASSWORD = "owner-password";

/** The server's settings, as its environment has them; none is secret. */
export function serverSettings(plan: ServerPlan): Record<string, string> {
  const { addressing, domain, locations, ownerEmail, publicUrl, storage, trustedProxies } = plan;
  return {
    MOORAGE_LISTEN: `0.0.0.0:${SERVER_PORT}`,
    // TLS ends at the gateway.
    MOORAGE_ALLOW_HTTP: "true",
    MOORAGE_PUBLIC_URL: publicUrl,
    MOORAGE_ADDRESSING: addressing,
    MOORAGE_DOMAIN: domain,
    MOORAGE_LOCATIONS: locations.join(","),
    // Below the volume's root, whose permissions belong to Kubernetes: the server makes a folder that only it can read.
    MOORAGE_DATA_DIR: `${DATA_VOLUME_PATH}/moorage`,
    MOORAGE_MASTER_KEY_FILE: `${KEYS_PATH}/${MASTER_KEY}`,
    MOORAGE_ADMIN_EMAIL: ownerEmail,
    MOORAGE_ADMIN_PASSWORD_FILE: `${KEYS_PATH}/${OWNER_PASSWORD}`,
    ...(trustedProxies.length === 0 ? {} : { MOORAGE_TRUSTED_PROXIES: trustedProxies.join(",") }),
    ...(plan.serviceMonitor === undefined
      ? {}
      : { MOORAGE_METRICS_LISTEN: `0.0.0.0:${METRICS_PORT}` }),
    ...(storage.type === "external" ? storage.settings : {}),
    ...plan.settings,
  };
}
