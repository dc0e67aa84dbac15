import packageJson from "../../package.json" with { type: "json" };

/** All packages have one version. */
export function readVersion(): string {
  return packageJson.version;
}
