/** Credentials of a token for one registry. */
export interface Login {
  /** What stands before a repository's name in an image reference. */
  readonly endpoint: string;
  readonly username: string;
  readonly password: string;
}

/**
 * The content of a Docker `config.json` and of a Kubernetes secret of type
 * `kubernetes.io/dockerconfigjson`. Where several registries share a host, the key with the path lets
 * Kubernetes, podman and skopeo pick the right one; docker and crane look for the host only.
 */
export function dockerConfigJson({ endpoint, username, password }: Login): string {
  const auth = Buffer.from(`${username}:${password}`).toString("base64");
  const entry = { username, password, auth };
  const host = hostOf(endpoint);
  return JSON.stringify({
    auths: host === endpoint ? { [host]: entry } : { [endpoint]: entry, [host]: entry },
  });
}

/** A command for a shell that logs docker in, without the password among the process's arguments. */
export function dockerLogin({ endpoint, username, password }: Login): string {
  return `printf %s ${quoted(password)} | docker login --username ${quoted(username)} --password-stdin ${hostOf(endpoint)}`;
}

function hostOf(endpoint: string): string {
  return endpoint.split("/", 1)[0] ?? endpoint;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
