import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";

/**
 * A provider that updates a Secret where it is. The one that Pulumi would take by itself deletes a Secret whose content changes, and
 * makes it anew: pods that start in between could not pull.
 */
export function mutableSecrets(name: string, parent: pulumi.Resource): Provider {
  const config = new pulumi.Config("kubernetes");
  const settings = Object.fromEntries(
    ["kubeconfig", "context", "cluster"].flatMap((key) => {
      const value = config.get(key);
      return value === undefined ? [] : [[key, value]];
    }),
  );
  return new Provider(`${name}-kubernetes`, { ...settings, enableSecretMutable: true }, { parent });
}
