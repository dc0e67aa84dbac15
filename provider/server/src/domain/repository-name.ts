import { RegistryError } from "./errors.ts";
import { REPOSITORY_NAME_LENGTH_MAX } from "./limits.ts";

declare const brand: unique symbol;

/** The name of a repository within its registry, `team/app` (OCI distribution 1.1, "Pulling manifests"). */
export type RepositoryName = string & { readonly [brand]: "RepositoryName" };

const FORM = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;

/** @throws RegistryError `repository-name-invalid` */
export function parseRepositoryName(text: string): RepositoryName {
  if (!isRepositoryName(text)) {
    throw new RegistryError("repository-name-invalid", { name: text });
  }
  return text;
}

export function isRepositoryName(text: string): text is RepositoryName {
  return text.length <= REPOSITORY_NAME_LENGTH_MAX && FORM.test(text);
}
